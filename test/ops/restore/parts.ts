import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { type OverlayPart, readState, textsOf } from '../../../src/ops/overlays/app-state.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { Draft } from '../../../src/ops/restore/draft.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

/** What two environments have of an app, and the draft of the second one. */
export async function partsOf(
  files: Record<string, string>,
  app: string,
  [from, to]: readonly [string, string] = ['staging', 'production'],
): Promise<{ source: OverlayPart; target: OverlayPart; draft: Draft }> {
  const tree = objectTree({ 'bases/shop/kustomization.yaml': 'resources: []\n', ...files });
  const layout = await locateOverlays(tree, NO_POLICY);
  const states = await Promise.all([from, to].map((environment) => readState(tree, layout, environment, app)));
  const [source, target] = states.map(({ parts }) => parts[0]);
  if (source === undefined || target === undefined) {
    throw new Error('The files have no layout.');
  }
  return { source, target, draft: new Draft(states.slice(1).flatMap((state) => [...textsOf(state)])) };
}

/** What a draft writes by path, `null` for what it deletes. */
export function draftedIn(draft: Draft): Record<string, string | null> {
  const { change } = draft.change();
  const gone = (change.deletions ?? []).map((path): [string, null] => [path, null]);
  return Object.fromEntries([...change.files, ...gone]);
}
