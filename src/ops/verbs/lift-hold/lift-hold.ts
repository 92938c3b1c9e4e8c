import { type Connected, nameOf } from '../../../github/connected.js';
import { LIFT_HOLD } from '../../ledger/action-names.js';
import { formatTrailers } from '../../ledger/trailers.js';
import {
  EVERY,
  HOLDS_FILE,
  type Hold,
  heldNames,
  heldRef,
  heldThing,
  holdReason,
  isHeldBy,
  isHoldOf,
  isOver,
  liftedBy,
  readHolds,
  removeHolds,
  type Scope,
  sameHold,
} from '../../policy/holds.js';
import { wantsMerge } from '../../policy/merge-decision.js';
import { environmentPolicy } from '../../policy/policy.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import type { Planned } from '../../pull-requests/planned.js';
import type { Proposal, ProposalReport } from '../../pull-requests/proposal.js';
import { proposeByPlace } from '../../pull-requests/propose-by-place.js';
import { textChange, withoutHoldNote } from '../../releases/hold-note.js';
import { branchOf } from '../../releases/release-pull-request.js';
import type { PullRequest } from '../../repository/pull-request.js';
import type { Snapshot } from '../../repository/snapshot.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import type { LiftHoldRequest } from './body.js';
import { bodyOf } from './body.js';

export interface LiftHoldProposal extends Proposal {
  environment: string;
  app: string;
  /** What is lifted. */
  holds: readonly Hold[];
}

/**
 * Lifts the holds of apps in an environment, so that releases are deployed there again. Where there is none, all is well.
 * Those that were there when it was started, and no others: nobody meant a hold that a rollback sets meanwhile.
 *
 * @throws Error when the repository cannot be read or written, or its holds are broken
 */
export function liftHolds(
  ops: Connected,
  request: LiftHoldRequest,
  options: ProposeOptions,
): Promise<ProposalReport<LiftHoldProposal>> {
  const { environment, apps } = request;
  const seen = new Map<string, readonly Hold[]>();
  return proposeByPlace(
    ops,
    () => apps.map((app) => ({ environment, app })),
    (snapshot) =>
      Promise.all(
        apps
          .filter((app) => snapshot.isHere(environment, app))
          .map(async (app) => {
            const key = `${nameOf(snapshot.ops)} ${snapshot.repo.base} ${app}`;
            const { open } = await snapshot.branch(branchOf(environment, app));
            const holds = seen.get(key) ?? snapshot.holds.filter(isHoldOf(environment, app));
            seen.set(key, holds);
            return proposalOf(snapshot, request, app, holds, open);
          }),
      ),
    { ...options, isAnyway: true },
  );
}

/**
 * @param holds what is lifted
 * @param release the open pull request of the app's release, where there is one
 */
function proposalOf(
  { policy, layout, now, infra }: Snapshot,
  request: LiftHoldRequest,
  app: string,
  holds: readonly Hold[],
  release: PullRequest | undefined,
): LiftHoldProposal {
  const { environment, by, reason, runUrl } = request;
  const rules = environment === EVERY ? policy.environments : [environmentPolicy(policy, environment)];
  const merges = wantsMerge(request.merge, rules);
  const effect =
    infra === undefined
      ? 'releases and promotions replace it there again'
      : 'what changes it may be merged and applied again';
  const title = `Lift the hold of ${heldThing({ environment, app })}`;
  // A commit without a version would have no app.
  const version = holds.at(-1)?.version ?? (holds.length === 0 ? '' : EVERY);
  const trailers = { environment, app, version, images: [], source: undefined, reason, by, run: runUrl };
  return {
    verb: LIFT_HOLD,
    environment,
    app,
    holds,
    subject: `${environment}/${app}`,
    branch: `ostack-lift-hold/${heldRef({ environment, app })}`,
    title,
    key: `${app} ${version}`.trim(),
    plan: (tree) => asRefusal(() => planLift(tree, { environment, app }, holds, now)),
    message: () => ({ headline: title, body: formatTrailers({ action: LIFT_HOLD, ...trailers }) }),
    body: (planned, limit, merge = merges) => bodyOf({ ...request, merge }, app, holds, planned, limit, effect),
    isOurs: ({ action, environment: where, app: what }) =>
      action === LIFT_HOLD && where === environment && what === app,
    labels: request.labels,
    ...{ merges, mergeReason: '', insists: request.merge === 'true' },
    judged: { environments: rules.map(({ name }) => name), apps: [], layout },
    alongside: release === undefined ? [] : textChange(release, withoutHoldNote(release.body)),
  };
}

/** Takes holds out of the file. */
export async function planLift(tree: TreeReader, scope: Scope, lifted: readonly Hold[], now: Date): Promise<Planned> {
  const text = await tree.read(HOLDS_FILE);
  const holds = readHolds(text);
  const isLifted = (hold: Hold) => lifted.some((each) => sameHold(each, hold));
  const there = holds.filter(isHoldOf(scope.environment, scope.app));
  if (text === undefined || !there.some(isLifted)) {
    return { state: 'nothing', reason: notLifted(scope, there, holds, now) };
  }
  return {
    state: 'change',
    change: { files: new Map([[HOLDS_FILE, removeHolds(text, isLifted)]]) },
    before: new Map([[HOLDS_FILE, text]]),
  };
}

function notLifted({ environment, app }: Scope, there: readonly Hold[], holds: readonly Hold[], now: Date): string {
  const [other] = there;
  if (other !== undefined) {
    return `${heldThing(other)} is ${holdReason(other)}. That came meanwhile: run it again to lift it`;
  }
  // What it is held with is another hold, which nobody asked to lift.
  const broader = holds.filter(isHeldBy(environment, app)).find((hold) => !isOver(hold, now));
  const { what, where } = heldNames({ environment, app });
  return broader === undefined
    ? `${what} is not held in ${where}`
    : `${what} has no hold of its own in ${where}; it is ${holdReason(broader)}, and ${liftedBy(broader)} lifts that`;
}
