import type { KnownNames } from './known-names.js';
import type { Doubt, Shape } from './shape.js';
import type { NamesIn, SortedNames } from './sort-names.js';

/** What apps with environments in them show. */
export interface AppShapes {
  shapes: Shape[];
  doubts: Doubt[];
  /** Folders `overlays` in which no name is known to be an environment's. */
  variants: NamesIn[];
}

/** A folder that may be an app, and the beginning of its pattern. */
export interface App {
  folder: string;
  above: string;
  /** The app that the folder is, where the pattern is that of this app alone. */
  owner: string | undefined;
}

/** Adds a shape for what is known, and a doubt or variants for the rest. */
export function addSorted(
  result: AppShapes,
  { folder, environments, unknown }: SortedNames,
  shape: Pick<Shape, 'pattern' | 'owner'>,
  { declared }: KnownNames,
): void {
  const ours = declared === undefined ? environments : environments.filter((name) => declared.includes(name));
  addShape(result, { ...shape, environments: ours, isAny: false });
  if (declared === undefined && unknown.length > 0) {
    if (environments.length > 0) {
      result.doubts.push({ folder, known: environments, unknown });
    } else {
      result.variants.push({ folder, names: unknown });
    }
  }
}

/** Adds a shape, with the environments that were seen in the same way before. */
export function addShape(result: AppShapes, shape: Omit<Shape, 'isSample'>): void {
  if (shape.environments.length === 0) {
    return;
  }
  const known = result.shapes.find(({ pattern }) => pattern === shape.pattern);
  const environments = [...new Set([...(known?.environments ?? []), ...shape.environments])];
  result.shapes = [...result.shapes.filter((each) => each !== known), { ...shape, environments, isSample: true }];
}
