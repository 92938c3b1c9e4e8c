import type { Connected } from '../../../github/connected.js';
import { withAllApps, withNamedApps } from '../../layouts/named-apps.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { allEnvironments } from '../../overlays/environments.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import type { ProposalReport } from '../../pull-requests/proposal.js';
import { proposeByPlace } from '../../pull-requests/propose-by-place.js';
import { type ClosedPull, closeSuperseded } from '../../releases/close-superseded.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { sharingOf } from '../../repository/workspaces.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import { enforceHolds } from '../enforce-holds/enforce-holds.js';
import { type AppsSource, appReleases } from './app-releases.js';
import { decide } from './decide.js';
import type { BranchPromotion } from './merge-branch.js';
import { keyOf, mergeBranches } from './merge-branches.js';
import { alsoProposed, type PromotionProposal, promotionBranch, promotionProposal } from './prepare.js';
import type { PromotionRequest } from './request.js';
import { ledgersOf, type Source, sourceOf } from './sources.js';

/** Everything a promotion came to. */
export interface PromotionReport extends ProposalReport<PromotionProposal> {
  /** Pull requests of releases that it replaced and closed. */
  closed: ClosedPull[];
}

/**
 * Brings environments to what the one before each of them has: one pull request each.
 *
 * @throws Error when an input makes no sense for the repository, or it cannot be read
 */
export async function promote(
  ops: Connected,
  apps: AppsSource | undefined,
  request: PromotionRequest,
  options: ProposeOptions,
): Promise<PromotionReport> {
  if (request.force && request.reason === undefined) {
    throw new Error('Input "force" goes past the policy and needs a reason: say why with the input "reason".');
  }
  const warnings: string[] = [];
  const asked = apps === undefined ? undefined : appReleases(apps, warnings);
  const merging = new Map<string, string>();
  const branches = new Map<string, BranchPromotion>();
  const prepared = async (snapshot: Snapshot) => {
    const proposals = await prepare(snapshot, request, asked);
    const copied = proposals.filter((proposal) => proposal.decision.environment.promotion !== 'merge');
    for (const proposal of proposals.filter((each) => !copied.includes(each))) {
      const { repo } = await snapshot.at(proposal.decision.source.environment, snapshot.place.app ?? '');
      const branch = { snapshot, from: repo.base, head: repo.baseOid, named: request.apps, proposal };
      branches.set(keyOf(branch), branch);
    }
    noteMerging(merging, copied);
    return copied;
  };
  const report = await proposeByPlace(ops, () => appEnvironments(request), prepared, options);
  await mergeBranches([...branches.values()], report, options, async (some) => {
    branches.clear();
    const places = some.map(({ snapshot, proposal }) => ({
      environment: proposal.decision.environment.name,
      app: snapshot.place.app ?? '',
    }));
    const read = await proposeByPlace(
      ops,
      () => places,
      async (snapshot) => {
        // What copies versions was proposed above.
        await prepared(snapshot);
        return [];
      },
      options,
    );
    report.failures.push(...read.failures);
    return [...branches.values()];
  });
  report.warnings.push(...warnings);
  await revertViolations(ops, report, merging, request, options);
  report.failures.push(...leftBehind(report, request));
  return { ...report, closed: options.dryRun ? [] : await closeReplaced(ops, report) };
}

/** What is asked for, for every target. Where an app has a repository of its own, it has to be named. */
function appEnvironments({ to, apps }: PromotionRequest): AppEnvironment[] {
  return to.flatMap((environment) => (apps === 'all' ? [''] : apps).map((app) => ({ environment, app })));
}

/** Remembers what this run merges, or may: its answer may be lost. */
function noteMerging(merging: Map<string, string>, proposals: readonly PromotionProposal[]): void {
  for (const { merges, decision } of proposals) {
    for (const { app, moved } of merges ? decision.going : []) {
      merging.set(`${decision.environment.name}/${app}`, moved.version ?? 'none');
    }
  }
}

/** Takes back what was merged although it is held. */
async function revertViolations(
  ops: Connected,
  report: ProposalReport<PromotionProposal>,
  merging: ReadonlyMap<string, string>,
  { runUrl }: PromotionRequest,
  { dryRun, mergeMethod, patience, serverUrl }: ProposeOptions,
): Promise<void> {
  const suspects = report.results.flatMap(({ proposal: { decision, violatedHolds }, action, holdsChanged }) => {
    const { name: environment } = decision.environment;
    const unseen = action === 'merged' && holdsChanged ? decision.going.map(({ app }) => app) : [];
    return [...unseen, ...violatedHolds].map((app) => {
      const merged = report.mayBeMerged.has(environment) ? merging.get(`${environment}/${app}`) : undefined;
      return { environment, app, merged };
    });
  });
  const back = await enforceHolds(ops, dryRun ? [] : suspects, { runUrl, mergeMethod, patience, serverUrl });
  report.failures.push(...back.failures);
  report.warnings.push(...back.warnings, ...back.found.map(({ sentence }) => sentence));
}

/** Pull requests of releases that propose what is there now; whoever merges a promotion, the next run closes them. */
async function closeReplaced(ops: Connected, report: ProposalReport<PromotionProposal>): Promise<ClosedPull[]> {
  const appEnvironments = report.results.flatMap(({ proposal: { decision, superseded }, action }) =>
    superseded
      .filter(({ app, theirs }) => !theirs && (action === 'merged' || decision.same.some((each) => each.app === app)))
      .map(({ app }) => ({ environment: decision.environment.name, app })),
  );
  try {
    return appEnvironments.length === 0
      ? []
      : await closeSuperseded(ops, appEnvironments, (message) => report.warnings.push(message));
  } catch (error) {
    // The promotion is done; what is left over is closed by the next run.
    report.warnings.push(
      `Pull requests that it replaces are still open: ${error instanceof Error ? error.message : error}`,
    );
    return [];
  }
}

/** Of so many apps all that is asked fits into one request, file by file. */
const FEW_APPS = 10;

async function prepare(
  snapshot: Snapshot,
  request: PromotionRequest,
  asked: ReturnType<typeof appReleases> | undefined,
): Promise<PromotionProposal[]> {
  const environments = await allEnvironments(snapshot.tree, snapshot.layout, snapshot.policy);
  const stranger = request.to.find((name) => !environments.includes(name));
  if (stranger !== undefined || request.to.length === 0) {
    const found = stranger === undefined ? 'is empty' : `names "${stranger}"`;
    throw new Error(
      `Input "to" ${found}, expected environments of ${snapshot.home.owner}/${snapshot.home.name}: ${environments.join(', ')}.`,
    );
  }
  const proposals = await proposalsOf(snapshot, request, asked, environments);
  // Overlays that were read need no further request.
  const { tree, policy } = snapshot;
  const read = proposals
    .flatMap(({ decision }) => [decision.source.environment, decision.environment.name])
    .filter((name) => request.apps === 'all' || request.apps.some((app) => snapshot.isHere(name, app)));
  const layout =
    request.apps === 'all'
      ? await withAllApps(tree, snapshot.layout, policy)
      : await withNamedApps(tree, snapshot.layout, policy, [...new Set(read)], request.apps);
  return layout === snapshot.layout ? proposals : proposalsOf({ ...snapshot, layout }, request, asked, environments);
}

async function proposalsOf(
  snapshot: Snapshot,
  request: PromotionRequest,
  asked: ReturnType<typeof appReleases> | undefined,
  environments: readonly string[],
): Promise<PromotionProposal[]> {
  const ledgers = ledgersOf(snapshot);
  const sharing = sharingOf(snapshot.policy, snapshot.home);
  const here = request.to.filter((target) => appsHere(snapshot, request, target).length > 0);
  return Promise.all(
    here.map(async (target) => {
      const source = sourceOf(snapshot, ledgers, request.from, target, environments);
      if (source.environment === target && source.label === target) {
        throw new Error(`"from" and "to" are both ${target}: name two environments.`);
      }
      // A merge brings all that there is.
      const isMerge = environmentPolicy(snapshot.policy, target).promotion === 'merge';
      const isAll = request.apps === 'all' || isMerge;
      const named = isAll ? await appsOf(snapshot, source) : appsHere(snapshot, request, target);
      if (named.length > FEW_APPS) {
        const both = named.flatMap((app) => [source.environment, target].map((environment) => ({ environment, app })));
        await snapshot.readOverlays(both.filter(({ environment, app }) => snapshot.isHere(environment, app)));
      }
      const decision = await decide(snapshot, request, target, source, ledgers, named);
      const kept = await keepProposed(snapshot, request, target, named);
      decision.going.push(...kept);
      const ownRepository = environmentPolicy(snapshot.policy, target).repository;
      const releases = decision.going.map(
        async ({ app }) => [app, await asked?.({ app, ownRepository, sharing })] as const,
      );
      return promotionProposal(snapshot, request, decision, new Map(await Promise.all(releases)));
    }),
  );
}

/** The apps that are asked for and that live here in an environment; something, where all are. */
function appsHere(snapshot: Snapshot, { apps }: PromotionRequest, environment: string): readonly string[] {
  return (apps === 'all' ? [''] : apps).filter((app) => snapshot.isHere(environment, app));
}

async function appsOf(snapshot: Snapshot, { environment }: Source): Promise<string[]> {
  const { app } = snapshot.place;
  if (app !== undefined) {
    return [app];
  }
  if (snapshot.isHere(environment, '')) {
    return environmentApps(snapshot.tree, snapshot.layout, environment);
  }
  const { tree, layout, policy } = await snapshot.at(environment, '');
  return environmentApps(tree, await withAllApps(tree, layout, policy), environment);
}

/** What an open pull request of ours proposes of other apps stays in it, as it is proposed there. */
async function keepProposed(snapshot: Snapshot, request: PromotionRequest, target: string, named: readonly string[]) {
  const others = await alsoProposed(snapshot, target, named);
  const { head } = await snapshot.branch(promotionBranch(target));
  if (others.length === 0 || head === undefined) {
    return [];
  }
  const tree = snapshot.treeAt(head.oid);
  const source = { environment: target, label: target, sideFor: async () => ({ tree, layout: snapshot.layout }) };
  const asProposed = { ...request, includeNew: true, force: true };
  const { going } = await decide(snapshot, asProposed, target, source, ledgersOf(snapshot), others);
  return going
    .filter(({ forced }) => forced.every(({ rule }) => rule !== 'backwards'))
    .map((adoption) => ({ ...adoption, since: undefined, forced: [] }));
}

/** A named app that is refused fails the run; where all apps were asked for it is left out. */
function leftBehind({ results }: ProposalReport<PromotionProposal>, { apps }: PromotionRequest): Error[] {
  return apps === 'all'
    ? []
    : results.flatMap(({ proposal }) =>
        proposal.decision.left.filter(({ held }) => !held).map(({ message }) => new Error(message)),
      );
}
