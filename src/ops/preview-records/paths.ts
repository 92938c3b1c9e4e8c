import { PREVIEW_NAME } from './name.js';

export const RECORDS_FOLDER = '.ostack/previews';
export const PREVIEWS_FOLDER = 'previews';

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
  return `clusters/${host}/previews`;
}

/** The file with the object for one preview. @throws Error where the name is none of a preview */
export function clusterFile(host: string, name: string): string {
  return `${clusterFolder(host)}/${checked(name)}.yaml`;
}

/** A name from a record or an input must not lead out of the folder. @throws Error where it could */
function checked(name: string): string {
  if (!PREVIEW_NAME.test(name)) {
    throw new Error(`"${name}" is no name of a preview: expected one such as pr-35, growth-pr-35 or run-1234.`);
  }
  return name;
}
