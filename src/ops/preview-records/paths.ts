import { PREVIEW_NAME } from './name.js';

/** Everything of previews on their branch: a folder for each, their records, and the objects for clusters. */
export const PREVIEWS_FOLDER = 'previews';
export const RECORDS_FOLDER = 'previews/records';
/** The folder with a folder of objects for each host environment. */
export const CLUSTERS_FOLDER = 'previews/clusters';

/** The path of a preview's record. @throws Error where the name is none of a preview */
export function recordFile(name: string): string {
  return `${RECORDS_FOLDER}/${checked(name)}.yaml`;
}

/** The folder with everything that runs in a preview. @throws Error where the name is none of a preview */
export function previewFolder(name: string): string {
  return `${PREVIEWS_FOLDER}/${checked(name)}`;
}

/** The folder with the objects that make the host environment's cluster deploy previews: one file for each preview. */
export function clusterFolder(host: string): string {
  return `${CLUSTERS_FOLDER}/${host}`;
}

/** The file with the object for one preview. @throws Error where the name is none of a preview */
export function clusterFile(host: string, name: string): string {
  return `${clusterFolder(host)}/${checked(name)}.yaml`;
}

/** Name of the file on the deployed branch that points a cluster to the branch of previews, in the folder of `deployedFolder`. */
export const ROOT_FILE = 'ostack-previews.yaml';

/** Where the deployed branch had records, before previews had a branch of their own. */
export const DEPLOYED_RECORDS = '.ostack/previews';

/** The record of a preview that is on the deployed branch still. @throws Error where the name is none of a preview */
export function deployedRecord(name: string): string {
  return `${DEPLOYED_RECORDS}/${checked(name)}.yaml`;
}

/** The folder of the deployed branch with objects of previews for a cluster. */
export function deployedFolder(host: string): string {
  return `clusters/${host}/previews`;
}

/** The object of a preview that is on the deployed branch still. @throws Error where the name is none of a preview */
export function deployedObject(host: string, name: string): string {
  return `${deployedFolder(host)}/${checked(name)}.yaml`;
}

/** The preview whose record or object is in a file: `pr-35` of `pr-35.yaml`. */
export function previewOfFile(file: string): string {
  return file.slice(0, -'.yaml'.length);
}

/** A name from a record or an input must not lead out of the folder. @throws Error where it could */
function checked(name: string): string {
  if (!PREVIEW_NAME.test(name)) {
    throw new Error(`"${name}" is no name of a preview: expected one such as pr-35, growth-pr-35 or run-1234.`);
  }
  return name;
}
