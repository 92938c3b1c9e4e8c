import type { Snapshot } from '../repository/snapshot.js';
import type { ProposeOptions } from './options.js';
import { combine, type Outcome } from './outcome.js';
import type { Proposal, ProposalReport, ProposalResult } from './proposal.js';
import { mergesByItself } from './stop-merge.js';
import type { Survey } from './survey.js';
import type { WriteContext } from './write-context.js';

/** One run of `propose`, over all its rounds. */
export interface Run<P extends Proposal> {
  /** `owner/name`. */
  repository: string;
  options: ProposeOptions;
  /** Whether it commits to the default branch: asked for, and no rule is known to keep commits away. */
  direct: boolean;
  report: ProposalReport<P>;
  outcomes: Map<string, Outcome<ProposalResult<P>>>;
  /** See `WriteContext`. */
  checksBaseAgain: boolean;
}

/** What became of a proposal in one round. */
export interface Done {
  action: ProposalResult['action'];
  reason: string;
  pullRequest?: { number: number; url: string } | undefined;
  /** The commit that was made directly. */
  commit?: string;
  mergesByItself?: boolean;
  holdsChanged?: boolean;
  /** Whether it is only what would be done. */
  rehearsed?: boolean;
  head?: string | undefined;
}

/** What the works of one round are written with. */
export function writeContextOf<P extends Proposal>(
  { options, checksBaseAgain }: Run<P>,
  snapshot: Snapshot,
): WriteContext {
  const { mergeMethod, patience } = options;
  const { ops, repo, warn } = snapshot;
  return {
    ...ops,
    repo,
    people: options,
    mergeMethod,
    patience,
    checksBaseAgain,
    bases: new Set([repo.baseOid]),
    warn,
  };
}

/** Whether a proposal is still to be done in this run. */
export function isOpen<P extends Proposal>({ outcomes }: Run<P>, subject: string): boolean {
  const state = outcomes.get(subject)?.state;
  return state === undefined || state === 'again';
}

/**
 * Notes what became of a proposal.
 *
 * @param again why it is to be looked at once more; empty where it is done
 */
export function noteOutcome<P extends Proposal>(
  { outcomes, options, direct, repository }: Run<P>,
  { proposal, base, branch }: Pick<Survey<P>, 'proposal' | 'base' | 'branch'>,
  done: Done,
  again = '',
): void {
  const pullRequest = done.pullRequest ?? (direct ? undefined : branch.open);
  const { commit = '' } = done;
  const page = `${options.serverUrl}/${repository}`;
  const result = {
    proposal,
    planned: base,
    number: pullRequest?.number ?? null,
    url: commit === '' ? (pullRequest?.url ?? '') : `${page}/commit/${commit}`,
    commit,
    head: done.head,
    action: done.action,
    reason: done.reason,
    mergesByItself: done.mergesByItself ?? mergesByItself(branch.open),
    holdsChanged: done.holdsChanged === true,
    rehearsed: done.rehearsed === true,
  };
  const outcome =
    again === '' ? ({ state: 'settled', result } as const) : { state: 'again' as const, reason: again, result };
  outcomes.set(proposal.subject, combine(outcomes.get(proposal.subject), outcome));
}
