import { isBareFile } from '../carriers/bare-file.js';
import { loneTags } from '../carriers/lone-tag.js';
import { inFolder } from './containers.js';
import type { KnownNames } from './known-names.js';
import type { Sketch } from './sketch.js';

/** Folders whose name says that files of tags are in them. */
const OF_TAGS = ['image-tags', 'tags'];

/** Environments whose files are read, and files of each. */
const READ = 4;

/** Where folders of tags may be in a folder, so that they are looked at at once. */
export function likelyTags(folder: string): string[] {
  return OF_TAGS.map((name) => `${folder}/${name}`);
}

/** Folders of tags in folders that were looked at, such as a chart that deploys all applications. */
export function tagFolders(sketch: Sketch, folders: readonly string[]): string[] {
  return folders.flatMap(likelyTags).filter((folder) => sketch.folders(folder).length > 0);
}

/** The environments that have a folder in such a folder; afterwards their content is known. */
export async function lookAtTags(sketch: Sketch, folders: readonly string[], names: KnownNames) {
  await sketch.look(folders);
  const found = folders.map((folder) => inFolder(sketch, folder, names, false));
  await sketch.look(found.flatMap(({ folder, environments }) => environments.map((name) => `${folder}/${name}`)));
  return found;
}

/** The files in the folder of an environment that may each hold the tag of an app: their names have no ending. */
export function bareFiles(sketch: Sketch, folder: string): string[] {
  const files = sketch.files(folder).filter((name) => !name.startsWith('.'));
  const isOther = sketch.folders(folder).length > 0 || files.some((name) => /\.ya?ml$/.test(name));
  return isOther ? [] : files.filter(isBareFile);
}

/**
 * Whether such files are those of apps: each one that is read holds a tag, or nothing yet.
 *
 * @throws what a failed request throws
 */
export async function areTags(sketch: Sketch, folders: readonly string[]): Promise<boolean> {
  const paths = folders.slice(0, READ).flatMap((folder) =>
    bareFiles(sketch, folder)
      .slice(0, READ)
      .map((name) => `${folder}/${name}`),
  );
  await sketch.look([], [], paths);
  const filled = paths
    .map((path) => ({ path, text: sketch.text(path) ?? '', isBare: true as const }))
    .filter(({ text }) => text.trim() !== '');
  return filled.length > 0 && filled.every((file) => loneTags([file]).length > 0);
}
