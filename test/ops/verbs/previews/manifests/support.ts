import { leftOutSentence } from '../../../../../src/ops/judgement/left-out.js';
import { readObjects } from '../../../../../src/ops/judgement/preview-objects.js';
import { readPolicy } from '../../../../../src/ops/policy/policy.js';
import type { PreviewPolicy } from '../../../../../src/ops/policy/preview-policy.js';
import { previewPolicy } from '../../../../../src/ops/policy/preview-policy.js';
import type { Confinement } from '../../../../../src/ops/reconcilers/reconciler.js';
import { objectTree } from '../../../../../src/ops/tree/object-tree.js';
import {
  type AdaptedApp,
  type AppToAdapt,
  adaptApps,
} from '../../../../../src/ops/verbs/previews/manifests/adapt-apps.js';

/** The policy of previews with these lines under `previews:`. */
export function policyOf(lines = 'url: "https://{app}.{name}.preview.acme.dev"'): PreviewPolicy {
  return previewPolicy(readPolicy(`environments: { staging: {} }\npreviews:\n  host: staging\n  ${lines}\n`));
}

/** An app whose base has these objects, as YAML documents. */
export async function appOf(app: string, yaml: string, more: Partial<AppToAdapt> = {}): Promise<AppToAdapt> {
  const tree = objectTree({ [`bases/${app}/objects.yaml`]: yaml });
  const { objects } = await readObjects(tree, `bases/${app}`, 'resources: [objects.yaml]\n');
  return { app, objects, isOpen: false, isPrepared: false, ...more };
}

/** What confines previews of a cluster that lets them have all kinds. */
export const CLOSED: Confinement = { isGroundBeside: true, own: [], forbidden: () => undefined };

/** What becomes of one app alone, in the preview of pull request 7. */
export async function adapted(
  yaml: string,
  {
    policy = policyOf(),
    isClosedIn = false,
    ...more
  }: Partial<AppToAdapt> & { policy?: PreviewPolicy; isClosedIn?: boolean } = {},
): Promise<AdaptedApp & { sentences: string[]; text: string }> {
  const confinement = isClosedIn ? CLOSED : undefined;
  const own = adaptApps('pr-7', [await appOf('shop', yaml, more)], { policy, defined: new Map(), confinement }).get(
    'shop',
  );
  if (own === undefined) {
    throw new Error('There is no app.');
  }
  return {
    ...own,
    sentences: own.leftOut.map(leftOutSentence),
    text: own.patches.map(({ patch }) => patch).join('---\n'),
  };
}
