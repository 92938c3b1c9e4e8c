import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { attempt, isRequestFailure } from '../../github/errors.js';
import { deedIn } from '../../github/try-deed.js';
import { heldBy } from '../carriers/held.js';
import { frozenUntil } from '../freeze.js';
import { activeHold, type Hold, readHolds } from '../holds.js';
import { allEnvironments, type Layout } from '../layout.js';
import { type Ledger, since } from '../ledger/ledger.js';
import { readLedger } from '../ledger/read-ledger.js';
import { type Opening, openOps } from '../opening.js';
import { likelyLayout, type OpsTree, opsTree } from '../ops-tree.js';
import { readOverlay } from '../overlay.js';
import { environmentPolicy, type Policy, readPolicy } from '../policy.js';
import { appsOfHost } from '../previews/host.js';
import { memoTree } from '../snapshot/memo-tree.js';
import type { TreeReader } from '../tree-reader.js';
import { lagBehind } from './lag.js';
import { isAbout, openProposals } from './proposals.js';
import type { Cell, OpenProposal, Status } from './status.js';

/** Versions of the first environment that are looked back upon. */
const LOOK_BACK = 20;

interface View {
  tree: OpsTree;
  base: TreeReader;
  opening: Opening;
  policy: Policy;
  layout: Layout;
  holds: Hold[];
  now: Date;
  proposals: OpenProposal[];
}

/**
 * How every app stands in every environment. Requests are few and joined; they grow with the apps, not with the history.
 *
 * @param apps those of interest; empty for all
 * @throws Error when the repository cannot be read, or its policy or holds are broken
 */
export async function readStatus(
  github: GitHub,
  repository: RepositoryName,
  apps: readonly string[],
  now: Date,
): Promise<Status> {
  const deed = deedIn(repository, 'read the status', 'contents: read and pull-requests: read');
  return attempt(deed, async () => {
    const opening = await openOps(github, repository, { reviewers: [], assignees: [] });
    const policy = readPolicy(opening.policyText);
    const tree = opsTree(github, repository, opening);
    const base = memoTree(tree.base);
    const [layout, proposals] = await Promise.all([
      likelyLayout(tree, opening, policy.overlay),
      openProposals(tree.reader, opening.base),
    ]);
    return statusOf({ tree, base, opening, policy, layout, holds: readHolds(opening.holdsText), now, proposals }, apps);
  });
}

async function statusOf(view: View, only: readonly string[]): Promise<Status> {
  const { base, policy, layout, now, proposals } = view;
  const declared = new Set(policy.environments.map(({ name }) => name));
  const known = await Promise.all(
    (await allEnvironments(base, layout, policy)).map(async (name) => ({
      name,
      apps: await appsOfHost(base, layout, name, undefined),
    })),
  );
  // A folder beside the environments' that has no app is none of them.
  const environments = known.filter(({ name, apps }) => declared.has(name) || apps.length > 0);
  const wanted = environments.flatMap(({ name, apps }) =>
    apps.filter((app) => only.length === 0 || only.includes(app)).map((app) => ({ environment: name, app })),
  );
  const warnings: string[] = [];
  const units = await Promise.all(wanted.map((unit) => unitOf(view, unit.environment, unit.app, warnings)));
  const apps = [...new Set(units.map(({ app }) => app))].sort();
  const used = new Set<OpenProposal>();
  return {
    environments: environments.map(({ name }) => {
      const { after, freeze } = environmentPolicy(policy, name);
      return { name, after, frozenUntil: frozenUntil(freeze, now) };
    }),
    apps: apps.map((app) => {
      const own = units.filter((unit) => unit.app === app);
      return { app, environments: new Map(own.map((unit) => [unit.environment, cellOf(view, unit, own, used)])) };
    }),
    pullRequests: proposals.filter((proposal) => !used.has(proposal)),
    warnings,
  };
}

interface Unit {
  environment: string;
  app: string;
  version: string | null;
  ledger: Ledger;
}

async function unitOf(
  { tree, base, opening, layout }: View,
  environment: string,
  app: string,
  warnings: string[],
): Promise<Unit> {
  const head = { oid: opening.baseOid, branch: opening.base };
  const reading = readLedger(tree, head, layout, environment, app, LOOK_BACK);
  try {
    const [overlay, ledger] = await Promise.all([readOverlay(base, layout, environment, app), reading]);
    return { environment, app, version: heldBy(overlay?.files ?? [], app).version, ledger };
  } catch (error) {
    const ledger = await reading;
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    warnings.push(error.message);
    return { environment, app, version: null, ledger };
  }
}

function cellOf(view: View, unit: Unit, own: readonly Unit[], used: Set<OpenProposal>): Cell {
  const { environment, app, version, ledger } = unit;
  const first = own.find((other) => other.environment === firstOf(view.policy, environment, own));
  const pullRequests = view.proposals.filter((proposal) => isAbout(proposal, environment, app));
  for (const proposal of pullRequests) {
    used.add(proposal);
  }
  return {
    version,
    since: since(ledger, version),
    behind: first === undefined || first === unit ? undefined : lagBehind(version, first.ledger),
    hold: activeHold(view.holds, environment, app, view.now),
    pullRequests,
  };
}

/** Where what an environment takes comes in first: along `after`, as far as those have the app. */
function firstOf(policy: Policy, environment: string, own: readonly Unit[]): string {
  const before = environmentPolicy(policy, environment).after.find((name) =>
    own.some((unit) => unit.environment === name),
  );
  return before === undefined ? environment : firstOf(policy, before, own);
}
