import { nameOf } from '../../../github/connected.js';
import { compareVersions } from '../../carriers/compare-versions.js';
import { wantsMerge } from '../../policy/merge-decision.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { Proposal } from '../../pull-requests/proposal.js';
import { withoutHoldNote } from '../../releases/hold-note.js';
import { isBumpOf, newestOf } from '../../releases/release-pull-request.js';
import type { PublishedRelease } from '../../releases/releases-between.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { type AppBump, isSameSeries, keyOf, subjectOf, titleOf, versionOfKey } from './app-bump.js';
import { bodyOf, type Stage, stageOf } from './body.js';
import { decide, plannedOf, type Rules } from './decide.js';
import { messageOf } from './message.js';
import { type NewerRelease, newerRelease } from './newer-release.js';
import type { OverlayPlan } from './overlay-plan.js';
import { planOverlay } from './plan-overlay.js';
import type { BumpRequest } from './request.js';
import { targetsOf } from './targets.js';

/** A bump with its plan at the default branch. */
export interface PlannedBump {
  bump: AppBump;
  overlay: OverlayPlan;
  rules: Rules;
  /** What a person should know of an app that no environment has. */
  notice?: string | undefined;
}

/** What all bumps of one snapshot share. */
export interface Round {
  snapshot: Snapshot;
  request: BumpRequest;
  /** Releases of the apps repository; `undefined` where they could not be read. */
  releases: readonly PublishedRelease[] | undefined;
}

export interface BumpProposal extends Proposal, PlannedBump {}

/**
 * The proposal of one bump.
 *
 * @param others bumps of the same app in all environments
 */
export function bumpProposal(round: Round, planned: PlannedBump, others: readonly PlannedBump[]): BumpProposal {
  const { snapshot, request, releases } = round;
  const { bump, overlay, rules } = planned;
  const { environment, target } = bump;
  const { version } = target;
  const own = { environment, app: target.app };
  const merging = mergingOf(snapshot, request, bump);
  const { merges } = merging;
  return {
    ...planned,
    verb: 'bump',
    subject: subjectOf(bump),
    branch: bump.branch,
    title: titleOf(bump),
    key: keyOf(bump),
    plan: async (tree) =>
      tree === snapshot.tree
        ? decide(bump, overlay, rules)
        : plannedOf(bump, await planOverlay(tree, snapshot.layout, bump, targetsOf(bump, releases))),
    message: () => messageOf(bump, request),
    around: withoutHoldNote,
    body: async (_, limit) =>
      bodyOf(bump, overlay.plan, { request, releases, merges, stages: await stagesOf(round, others) }, limit),
    isOurs: (trailers) => isBumpOf(own, { trailers }),
    keepsOurCommits: true,
    reasons: {
      newer: `a newer version than ${version}`,
      unusable: 'nothing that carries the version',
      takenAway: 'took away what carries the version',
      closed: (number) =>
        `a person closed #${number} for ${version}; reopen it to go on, the next version opens a new one`,
    },
    staysClosed: (last) => newestOf(last, own)?.version === version,
    isNewer: (key) =>
      isSameSeries(target, key) && compareVersions({ tag: version }, { tag: versionOfKey(key) }) === 'newer',
    newerProposal: async ({ open }, onTop) => {
      const newer = newerRelease(bump, open, onTop);
      return newer && proposalOfNewer(round, newer, rules, others);
    },
    labels: labelsOf(request, bump),
    ...merging,
  };
}

/** Whether the pull request is to merge by itself, and what the policy judges for it. */
export function mergingOf(
  { policy, layout }: Pick<Snapshot, 'policy' | 'layout'>,
  { merge }: Pick<BumpRequest, 'merge'>,
  { environment, target }: Pick<AppBump, 'environment' | 'target'>,
): Pick<Proposal, 'merges' | 'mergeReason' | 'insists' | 'judged'> {
  return {
    ...{ merges: wantsMerge(merge, [environmentPolicy(policy, environment)]), mergeReason: '' },
    insists: merge === 'true',
    judged: { environments: [environment], apps: [target.app], layout },
  };
}

/** The names of the labels that the pull request is to have. */
export function labelsOf({ labels }: Pick<BumpRequest, 'labels'>, { environment, target }: AppBump): string[] {
  return labels.map((label) => label.replaceAll('{environment}', environment).replaceAll('{app}', target.app));
}

/** The proposal of the newer release that is on a branch, in the name of the run that proposed it. */
async function proposalOfNewer(
  round: Round,
  { bump, runUrl }: NewerRelease,
  rules: Rules,
  others: readonly PlannedBump[],
): Promise<Proposal> {
  const { snapshot, request, releases } = round;
  const overlay = await planOverlay(snapshot.tree, snapshot.layout, bump, targetsOf(bump, releases));
  return bumpProposal({ ...round, request: { ...request, runUrl } }, { bump, overlay, rules }, others);
}

/** What the environments have of the app, and what waits there. */
function stagesOf({ snapshot, request }: Round, all: readonly PlannedBump[]): Promise<Stage[]> {
  return Promise.all(
    all.flatMap(({ bump: other, overlay: { plan } }) =>
      plan === undefined
        ? []
        : [snapshot.branch(other.branch).then(({ open }) => stageOf(other, plan, open, request, nameOf(snapshot.ops)))],
    ),
  );
}
