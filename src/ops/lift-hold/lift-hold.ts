import type { Connected } from '../../github/connected.js';
import { code, plain } from '../../report/markdown.js';
import { HOLDS_FILE, type Hold, heldReason, readHolds, removeHolds } from '../holds.js';
import type { Planned, Proposal, ProposalReport } from '../propose/proposal.js';
import { type ProposeOptions, propose } from '../propose/propose.js';
import { refusing } from '../refusing.js';
import { formatTrailers } from '../trailers.js';
import type { TreeReader } from '../tree-reader.js';

/** Names the verb in `Ostack-Action`. */
export const LIFT_HOLD = 'lift-hold';

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
 *
 * @throws Error when the repository cannot be read or written, or its holds are broken
 */
export function liftHolds(
  ops: Connected,
  request: LiftHoldRequest,
  options: ProposeOptions,
): Promise<ProposalReport<LiftHoldProposal>> {
  return propose(ops, async (look) => request.apps.map((app) => proposalOf(request, app, look.holds)), options);
}

function proposalOf(request: LiftHoldRequest, app: string, all: readonly Hold[]): LiftHoldProposal {
  const { environment, by, reason, runUrl } = request;
  const holds = all.filter((hold) => hold.environment === environment && hold.app === app);
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
    plan: (tree) => refusing(() => planLift(tree, environment, app)),
    message: () => ({ headline: title, body: formatTrailers({ action: LIFT_HOLD, ...trailers }) }),
    body: () => bodyOf(request, app, holds),
    isOurs: ({ action, environment: where, app: what }) =>
      action === LIFT_HOLD && where === environment && what === app,
    labels: request.labels,
    merges: request.merge,
    mergeReason: '',
  };
}

/** Takes the holds out of the file. */
export async function planLift(tree: TreeReader, environment: string, app: string): Promise<Planned> {
  const text = await tree.read(HOLDS_FILE);
  const holds = readHolds(text).filter((hold) => hold.environment === environment && hold.app === app);
  return text === undefined || holds.length === 0
    ? { state: 'nothing', reason: `${app} is not held in ${environment}` }
    : {
        state: 'change',
        change: { files: new Map([[HOLDS_FILE, removeHolds(text, environment, app)]]) },
        before: new Map([[HOLDS_FILE, text]]),
      };
}

function bodyOf({ environment, by, reason }: LiftHoldRequest, app: string, holds: readonly Hold[]): string {
  const lines = holds.map((hold) => `- ${plain(heldReason(hold))}`);
  const why = reason === undefined ? '' : `Why: ${plain(reason)}`;
  return [
    `Lifts the hold of **${plain(app)}** in **${plain(environment)}**: the next release is deployed there again.`,
    lines.join('\n'),
    why,
    `Started by ${code(by)}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
