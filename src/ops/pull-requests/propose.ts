import { setTimeout as sleep } from 'node:timers/promises';
import { type Connected, nameOf } from '../../github/connected.js';
import { type OpenedRepository, openRepository } from '../repository/open-repository.js';
import type { People } from '../repository/repository-state.js';
import type { Snapshot } from '../repository/snapshot.js';
import { unifiedDiff } from '../tree/unified-diff.js';
import { closeProposed } from './close-proposed.js';
import { commitDirectly } from './direct.js';
import { execute, rehearse } from './execute.js';
import { checksBaseAgainIn, type Execution, type MergeMethodChoice } from './execution.js';
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
  checksBaseAgain: boolean;
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
  prepare: (snapshot: Snapshot) => Promise<P[]>,
  options: ProposeOptions,
): Promise<ProposalReport<P>> {
  const report: ProposalReport<P> = { results: [], failures: [], warnings: [], diffs: new Map(), texts: new Map() };
  const run: Run<P> = { repository: nameOf(ops), options, report, outcomes: new Map(), checksBaseAgain: true };
  const warn = onceInto(report.warnings);
  for (let round = 1, left = ROUNDS; left > 0; round++) {
    const opened = await openRepository(ops, options, warn);
    const proposals = (await prepare(opened.snapshot)).filter(({ subject }) => isOpen(run, subject));
    const surveys = await Promise.all(proposals.map((proposal) => survey(opened, proposal)));
    endOthers(run, surveys);
    run.checksBaseAgain = checksBaseAgainIn(round);
    const committed = await play(run, opened, surveys);
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
async function play<P extends Proposal>(
  run: Run<P>,
  opened: OpenedRepository,
  surveys: readonly Survey<P>[],
): Promise<boolean> {
  const possible = surveys.filter(({ proposal, base }) => {
    if (base.state === 'refused') {
      run.outcomes.set(proposal.subject, { state: 'failed', error: base.error });
    }
    return base.state !== 'refused';
  });
  if (run.options.dryRun) {
    await rehearseAll(run, opened, possible);
    return false;
  }
  if (run.options.direct) {
    return playDirectly(run, opened, possible);
  }
  await playPullRequests(run, opened, possible);
  return false;
}

async function rehearseAll<P extends Proposal>(
  run: Run<P>,
  opened: OpenedRepository,
  surveys: readonly Survey<P>[],
): Promise<void> {
  for (const each of surveys) {
    const { base, proposal } = each;
    if (base.state === 'change') {
      run.report.diffs.set(proposal.subject, unifiedDiff(base.before, base.change));
    }
    const work = await workFor(opened, each);
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
  opened: OpenedRepository,
  surveys: readonly Survey<P>[],
): Promise<boolean> {
  const { snapshot } = opened;
  const execution = executionOf(run, snapshot);
  let isFirst = true;
  let wasCommitted = false;
  for (const each of surveys) {
    const { base, proposal } = each;
    if (base.state === 'nothing') {
      const pullRequest = await closeProposed(opened, execution, each, base.reason);
      settle(run, each, { action: pullRequest ? 'closed' : 'unchanged', reason: base.reason, pullRequest });
    } else if (base.state === 'change' && isFirst) {
      isFirst = false;
      const done = await commitDirectly(snapshot, proposal, base);
      wasCommitted = done.state === 'committed';
      if (done.state === 'committed') {
        const reason = `it was committed to ${snapshot.repo.base} directly, as ${done.oid}`;
        await closeProposed(opened, execution, each, reason);
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
  opened: OpenedRepository,
  surveys: readonly Survey<P>[],
): Promise<void> {
  const { snapshot } = opened;
  const works = new Map<Work, Survey<P>>();
  for (const each of surveys) {
    const work = await workFor(opened, each);
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
  const executed = await execute(executionOf(run, snapshot), [...works.keys()], alongside);
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

function executionOf<P extends Proposal>({ options, checksBaseAgain }: Run<P>, snapshot: Snapshot): Execution {
  const { mergeMethod, patience } = options;
  const { ops, repo, warn } = snapshot;
  return { ...ops, repo, people: options, mergeMethod, patience, noun: 'Proposals', checksBaseAgain, warn };
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
