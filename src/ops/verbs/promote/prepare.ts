import { createHash } from 'node:crypto';
import { shortVersion } from '../../../report/short-version.js';
import { chartReference } from '../../carriers/chart-reference.js';
import { formatReference } from '../../carriers/image-reference.js';
import { PROMOTE } from '../../ledger/action-names.js';
import { appsOf as appsInTrailers, formatTrailers } from '../../ledger/trailers.js';
import { knowsLayers, readState, withLayers } from '../../overlays/app-state.js';
import { activeHold } from '../../policy/holds.js';
import { wantsMerge } from '../../policy/merge-decision.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { Planned, PlannedChange } from '../../pull-requests/planned.js';
import type { Proposal } from '../../pull-requests/proposal.js';
import { branchOf } from '../../releases/release-pull-request.js';
import type { PublishedRelease } from '../../releases/releases-between.js';
import { type Superseded, supersededBy } from '../../releases/superseded.js';
import { clusterChanges } from '../../render/cluster-changes.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { promoteApps } from '../../restore/promote-apps.js';
import { unifiedDiff } from '../../tree/unified-diff.js';
import { renderEvidence } from './body.js';
import type { Adoption, Decision } from './decide.js';
import type { PromotionRequest } from './request.js';

/** A promotion into one environment, with what was decided about its apps. */
export interface PromotionProposal extends Proposal {
  decision: Decision;
  /** Open pull requests of releases that propose nothing new once this is merged, or already. */
  superseded: Superseded[];
  /** Apps that have what is promoted, although a hold says otherwise. */
  violatedHolds: string[];
}

/** The branch of promotions into an environment. */
export function promotionBranch(environment: string): string {
  return `ostack-promote/${environment}`;
}

/**
 * The proposal for one target environment.
 *
 * @param releases published releases by app, for what a version brings
 */
export async function promotionProposal(
  snapshot: Snapshot,
  request: PromotionRequest,
  decision: Decision,
  releases: ReadonlyMap<string, readonly PublishedRelease[] | undefined>,
): Promise<PromotionProposal> {
  const { environment } = decision;
  const planned = await planAt(snapshot, request, decision, snapshot.tree);
  const merges = wantsMerge(request.merge, [environment]);
  const superseded = await supersededOf(snapshot, decision);
  return {
    decision,
    superseded,
    violatedHolds: violatedHolds(snapshot, decision),
    verb: PROMOTE,
    subject: environment.name,
    branch: promotionBranch(environment.name),
    title: titleOf(decision),
    key: planned.state === 'change' ? keyOf(planned) : 'nothing',
    plan: (tree) => planAt(snapshot, request, decision, tree),
    message: () => ({ headline: titleOf(decision), body: trailersOf(decision, request) }),
    body: async (change, limit) => {
      const apps = decision.going.map(({ app }) => app);
      const clusters = await clusterChanges(snapshot.tree, snapshot.layout, change.change);
      const diff = unifiedDiff(change.before, change.change);
      const overtaken = superseded.filter(({ app }) => apps.includes(app));
      const evidence = { decision, request, diff, clusters, releases, superseded: overtaken, merges };
      return renderEvidence(evidence, limit);
    },
    isOurs: (trailers) => trailers.action === PROMOTE && trailers.environment === environment.name,
    labels: request.labels.map((label) => label.replaceAll('{environment}', environment.name)),
    ...{ merges, mergeReason: '', insists: request.merge === 'true' },
    judged: {
      environments: [environment.name],
      apps: decision.going.map(({ app }) => app),
      layout: snapshot.layout,
    },
  };
}

/** Apps that were merged although they are held, by an earlier round or by a run that was stopped before it could revert. */
function violatedHolds({ holds, now }: Snapshot, { environment, same }: Decision): string[] {
  return same.flatMap(({ app, version }) => {
    const hold = activeHold(holds, environment.name, app, now);
    return hold === undefined || hold.version === version ? [] : [app];
  });
}

/** Which apps an open pull request of ours proposes for the environment, other than those asked for. */
export async function alsoProposed(
  snapshot: Snapshot,
  environment: string,
  apps: readonly string[],
): Promise<string[]> {
  const { open } = await snapshot.branch(promotionBranch(environment));
  const ours = (open?.commits ?? []).flatMap(({ trailers }) =>
    trailers?.action === PROMOTE && trailers.environment === environment ? appsInTrailers(trailers) : [],
  );
  return [...new Set(ours.map(({ app }) => app))].filter((app) => !apps.includes(app));
}

async function planAt(
  snapshot: Snapshot,
  request: PromotionRequest,
  { going, same, left, environment }: Decision,
  tree: Snapshot['tree'],
): Promise<Planned> {
  if (going.length === 0) {
    // Of all apps, those that only the source has were not asked for: where the rest is deployed already, nothing is to be done.
    const spared = request.apps === 'all' && same.length > 0;
    const behind = left.filter(({ isNew }) => !(spared && isNew));
    const refused = [...new Set(behind.filter(({ held }) => !held).map(({ message }) => message))];
    return refused.length > 0
      ? { state: 'refused', error: new Error(refused.join('\n')) }
      : { state: 'nothing', reason: nothingReason(environment.name, same, behind) };
  }
  return asRefusal(async () => {
    const moves = await Promise.all(
      going.map(async ({ app, source }) => {
        const target = await readState(tree, snapshot.layout, environment.name, app);
        return { app, source, target: knowsLayers(source) ? await withLayers(tree, snapshot.layout, target) : target };
      }),
    );
    const { failed, change, before } = await promoteApps(tree, snapshot.layout, moves, request.includeNew);
    const [first] = failed;
    if (first !== undefined) {
      return { state: 'refused', error: first.error };
    }
    return change.files.size + (change.deletions?.length ?? 0) === 0
      ? { state: 'nothing', reason: `${environment.name} has it all already` }
      : { state: 'change', change, before };
  });
}

function nothingReason(environment: string, same: Decision['same'], left: Decision['left']): string {
  if (left.length > 0) {
    return left.map(({ message }) => message).join(' ');
  }
  const names = same.map(({ app, version }) => `${app}${version === null ? '' : ` ${version}`}`);
  if (names.length === 0) {
    return `there is no app to promote to ${environment}`;
  }
  const unproved = new Set(same.flatMap((each) => each.unproved ?? []));
  return [`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} in ${environment} already`, ...unproved].join('. ');
}

function titleOf({ going, environment }: Decision): string {
  const [first] = going;
  if (first === undefined) {
    return `Promotion to ${environment.name}`;
  }
  if (going.length === 1) {
    return `Promote ${first.app}${first.moved.version === null ? '' : ` ${shortVersion(first.moved.version)}`} to ${environment.name}`;
  }
  return `Promote ${going.length} apps to ${environment.name}`;
}

function keyOf({ change }: PlannedChange): string {
  const content = JSON.stringify([[...change.files], change.deletions ?? []]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

/** The trailers that make the history a ledger. */
function trailersOf({ going, environment, source }: Decision, request: PromotionRequest): string {
  const [first, ...more] = going.map(({ app, moved }) => ({ app, version: moved.version ?? 'none' }));
  return formatTrailers({
    action: PROMOTE,
    environment: environment.name,
    app: first?.app ?? '',
    version: first?.version ?? '',
    more,
    images: going.flatMap(imagesOf),
    charts: going.flatMap(chartsOf),
    source: undefined,
    run: request.runUrl === '' ? undefined : request.runUrl,
    from: source.label,
    reason: request.reason,
    by: request.actor,
    forcedBy: going.some(({ forced }) => forced.length > 0) ? request.actor : undefined,
  });
}

function imagesOf({ moved }: Adoption): string[] {
  return moved.targets.flatMap((target) =>
    target.kind === 'image' ? [formatReference({ ...target, name: target.repository })] : [],
  );
}

function chartsOf({ moved }: Adoption): string[] {
  return moved.targets.flatMap((target) => (target.kind === 'chart' ? [chartReference(target)] : []));
}

/** Open pull requests of releases that this promotion replaces. */
async function supersededOf(snapshot: Snapshot, { environment, going, same }: Decision): Promise<Superseded[]> {
  const apps = [...going.map(({ app, moved: { version, chart } }) => ({ app, version, chart })), ...same];
  const found = await Promise.all(
    apps.map(async ({ app, version, chart }) => {
      const { open } = await snapshot.branch(branchOf(environment.name, app));
      return supersededBy(open, { environment: environment.name, app }, version, chart);
    }),
  );
  return found.filter((each) => each !== undefined);
}
