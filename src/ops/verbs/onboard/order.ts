import type { ImageTarget } from '../../carriers/carrier.js';
import { type Deployed, deployedIn } from '../../carriers/deployed.js';
import type { Layout } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import { environmentPolicy, type Policy } from '../../policy/policy.js';
import { holdsAll } from '../../policy/rules.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** Where an app joins, and by which rules. */
interface Joining {
  tree: TreeReader;
  layout: Layout;
  policy: Policy;
  app: string;
  environment: string;
}

/** What the environments before (`after`) hold of an app that joins one. */
export type Before = readonly { environment: string; held: Deployed }[];

/**
 * Sees to it that an app joins environments in the order of the policy. Soak times and freezes are for the check of the
 * pull request.
 *
 * @returns what the environments before hold of it
 * @throws Error naming the environment that comes first
 */
export async function heldBefore({ tree, layout, policy, app, environment }: Joining): Promise<Before> {
  const { after } = environmentPolicy(policy, environment);
  return Promise.all(
    after.map(async (name) => {
      const overlay = await readOverlay(tree, layout, name, app);
      if (overlay === undefined) {
        throw new Error(
          `${environment} takes an app only once it is in ${name}, and ${app} is not there. Let it join ${name} first.`,
        );
      }
      return { environment: name, held: deployedIn(overlay.files, app) };
    }),
  );
}

/**
 * Sees to it that the app starts with what the environments before hold.
 *
 * @param images the first version
 * @throws Error naming what they hold
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
      `${environment} takes ${app} ${version} only once it is in ${other.environment}, which holds ` +
        `${other.held.version ?? 'no version'}. Leave the version out to start with that, or bring ${version} to ${other.environment} first.`,
    );
  }
}
