import type { Layout } from '../overlays/layout.js';
import { HOLDS_FILE, type Hold, readHolds } from '../policy/holds.js';
import { environmentPolicy, hasRules, type Policy } from '../policy/policy.js';
import type { Change } from '../tree/change.js';
import { changedTree } from '../tree/changed-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type Admission, admitImages } from './admit-images.js';
import { isDeciding, losingHolds } from './assign-paths.js';
import type { ChangeFacts } from './change-facts.js';
import { fenceProblems } from './fence-guests.js';
import { type HeldVersion, heldOf, lostVersions, unknownVersion } from './held-versions.js';
import { movedImages } from './moved-images.js';
import { sideFiles } from './side-files.js';

/** What a verb changes, as it knows by its own plan. */
export interface Judged {
  /** The environments that it changes. */
  environments: readonly string[];
  /** The apps that it changes there; none where it changes no version. */
  apps: readonly string[];
  /** Where these are. */
  layout: Layout;
}

/** Where a verb plans. */
export interface PlannedOn {
  tree: TreeReader;
  policy: Policy;
  holds: readonly Hold[];
}

/**
 * What a change comes to that one of our verbs plans, for the judgement of the gate. The gate follows every path to the clusters
 * that take it in; a verb knows whose its paths are, so that it reads nothing but the apps that it changes.
 *
 * @throws InvalidYaml where what it writes cannot be read; what a failed request throws
 */
export async function plannedFacts(
  { tree, policy, holds }: PlannedOn,
  change: Change,
  own: Judged,
): Promise<ChangeFacts> {
  const { environments, apps, layout } = own;
  const head = changedTree(tree, change);
  const changed = [...change.files.keys(), ...(change.deletions ?? [])];
  const next = readHolds(await head.read(HOLDS_FILE));
  const losing = losingHolds(holds, next, environments);
  const pairs = environments.flatMap((environment) => apps.map((app) => ({ environment, app })));
  const held = await heldOf({ base: tree, head }, layout, pairs);
  const isKnown = (environment: string, app: string) =>
    held.some((each) => each.environment === environment && each.app === app);
  const unknown = pairs.filter(({ environment, app }) => !isKnown(environment, app));
  const admitted = new Map(environments.map((name) => [name, admitMoved(policy, held, name)]));
  return {
    ...{ policy, layout, environments, held, currentHolds: holds, holds: next, notes: [] },
    ruled: new Set(changed.some((path) => isDeciding(path) && path !== HOLDS_FILE) ? environments : []),
    assignment: {
      paths: changed.map((path) => ({
        path,
        environments: path === HOLDS_FILE ? losing : environments,
        reason: 'is changed by the verb',
      })),
      ...{ reach: new Map(), unread: [] },
      before: sideFiles({ tree, paths: changed }),
      after: sideFiles({ tree: head, paths: changed }),
    },
    problems: new Map(
      environments
        .filter((name) => hasRules(policy, name))
        .map((name) => [
          name,
          [
            ...unknown.filter(({ environment }) => environment === name).map(unknownVersion),
            ...lostVersions(held, name),
            ...(admitted.get(name)?.problems ?? []),
            ...fenceProblems(policy, held, name),
          ],
        ]),
    ),
    unproven: new Map([...admitted].map(([name, { unproven }]) => [name, unproven])),
  };
}

/** What the policy says of the images that move. The gate looks at all images that come in. */
function admitMoved(policy: Policy, held: readonly HeldVersion[], environment: string): Admission {
  return admitImages(environment, movedImages(held, environment), environmentPolicy(policy, environment).images ?? []);
}
