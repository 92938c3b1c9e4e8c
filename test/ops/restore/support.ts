import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import type { Promotion } from '../../../src/ops/restore/plan-promotion.js';
import { promoteApps, readMove } from '../../../src/ops/restore/promote-apps.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

/** Plans a promotion on files given by path. */
export async function promote(
  files: Record<string, string>,
  from: string,
  to: string,
  apps: string[],
  includeNew = false,
): Promise<Promotion> {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  const trees = { source: tree, target: tree };
  const moves = await Promise.all(apps.map((app) => readMove(trees, layout, from, to, app)));
  return promoteApps(tree, layout, moves, includeNew);
}

/** The files after a promotion. */
export function applied(files: Record<string, string>, { change }: Promotion): Record<string, string> {
  const gone = new Set(change.deletions ?? []);
  const kept = Object.entries(files).filter(([path]) => !gone.has(path));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(change.files) };
}

export function lines(...text: string[]): string {
  return `${text.join('\n')}\n`;
}
