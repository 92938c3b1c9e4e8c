import { readState } from '../../../src/ops/overlays/app-state.js';
import { locateOverlays } from '../../../src/ops/overlays/locate-overlays.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { type Promotion, planPromotion } from '../../../src/ops/restore/plan-promotion.js';
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
  const moves = await Promise.all(
    apps.map(async (app) => ({
      app,
      source: await readState(tree, layout, from, app),
      target: await readState(tree, layout, to, app),
    })),
  );
  return planPromotion(moves, includeNew);
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
