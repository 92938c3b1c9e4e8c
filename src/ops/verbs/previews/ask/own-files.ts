import { CLUSTERS_FOLDER, previewFolder, recordFile } from '../../../preview-records/paths.js';
import type { Change } from '../../../tree/change.js';

/** Whether a change writes or deletes anything of a preview: its record, its folder, its objects for clusters. */
export function changesPreview({ files, deletions = [] }: Change, name: string): boolean {
  const isOf = (path: string) =>
    path === recordFile(name) ||
    path.startsWith(`${previewFolder(name)}/`) ||
    (path.startsWith(`${CLUSTERS_FOLDER}/`) && path.endsWith(`/${name}.yaml`));
  return [...files.keys(), ...deletions].some(isOf);
}
