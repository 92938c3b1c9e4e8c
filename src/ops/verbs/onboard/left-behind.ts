import { posix } from 'node:path';
import { code, plain } from '../../../report/markdown.js';
import type { AppOverlay } from '../../overlays/app-overlay.js';
import { appPatches } from '../../overlays/app-patches.js';

/** Patches that an app has in the environment that it comes from, and does not get in the new one. */
export interface LeftBehind {
  environment: string;
  /** Names of their files. */
  patches: string[];
}

/**
 * The patches of which no file of that name is written.
 *
 * @param environment the environment that the app comes from
 * @param overlays the kustomizations that take the app in there
 * @param files contents that are written, by path
 * @returns `undefined` where no patch is left behind
 */
export function leftBehindIn(
  environment: string,
  overlays: readonly AppOverlay[],
  files: ReadonlyMap<string, string>,
): LeftBehind | undefined {
  const written = new Set([...files.keys()].map((path) => posix.basename(path)));
  const names = overlays.flatMap((overlay) => appPatches(overlay).map(({ path }) => posix.basename(path)));
  const patches = [...new Set(names)].filter((name) => !written.has(name));
  return patches.length === 0 ? undefined : { environment, patches };
}

/**
 * A sentence that names the patches that are left behind, Markdown; empty where there are none. Those whose name begins
 * with `_` belong to their environment alone, the others come with a promotion.
 */
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
    own.length === 0 ? '' : ` ${own.map(code).join(', ')} (${plain(environment)}'s own: add one here if it is needed)`,
  ];
  return `Not taken over from **${plain(environment)}**:${sentences.filter((each) => each !== '').join(' and')}.`;
}
