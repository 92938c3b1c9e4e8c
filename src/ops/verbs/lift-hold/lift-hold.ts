import type { Connected } from '../../../github/connected.js';
import { LIFT_HOLD } from '../../ledger/action-names.js';
import { formatTrailers } from '../../ledger/trailers.js';
import { HOLDS_FILE, type Hold, holdReason, isHoldOf, readHolds, removeHolds, sameHold } from '../../policy/holds.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import type { Planned } from '../../pull-requests/planned.js';
import type { Proposal, ProposalReport } from '../../pull-requests/proposal.js';
import { propose } from '../../pull-requests/propose.js';
import { textChange, withoutHoldNote } from '../../releases/hold-note.js';
import { branchOf } from '../../releases/release-pull-request.js';
import type { PullRequest } from '../../repository/pull-request.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { bodyOf } from './body.js';

/** What a person asked for. */
export interface LiftHoldRequest {
  environment: string;
  apps: readonly string[];
  reason: string | undefined;
  /** Who asks: a login. */
  by: string;
  merge: boolean;
  labels: readonly string[];
  runUrl: string;
}

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
  const seen = new Map<string, readonly Hold[]>();
  return propose(
    ops,
    (snapshot) =>
      Promise.all(
        request.apps.map(async (app) => {
          const { open } = await snapshot.branch(branchOf(request.environment, app));
          const holds = seen.get(app) ?? snapshot.holds.filter(isHoldOf(request.environment, app));
          seen.set(app, holds);
          return proposalOf(request, app, holds, open);
        }),
      ),
    options,
  );
}

/**
 * @param holds what is lifted
 * @param release the open pull request of the app's release, where there is one
 */
function proposalOf(
  request: LiftHoldRequest,
  app: string,
  holds: readonly Hold[],
  release: PullRequest | undefined,
): LiftHoldProposal {
  const { environment, by, reason, runUrl } = request;
  const title = `Lift the hold of ${app} in ${environment}`;
  const version = holds.at(-1)?.version ?? '';
  const trailers = { environment, app, version, images: [], source: undefined, reason, by, run: runUrl };
  return {
    verb: LIFT_HOLD,
    environment,
    app,
    holds,
    subject: `${environment}/${app}`,
    branch: `ostack-lift-hold/${environment}/${app}`,
    title,
    key: `${app} ${version}`.trim(),
    plan: (tree) => asRefusal(() => planLift(tree, { environment, app }, holds)),
    message: () => ({ headline: title, body: formatTrailers({ action: LIFT_HOLD, ...trailers }) }),
    body: (planned, limit) => bodyOf(request, app, holds, planned, limit),
    isOurs: ({ action, environment: where, app: what }) =>
      action === LIFT_HOLD && where === environment && what === app,
    labels: request.labels,
    merges: request.merge,
    mergeReason: '',
    alongside: release === undefined ? [] : textChange(release, withoutHoldNote(release.body)),
  };
}

/** Takes holds out of the file. */
export async function planLift(
  tree: TreeReader,
  { environment, app }: Pick<Hold, 'environment' | 'app'>,
  lifted: readonly Hold[],
): Promise<Planned> {
  const text = await tree.read(HOLDS_FILE);
  const there = readHolds(text).filter(isHoldOf(environment, app));
  const isLifted = (hold: Hold) => lifted.some((each) => sameHold(each, hold));
  if (text === undefined || !there.some(isLifted)) {
    const [other] = there;
    const not = `${app} is not held in ${environment}`;
    const again =
      other && `${app} in ${environment} is ${holdReason(other)}. That came meanwhile: run it again to lift it`;
    return { state: 'nothing', reason: again ?? not };
  }
  return {
    state: 'change',
    change: { files: new Map([[HOLDS_FILE, removeHolds(text, isLifted)]]) },
    before: new Map([[HOLDS_FILE, text]]),
  };
}
