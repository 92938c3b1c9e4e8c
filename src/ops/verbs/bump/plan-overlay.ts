import { isRequestFailure } from '../../../github/errors.js';
import type { Target } from '../../carriers/carrier.js';
import { carriersOf } from '../../carriers/find.js';
import { nothingCarries } from '../../carriers/nothing-carries.js';
import { type Layout, overlayFolder } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import type { AppBump } from './app-bump.js';
import { type Plan, planBump } from './plan.js';

/** Why there is no plan for an environment, in sentences for a person. */
export interface Problem {
  /** `broken`: the overlay cannot be read or changed as YAML. */
  kind: 'no-app' | 'nothing-carries' | 'broken';
  message: string;
}

/** What setting the version in an environment comes to: exactly one of the two is there. */
export type OverlayPlan = { plan: Plan; problem?: undefined } | { plan?: undefined; problem: Problem };

/**
 * Reads an app's overlay in one commit and plans the version in it.
 *
 * @param targets what is to be set
 * @throws what a failed request throws; what is wrong with the overlay is the problem
 */
export async function planOverlay(
  tree: TreeReader,
  layout: Layout,
  { environment, target, nameInApps }: AppBump,
  targets: readonly Target[],
): Promise<OverlayPlan> {
  try {
    const overlay = await readOverlay(tree, layout, environment, target.app);
    if (overlay === undefined) {
      const whose =
        nameInApps === target.app ? '' : ` It is ${nameInApps} of ${target.source.repository}, a guest's here.`;
      const message = `There is no app "${target.app}" in ${environment}: expected ${expectedAt(layout, environment, target.app)}.${whose} Add that overlay, or check the app's name.`;
      return { problem: { kind: 'no-app', message } };
    }
    if (carriersOf(overlay.files, targets).length === 0) {
      const { message } = nothingCarries(overlay.files, targets, overlay.folder);
      return { problem: { kind: 'nothing-carries', message } };
    }
    return { plan: planBump(overlay.files, targets, overlay.folder) };
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return { problem: { kind: 'broken', message: error.message } };
  }
}

/** Where an app's overlay would be, for messages. */
function expectedAt({ templates }: Layout, environment: string, app: string): string {
  const [first] = templates;
  return first !== undefined && templates.length === 1
    ? overlayFolder(first, environment, app)
    : `${app} among the resources or patches of <group>/overlays/${environment}/kustomization.yaml`;
}
