import type { ImageTarget } from '../../carriers/carrier.js';
import { type Deployed, deployedIn } from '../../carriers/deployed.js';
import type { Layout } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import { environmentPolicy, type Policy } from '../../policy/policy.js';
import { holdsAll } from '../../policy/rules.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** An app that joins an environment. */
interface Joining {
  tree: TreeReader;
  layout: Layout;
  policy: Policy;
  app: string;
  environment: string;
}

/** What the environments of `after` hold of the app. */
export type Before = readonly { environment: string; held: Deployed }[];

/**
 * Reads what the environments before (the policy's `after`) hold of an app. All of them must have it: apps join environments
 * in the policy's order. Soak times and freezes are judged by the check of the pull request.
 *
 * @throws Error naming the environment that comes first
 */
export async function heldBefore({ tree, layout, policy, app, environment }: Joining): Promise<Before> {
  const { after } = environmentPolicy(policy, environment);
  return Promise.all(
    after.map(async (name) => {
      const overlay = await readOverlay(tree, layout, name, app);
      if (overlay === undefined) {
        throw new Error(
          `${environment} takes an app only once it is in ${name}, and ${app} is not there. Add it to ${name} first.`,
        );
      }
      return { environment: name, held: deployedIn(overlay.files, app) };
    }),
  );
}

/**
 * Checks that the app starts with what every environment before holds.
 *
 * @param images the first version
 * @throws Error naming an environment that holds another version
 */
export function checkFirstVersion(
  before: Before,
  { app, environment }: Pick<Joining, 'app' | 'environment'>,
  images: readonly ImageTarget[],
): void {
  const other = before.find(({ held }) => !holdsAll(held.targets, images));
  if (other !== undefined) {
    const version = images[0]?.tag ?? 'it';
    throw new Error(
      `${environment} takes ${app} ${version} only once it is in ${other.environment}, which runs ` +
        `${other.held.version ?? 'no version'}. Leave the version out to start with that, or bring ${version} to ${other.environment} first.`,
    );
  }
}
