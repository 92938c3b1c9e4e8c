import { RECONCILERS } from '../reconcilers/all.js';
import type { FilePattern, ReadFile, Reconciler } from '../reconcilers/reconciler.js';
import type { ObjectFiles } from './object-files.js';
import type { Sketch } from './sketch.js';

/** Files that generators read which are read here too, and folders that are looked at for each `*`. */
const MOST = { files: 60, folders: 40 };

/**
 * Objects with what their generators read from files of the repository. That takes a request for the files, and one for each
 * level of folders with `*`. What has more files than are read stays as it is.
 *
 * @throws what a failed request throws
 */
export async function withGenerated(sketch: Sketch, found: ObjectFiles): Promise<ObjectFiles> {
  const generated = RECONCILERS.flatMap(({ generated: each }: Reconciler) => each ?? []);
  const objects = found.files.flatMap((file) => file.objects);
  const patterns = [...new Set(generated.flatMap(({ filesOf }) => objects.flatMap(filesOf)))];
  if (patterns.length === 0) {
    return found;
  }
  const paths = await pathsOf(sketch, patterns);
  await sketch.look([], [], [...paths.values()].flat());
  const filesOf = (pattern: FilePattern) => paths.get(pattern)?.flatMap((path) => fileOf(sketch, path));
  return {
    ...found,
    files: found.files.map((file) => ({
      ...file,
      objects: file.objects.map((object) => generated.reduce((each, { filled }) => filled(each, filesOf), object)),
    })),
  };
}

function fileOf(sketch: Sketch, path: string): ReadFile[] {
  const text = sketch.text(path);
  return text === undefined ? [] : [{ path, text }];
}

/** The files that each pattern stands for, but for those that stand for too many. */
async function pathsOf(sketch: Sketch, patterns: readonly FilePattern[]): Promise<Map<FilePattern, string[]>> {
  let open = patterns.map((pattern) => ({ pattern, paths: [''], left: pattern.split('/') }));
  while (open.some(({ left }) => left.length > 0)) {
    const looked = open.filter(({ left }) => left[0]?.includes('*')).flatMap(({ paths }) => paths);
    await sketch.look(looked.slice(0, MOST.folders));
    open = open.map(({ pattern, paths, left: [next = '', ...left] }) => ({
      ...{ pattern, left },
      paths: next === '' ? paths : paths.flatMap((path) => namesIn(sketch, path, next, left.length === 0)),
    }));
  }
  return new Map(open.filter(({ paths }) => paths.length <= MOST.files).map(({ pattern, paths }) => [pattern, paths]));
}

/** The paths in a folder that have a name, which may have `*` in it. */
function namesIn(sketch: Sketch, folder: string, name: string, isFile: boolean): string[] {
  const start = folder === '' ? '' : `${folder}/`;
  if (!name.includes('*')) {
    return [`${start}${name}`];
  }
  const fits = new RegExp(`^${name.split('*').map(escaped).join('.*')}$`);
  return (isFile ? sketch.files(folder) : sketch.folders(folder)).flatMap((each) =>
    fits.test(each) ? [`${start}${each}`] : [],
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
