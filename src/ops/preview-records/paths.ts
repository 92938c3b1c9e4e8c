import { PREVIEW_NAME } from './name.js';

export const RECORDS_FOLDER = '.ostack/previews';
export const PREVIEWS_FOLDER = 'previews';

/** Where a preview's record is. */
export function recordFile(name: string): string {
  return `${RECORDS_FOLDER}/${checked(name)}.yaml`;
}

/** Where all that runs in a preview is. */
export function previewFolder(name: string): string {
  return `${PREVIEWS_FOLDER}/${checked(name)}`;
}

/** Where the cluster of the host environment is told of its previews. */
export function clusterFolder(host: string): string {
  return `clusters/${host}/previews`;
}

/** Where it is told of one. */
export function clusterFile(host: string, name: string): string {
  return `${clusterFolder(host)}/${checked(name)}.yaml`;
}

/** @throws Error for a name that could lead elsewhere */
function checked(name: string): string {
  if (!PREVIEW_NAME.test(name)) {
    throw new Error(`"${name}" is no name of a preview: expected one such as pr-35, growth-pr-35 or run-1234.`);
  }
  return name;
}
