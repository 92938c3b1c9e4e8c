import { canBeApp, IN_APPS, OF_APPS, OF_ENVIRONMENTS } from './folder-words.js';
import { isNamed, type KnownNames } from './known-names.js';
import type { Shape } from './shape.js';
import type { Sketch } from './sketch.js';

/**
 * Folders at the root by what is in them, as far as that tells where environments are: those of one kind need not all be looked
 * into. Folders that have nothing of it are left out.
 *
 * @param folders folders at the root whose content is known
 */
export function kindsOf(sketch: Sketch, folders: readonly string[], names: KnownNames): Map<string, string[]> {
  const kinds = new Map<string, string[]>();
  for (const folder of folders) {
    const kind = kindOf(sketch, folder, names);
    if (kind !== undefined) {
      kinds.set(kind, [...(kinds.get(kind) ?? []), folder]);
    }
  }
  return kinds;
}

/**
 * The shapes of folders that were not looked into, as those of their kind have them. Whether they have the same environments is
 * not known.
 */
export function alikeShapes(
  shapes: readonly Shape[],
  kinds: ReadonlyMap<string, readonly string[]>,
  looked: readonly string[],
): Shape[] {
  const found = [...kinds.values()].flatMap((folders) => {
    const own = folders.filter((folder) => looked.includes(folder));
    const ends = new Map(own.flatMap((folder) => endsOf(shapes, folder)));
    const others = folders.filter((folder) => !looked.includes(folder));
    return others.flatMap((folder) =>
      [...ends].map(([end, shape]): Shape => {
        const owner = shape.owner === undefined ? undefined : folder;
        return { ...shape, pattern: `${folder}${end}`, owner, isSample: true };
      }),
    );
  });
  return found.filter(({ pattern }) => shapes.every((shape) => shape.pattern !== pattern));
}

/** The shapes in a folder at the root, by what comes behind its name. */
function endsOf(shapes: readonly Shape[], folder: string): [end: string, shape: Shape][] {
  return shapes.flatMap((shape): [string, Shape][] =>
    shape.pattern.startsWith(`${folder}/`) ? [[shape.pattern.slice(folder.length), shape]] : [],
  );
}

function kindOf(sketch: Sketch, folder: string, names: KnownNames): string | undefined {
  const inside = sketch.folders(folder);
  const isTelling = (name: string) =>
    name === 'base' ||
    IN_APPS.some((each) => each === name) ||
    [OF_APPS, OF_ENVIRONMENTS].some((words) => words.has(name)) ||
    isNamed(names, name);
  const telling = inside.filter(isTelling);
  const files = sketch
    .files(folder)
    .filter((name) => /^Chart\.ya?ml$|values.*\.ya?ml$|values.*\.ya?ml\.gotmpl$/.test(name));
  const more = telling.length === 0 && inside.some(canBeApp) ? ['*'] : [];
  const kind = [...telling, ...files, ...more].sort();
  return kind.length === 0 ? undefined : JSON.stringify(kind);
}
