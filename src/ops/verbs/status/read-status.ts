import type { GitHub } from '../../../github/client.js';
import type { RepositoryName } from '../../../github/context.js';
import { attempt, isRequestFailure } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import { deployedIn } from '../../carriers/deployed.js';
import { holdViolation } from '../../ledger/hold-violation.js';
import { deployedSince, knowsDeployedSince, type Ledger, type LedgerEntry } from '../../ledger/ledger.js';
import { readLedger } from '../../ledger/read-ledger.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { allEnvironments } from '../../overlays/environments.js';
import type { Layout } from '../../overlays/layout.js';
import { misnamedFolders } from '../../overlays/misnamed-folders.js';
import { readOverlay } from '../../overlays/overlay.js';
import { frozenUntil } from '../../policy/freeze.js';
import { activeHold, type Hold, readHolds } from '../../policy/holds.js';
import { environmentPolicy, type Policy, readPolicy } from '../../policy/policy.js';
import { likelyLayout, type OpsTree, opsTree } from '../../repository/ops-tree.js';
import { readFolders } from '../../repository/read-folders.js';
import { NOBODY, type RepositoryState, readRepositoryState } from '../../repository/repository-state.js';
import { memoTree } from '../../tree/memo-tree.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { lagBehind, tellsLag } from './lag.js';
import { isAbout, openProposals } from './proposals.js';
import type { Cell, Lag, OpenProposal, Status } from './status.js';

/** Versions of the first environment that are looked back upon. */
const LOOK_BACK = 20;

interface View {
  tree: OpsTree;
  base: TreeReader;
  repo: RepositoryState;
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
  const operation = operationIn(repository, 'read the status', 'contents: read and pull-requests: read');
  return attempt(operation, async () => {
    const repo = await readRepositoryState(github, repository, NOBODY);
    const policy = readPolicy(repo.policyText);
    const tree = opsTree(github, repository, repo);
    const base = memoTree(tree.base);
    const [layout, proposals] = await Promise.all([
      likelyLayout(tree, repo, policy.overlay),
      openProposals(tree.reader, repo.base),
    ]);
    return statusOf({ tree, base, repo, policy, layout, holds: readHolds(repo.holdsText), now, proposals }, apps);
  });
}

async function statusOf(view: View, only: readonly string[]): Promise<Status> {
  const { base, policy, layout, now, proposals } = view;
  const declared = new Set(policy.environments.map(({ name }) => name));
  const known = await Promise.all(
    (await allEnvironments(base, layout, policy)).map(async (name) => ({
      name,
      apps: await environmentApps(base, layout, name),
    })),
  );
  // A folder beside the environments' that has no app is none of them.
  const environments = known.filter(({ name, apps }) => declared.has(name) || apps.length > 0);
  const wanted = environments.flatMap(({ name, apps }) =>
    apps.filter((app) => only.length === 0 || only.includes(app)).map((app) => ({ environment: name, app })),
  );
  const warnings = only.length === 0 ? await misnamedFolders(base, layout) : [];
  await readFolders(view.tree, view.repo.baseOid, view.layout, wanted);
  const units = await Promise.all(wanted.map((unit) => unitOf(view, unit.environment, unit.app, warnings)));
  const byApp = groupedByApp(units);
  const lags = await lagsOf(view, byApp);
  const used = new Set<OpenProposal>();
  return {
    environments: environments.map(({ name }) => {
      const { after, freeze } = environmentPolicy(policy, name);
      return { name, after, frozenUntil: frozenUntil(freeze, now) };
    }),
    apps: [...byApp].map(([app, own]) => ({
      app,
      environments: new Map(own.map((unit) => [unit.environment, cellOf(view, unit, lags, used)])),
    })),
    pullRequests: proposals.filter((proposal) => !used.has(proposal)),
    warnings,
  };
}

interface Unit {
  environment: string;
  app: string;
  version: string | null;
  /** As far back as it takes to tell since when the version is held. */
  ledger: Ledger;
}

async function unitOf(view: View, environment: string, app: string, warnings: string[]): Promise<Unit> {
  let version: string | null = null;
  try {
    const overlay = await readOverlay(view.base, view.layout, environment, app);
    version = deployedIn(overlay?.files ?? [], app).version;
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    warnings.push(error.message);
  }
  const ledger = await ledgerOf(view, environment, app, (entries) => knowsDeployedSince(entries, version));
  return { environment, app, version, ledger };
}

function ledgerOf(
  { tree, base, repo, layout }: View,
  environment: string,
  app: string,
  enough: (entries: readonly LedgerEntry[]) => boolean,
): Promise<Ledger> {
  const { github, repository, reader } = tree;
  const head = { oid: repo.baseOid, branch: repo.base };
  return readLedger({ github, repository, reader, base }, head, layout, environment, app, { limit: LOOK_BACK, enough });
}

type Lags = ReadonlyMap<Unit, Lag | undefined>;

/** How far each is behind where its versions come in first, whose history is read on only as far as that takes. */
async function lagsOf(view: View, byApp: ReadonlyMap<string, readonly Unit[]>): Promise<Lags> {
  const found = [...byApp.values()].map(async (own) => {
    const followers = new Map<Unit, Unit[]>();
    for (const unit of own) {
      const first = own.find(({ environment }) => environment === firstOf(view.policy, unit.environment, own));
      if (first !== undefined && first !== unit) {
        followers.set(first, [...(followers.get(first) ?? []), unit]);
      }
    }
    const lags = [...followers].map(async ([first, units]) => {
      const enough = (entries: readonly LedgerEntry[]) => units.every(({ version }) => tellsLag(entries, version));
      const known = enough(first.ledger.entries);
      const ledger = known ? first.ledger : await ledgerOf(view, first.environment, first.app, enough);
      return units.map((unit) => [unit, lagBehind(unit.version, ledger)] as const);
    });
    return (await Promise.all(lags)).flat();
  });
  return new Map((await Promise.all(found)).flat());
}

function groupedByApp(units: readonly Unit[]): Map<string, Unit[]> {
  const byApp = new Map<string, Unit[]>();
  for (const unit of [...units].sort((one, other) => (one.app < other.app ? -1 : Number(one.app > other.app)))) {
    const own = byApp.get(unit.app) ?? [];
    own.push(unit);
    byApp.set(unit.app, own);
  }
  return byApp;
}

function cellOf(view: View, unit: Unit, lags: Lags, used: Set<OpenProposal>): Cell {
  const { environment, app, version, ledger } = unit;
  const pullRequests = view.proposals.filter((proposal) => isAbout(proposal, environment, app));
  for (const proposal of pullRequests) {
    used.add(proposal);
  }
  const hold = activeHold(view.holds, environment, app, view.now);
  return {
    version,
    since: deployedSince(ledger, version),
    behind: lags.get(unit),
    hold,
    holdViolation: hold !== undefined && holdViolation(hold, ledger) !== undefined,
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
