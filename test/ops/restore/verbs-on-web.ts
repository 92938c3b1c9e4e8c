import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readState, withLayers } from '../../../src/ops/overlays/app-state.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { promoteApps, readMove } from '../../../src/ops/restore/promote-apps.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { bumpOf } from '../verbs/bump/bump-of.js';

/** Files of a repository by their path, `ostack.yaml` among them where there is one. */
export type Files = Record<string, string>;

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };

async function opened(files: Files) {
  const tree = objectTree(files);
  return { tree, layout: await locateOverlays(tree, readPolicy(files['ostack.yaml'])) };
}

/** The version of the app `web` that an environment has. */
export async function versionIn(files: Files, environment: string) {
  const { tree, layout } = await opened(files);
  return (await withLayers(tree, layout, await readState(tree, layout, environment, 'web'))).deployed?.version;
}

/** The files after a bump of `web` in production to 2.0.0, or why there is none. */
export async function bumped(files: Files): Promise<Files | string> {
  const { tree, layout } = await opened(files);
  const { plan, problem } = await planOverlay(tree, layout, bumpOf('production', WEB), [WEB]);
  return plan?.state === 'change' ? { ...files, ...Object.fromEntries(plan.change.files) } : (problem?.message ?? '');
}

/** What a promotion of `web` from staging to production comes to. */
export async function promotion(files: Files) {
  const { tree, layout } = await opened(files);
  const move = await readMove({ source: tree, target: tree }, layout, 'staging', 'production', 'web');
  return promoteApps(tree, layout, [move], false);
}

/** The files after a promotion of `web` from staging to production, or why there is none. */
export async function promoted(files: Files): Promise<Files | string> {
  const { failed, change } = await promotion(files);
  return failed[0]?.error.message ?? { ...files, ...Object.fromEntries(change.files) };
}

/** The version that production has of what a verb came to, or why it came to nothing. */
export async function versionAfter(after: Files | string): Promise<string | null | undefined> {
  return typeof after === 'string' ? after : versionIn(after, 'production');
}
