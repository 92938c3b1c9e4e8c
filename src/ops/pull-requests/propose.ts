import { setTimeout as sleep } from 'node:timers/promises';
import { type Connected, nameOf } from '../../github/connected.js';
import { type Looked, lookAt } from '../repository/look.js';
import type { People } from '../repository/opening.js';
import type { Look } from '../repository/snapshot.js';
import { unifiedDiff } from '../tree/diff.js';
import { closeProposed } from './close-proposed.js';
import { commitDirectly } from './direct.js';
import { execute, rehearse } from './execute.js';
import { type Execution, looksTwiceIn, type MergeMethodChoice } from './execution.js';
import type { Patience } from './merge.js';
import { collect, combine, DRY_RUN, type Outcome, onceInto } from './outcome.js';
import type { Proposal, ProposalReport, ProposalResult } from './proposal.js';
import { type Survey, survey, workFor } from './survey.js';
import { executedOf, type Work } from './work.js';

export interface ProposeOptions extends People {
  /** Commit to the default branch instead of opening pull requests. */
  direct: boolean;
  dryRun: boolean;
  mergeMethod: MergeMethodChoice;
  patience: Patience;
  /** `https://github.com`. */
  serverUrl: string;
}

/** Rounds until a run gives up against others that keep changing the same branches. */
const ROUNDS = 6;

interface Run<P extends Proposal> {
  /** `owner/name`. */
  repository: string;
  options: ProposeOptions;
  report: ProposalReport<P>;
  outcomes: Map<string, Outcome<ProposalResult<P>>>;
  /** See `Execution`. */
  looksTwice: boolean;
}

/**
 * Sees to it that an ops repository has what a verb proposes: one pull request for each proposal, or one commit.
 *
 * Each round takes one look, prepares the proposals of it, plans them and writes with compare-and-swap. What somebody else
 * changed meanwhile is looked at and prepared again; nothing is ever rebased as text. A verb whose answer must not move with
 * the base (the version before the current one) remembers it from its first look.
 *
 * @param prepare makes the proposals of one look
 * @throws Error when the repository cannot be read, its policy or holds are broken, or `prepare` throws
 */
export async function propose<P extends Proposal>(
  ops: Connected,
  prepare: (look: Look) => Promise<P[]>,
  options: ProposeOptions,
): Promise<ProposalReport<P>> {
  const report: ProposalReport<P> = { results: [], failures: [], warnings: [], diffs: new Map(), texts: new Map() };
  const run: Run<P> = { repository: nameOf(ops), options, report, outcomes: new Map(), looksTwice: true };
  const warn = onceInto(report.warnings);
  for (let round = 1, left = ROUNDS; left > 0; round++) {
    const looked = await lookAt(ops, options, warn);
    const proposals = (await prepare(looked.look)).filter(({ subject }) => isOpen(run, subject));
    const surveys = await Promise.all(proposals.map((proposal) => survey(looked, proposal)));
    endOthers(run, surveys);
    run.looksTwice = looksTwiceIn(round);
    const committed = await play(run, looked, surveys);
    if (options.dryRun || ![...run.outcomes.values()].some(({ state }) => state === 'again')) {
      break;
    }
    if (!committed) {
      left--;
      await sleep(options.patience.pollMs * Math.min(round, ROUNDS) * Math.random());
    }
  }
  collect(run.outcomes, run.report);
  return report;
}

/** What is no longer proposed on a second look is there, or in the hands of others. */
function endOthers<P extends Proposal>({ outcomes }: Run<P>, surveys: readonly Survey<P>[]): void {
  const subjects = new Set(surveys.map(({ proposal }) => proposal.subject));
  for (const [subject, outcome] of outcomes) {
    if (outcome.state === 'again' && outcome.result !== undefined && !subjects.has(subject)) {
      outcomes.set(subject, { state: 'settled', result: outcome.result });
    }
  }
}

function isOpen<P extends Proposal>({ outcomes }: Run<P>, subject: string): boolean {
  const state = outcomes.get(subject)?.state;
  return state === undefined || state === 'again';
}

/** @returns whether a commit was made directly, so that the rest has to be looked at again */
async function play<P extends Proposal>(run: Run<P>, looked: Looked, surveys: readonly Survey<P>[]): Promise<boolean> {
  const possible = surveys.filter(({ proposal, base }) => {
    if (base.state === 'refused') {
      run.outcomes.set(proposal.subject, { state: 'failed', error: base.error });
    }
    return base.state !== 'refused';
  });
  if (run.options.dryRun) {
    await rehearseAll(run, looked, possible);
    return false;
  }
  if (run.options.direct) {
    return playDirectly(run, looked, possible);
  }
  await playPullRequests(run, looked, possible);
  return false;
}

async function rehearseAll<P extends Proposal>(
  run: Run<P>,
  looked: Looked,
  surveys: readonly Survey<P>[],
): Promise<void> {
  for (const each of surveys) {
    const { base, proposal } = each;
    if (base.state === 'change') {
      run.report.diffs.set(proposal.subject, unifiedDiff(base.before, base.change));
    }
    const work = await workFor(looked, each);
    if (work.step.do === 'nothing') {
      settle(run, each, { action: work.step.action, reason: work.step.reason });
    } else if (run.options.direct && base.state === 'change') {
      settle(run, each, { action: 'committed', reason: DRY_RUN });
    } else {
      const done = rehearse(work);
      run.report.texts.set(proposal.subject, work.body);
      const action = done.state === 'settled' ? done.action : 'unchanged';
      settle(run, each, { action, reason: DRY_RUN, pullRequest: work.open });
    }
  }
}

/** Commits the first that changes something; the others are planned again on top of it. No pull request of theirs stays. */
async function playDirectly<P extends Proposal>(
  run: Run<P>,
  looked: Looked,
  surveys: readonly Survey<P>[],
): Promise<boolean> {
  const { look } = looked;
  const execution = executionOf(run, look);
  let isFirst = true;
  let wasCommitted = false;
  for (const each of surveys) {
    const { base, proposal } = each;
    if (base.state === 'nothing') {
      const pullRequest = await closeProposed(looked, execution, each, base.reason);
      settle(run, each, { action: pullRequest ? 'closed' : 'unchanged', reason: base.reason, pullRequest });
    } else if (base.state === 'change' && isFirst) {
      isFirst = false;
      const done = await commitDirectly(look, proposal, base);
      wasCommitted = done.state === 'committed';
      if (done.state === 'committed') {
        const reason = `it was committed to ${look.opening.base} directly, as ${done.oid}`;
        await closeProposed(looked, execution, each, reason);
        settle(run, each, { action: 'committed', reason: '', commit: done.oid });
      } else {
        run.outcomes.set(proposal.subject, done);
      }
    } else {
      run.outcomes.set(proposal.subject, { state: 'again', reason: 'another commit of this run came first' });
    }
  }
  return wasCommitted;
}

async function playPullRequests<P extends Proposal>(
  run: Run<P>,
  looked: Looked,
  surveys: readonly Survey<P>[],
): Promise<void> {
  const { look } = looked;
  const works = new Map<Work, Survey<P>>();
  for (const each of surveys) {
    const work = await workFor(looked, each);
    if (work.step.do === 'nothing') {
      const { action, reason } = work.step;
      settle(run, each, { action, reason, pullRequest: work.open });
    } else {
      works.set(work, each);
    }
  }
  const alongside = surveys.flatMap(({ proposal, base }) =>
    base.state === 'change' ? (proposal.alongside ?? []) : [],
  );
  const executed = await execute(executionOf(run, look), [...works.keys()], alongside);
  for (const [work, each] of works) {
    const done = executedOf(executed, work);
    const settled = done.state === 'again' ? done.settled : undefined;
    if (done.state === 'settled') {
      settle(run, each, done);
    } else if (settled === undefined || done.state === 'failed') {
      run.outcomes.set(each.proposal.subject, done);
    } else {
      settle(run, each, settled, done.reason);
    }
  }
}

function executionOf<P extends Proposal>({ options, looksTwice }: Run<P>, look: Look): Execution {
  const { mergeMethod, patience } = options;
  const { ops, opening, warn } = look;
  return { ...ops, opening, people: options, mergeMethod, patience, noun: 'Proposals', looksTwice, warn };
}

function settle<P extends Proposal>(
  { outcomes, options, repository }: Run<P>,
  { proposal, base, branch }: Survey<P>,
  done: {
    action: ProposalResult['action'];
    reason: string;
    pullRequest?: { number: number; url: string } | undefined;
    commit?: string;
    elsewhere?: boolean;
  },
  again = '',
): void {
  const pullRequest = done.pullRequest ?? (options.direct ? undefined : branch.open);
  const { commit = '' } = done;
  const page = `${options.serverUrl}/${repository}`;
  const result = {
    proposal,
    planned: base,
    number: pullRequest?.number ?? null,
    url: commit === '' ? (pullRequest?.url ?? '') : `${page}/commit/${commit}`,
    commit,
    action: done.action,
    reason: done.reason,
    elsewhere: done.elsewhere === true,
  };
  const outcome =
    again === '' ? ({ state: 'settled', result } as const) : { state: 'again' as const, reason: again, result };
  outcomes.set(proposal.subject, combine(outcomes.get(proposal.subject), outcome));
}
