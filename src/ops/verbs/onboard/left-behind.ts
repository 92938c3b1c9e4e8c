import { posix } from 'node:path';
import { code, plain } from '../../../report/markdown.js';
import type { AppOverlay } from '../../overlays/app-overlay.js';
import { appPatches } from '../../overlays/app-patches.js';

/** What an app has in the environment that it comes from and does not get in the one it joins, by the names of its files. */
export interface LeftBehind {
  environment: string;
  patches: string[];
}

/**
 * The patches of which no file of that name is written.
 *
 * @param places where the app is in the environment that it comes from
 * @param files what is written, by path
 * @returns `undefined` where nothing is left behind
 */
export function leftBehindIn(
  environment: string,
  places: readonly AppOverlay[],
  files: ReadonlyMap<string, string>,
): LeftBehind | undefined {
  const written = new Set([...files.keys()].map((path) => posix.basename(path)));
  const names = places.flatMap((place) => appPatches(place).map(({ path }) => posix.basename(path)));
  const patches = [...new Set(names)].filter((name) => !written.has(name));
  return patches.length === 0 ? undefined : { environment, patches };
}

/** What does not come along, and how it would; names that begin with `_` are of their environment alone. Empty where all does. */
export function leftBehindText(left: LeftBehind | undefined): string {
  if (left === undefined) {
    return '';
  }
  const { environment, patches } = left;
  const own = patches.filter((name) => name.startsWith('_'));
  const others = patches.filter((name) => !name.startsWith('_'));
  const sentences = [
    others.length === 0
      ? ''
      : ` ${others.map(code).join(', ')} (a promotion brings ${others.length > 1 ? 'them' : 'it'})`,
    own.length === 0
      ? ''
      : ` ${own.map(code).join(', ')} (${plain(environment)}'s own: write one if it is needed here)`,
  ];
  return `Of what it has in **${plain(environment)}**, this leaves behind${sentences.filter((each) => each !== '').join(' and')}.`;
}
