import type { ImageTarget } from '../../carriers/carrier.js';
import { deployedIn } from '../../carriers/deployed.js';
import { appBases } from '../../overlays/app-bases.js';
import { type AppOverlay, appOverlaysOf } from '../../overlays/app-overlay.js';
import { readOverlay } from '../../overlays/overlay.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { Onboarding } from './onboarding.js';

/** The app in the environment that its first version is taken from. */
export interface Source {
  environment: string;
  images: ImageTarget[];
  /** Addresses of its base, where that is in another repository. */
  remote: string[];
  /** The kustomizations that take the app in there. */
  overlays: AppOverlay[];
}

/**
 * Reads the app in the environment that it comes from: `from`, or else the first of the policy's `after` that has it.
 *
 * @returns `undefined` where no environment before has the app
 * @throws Error where `from` is given and does not have the app; what reading the tree throws
 */
export async function readSource(onboarding: Onboarding): Promise<Source | undefined> {
  const { tree, layout, policy, app, environment, from } = onboarding;
  const candidates = from === undefined ? environmentPolicy(policy, environment).after : [from];
  for (const name of candidates) {
    const [overlay, overlays] = await Promise.all([
      readOverlay(tree, layout, name, app),
      appOverlaysOf(tree, layout, name, app),
    ]);
    if (overlay !== undefined) {
      const { targets } = deployedIn(overlay.files, app);
      const images = targets.filter((target) => target.kind === 'image');
      const remote = overlays.flatMap((each) => appBases(each, app).remote);
      return { environment: name, images, remote, overlays };
    }
  }
  if (from !== undefined) {
    throw new Error(`${app} is not in ${from}, so no version can be taken from there.`);
  }
  return undefined;
}
