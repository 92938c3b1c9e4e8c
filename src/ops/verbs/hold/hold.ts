import { createHash } from 'node:crypto';
import { type Connected, nameOf } from '../../../github/connected.js';
import { isoSeconds } from '../../../report/time.js';
import { HOLD } from '../../ledger/action-names.js';
import { formatTrailers } from '../../ledger/trailers.js';
import { EVERY, type Hold, heldRef, heldThing, type Scope } from '../../policy/holds.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import type { Proposal, ProposalReport } from '../../pull-requests/proposal.js';
import { proposeByPlace } from '../../pull-requests/propose-by-place.js';
import { mergedInto, stopMerging } from '../../pull-requests/stop-merging.js';
import type { Snapshot } from '../../repository/snapshot.js';
import type { HoldRequest } from './body.js';
import { bodyOf } from './body.js';
import { nameProblem } from './known-scope.js';
import { planHold } from './plan-hold.js';

export interface HoldProposal extends Proposal {
  hold: Hold;
}

/**
 * Keeps apps in an environment as they are, until somebody lifts that: no release and no promotion replaces what they run.
 * Open pull requests of ours that would merge by themselves past it no longer do. A hold that is there already stays as it is,
 * with its reason and whose it is.
 *
 * @throws Error when the repository cannot be read or written, or its holds are broken
 */
export async function hold(
  ops: Connected,
  request: HoldRequest,
  options: ProposeOptions,
): Promise<ProposalReport<HoldProposal>> {
  const { environment } = request;
  const scopes = request.apps.map((app) => ({ environment, app }));
  const seen = new Map<string, { ops: Connected; base: string; merged: string[] }>();
  const report = await proposeByPlace(
    ops,
    () => scopes,
    (snapshot) => {
      // In an infra repository nothing of ours merges by itself.
      if (snapshot.infra === undefined) {
        const { ops: there, repo, policy } = snapshot;
        const merged = mergedInto(policy, environment);
        seen.set(`${nameOf(there)} ${repo.base}`, { ops: there, base: repo.base, merged });
      }
      const here = scopes.filter((scope) => snapshot.isHere(scope.environment, scope.app));
      return Promise.all(here.map((scope) => proposalOf(snapshot, request, scope)));
    },
    // An emergency stop works whatever is broken.
    { ...options, isAnyway: true },
  );
  const held = report.results.map(({ proposal }) => proposal.hold);
  // The hold comes first: whatever is merged after it sees it.
  for (const { ops: there, base, merged } of options.dryRun || held.length === 0 ? [] : seen.values()) {
    report.warnings.push(...(await stopMerging(there, base, held, merged)));
  }
  return report;
}

async function proposalOf(snapshot: Snapshot, request: HoldRequest, scope: Scope): Promise<HoldProposal> {
  const { reason, by, runUrl } = request;
  const problem = await nameProblem(snapshot, scope);
  if (snapshot.unclear !== undefined && scope.app !== EVERY) {
    snapshot.warn(`Nobody can tell whether there is ${heldThing(scope)} to hold: ${snapshot.unclear.message}`);
  }
  const hold = holdOf(request, scope, snapshot.now);
  const title = `Hold ${heldThing(scope)}`;
  // A commit without a version would have no app.
  const trailers = { action: HOLD, ...scope, version: EVERY, images: [], source: undefined, reason, by, run: runUrl };
  return {
    verb: HOLD,
    hold,
    subject: `${scope.environment}/${scope.app}`,
    branch: `ostack-hold/${heldRef(scope)}`,
    title,
    key: keyOf(request, scope),
    plan: (tree) =>
      asRefusal(async () =>
        problem === undefined ? planHold(tree, hold, snapshot.now) : { state: 'refused', error: new Error(problem) },
      ),
    message: () => ({ headline: title, body: formatTrailers(trailers) }),
    body: (planned, limit, merge = request.merge) =>
      bodyOf({ ...request, merge }, hold, planned, limit, effectOf(snapshot)),
    isOurs: ({ action, environment, app }) => action === HOLD && environment === scope.environment && app === scope.app,
    labels: request.labels,
    merges: request.merge,
    mergeReason: '',
    // A new hold asks nobody.
    judged: undefined,
  };
}

/** What a hold keeps out, the end of a sentence. */
function effectOf({ infra }: Snapshot): string {
  return infra === undefined
    ? 'no release and no promotion replaces it'
    : 'nothing that changes it is merged or applied';
}

/** What is asked for, but not when: whoever starts it again means the same. */
function keyOf({ reason, forMs }: HoldRequest, { environment, app }: Scope): string {
  const asked = JSON.stringify([environment, app, reason, forMs]);
  return createHash('sha256').update(asked).digest('hex').slice(0, 16);
}

function holdOf({ forMs, by, reason, runUrl }: HoldRequest, scope: Scope, now: Date): Hold {
  return {
    ...scope,
    since: isoSeconds(now),
    ...(forMs === undefined ? {} : { until: isoSeconds(new Date(now.getTime() + forMs)) }),
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(runUrl === '' ? {} : { run: runUrl }),
  };
}
