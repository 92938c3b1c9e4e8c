import { COMMENT_BYTES, Publisher } from '../../ops/verbs/check/publish.js';
import { type CheckedPull, readPull } from '../../ops/verbs/check/pulls.js';
import { reportMarkdown } from '../../ops/verbs/check/report.js';
import { type CheckedChange, checkChange, proposedBy } from './check-change.js';
import { type Checked, type CheckRun, pullsOf } from './check-run.js';

/** How often a pull request is checked that changes while it is being checked. */
const MOST_ROUNDS = 3;

const CONFLICT =
  'GitHub has no merge of this pull request into its base: it has conflicts, or GitHub is still computing the merge. Resolve the conflicts, or run the check again.';

/** How much of a pull request is checked. */
export interface PullScope {
  /** Whether its files are checked and built, and the report becomes a comment on it. */
  whole: boolean;
  /** The merge commit that this run is for; `undefined` for the newest that GitHub has. */
  merge: string | undefined;
}

/**
 * Checks a pull request, and sets its commit statuses and its comment as far as the inputs ask for them.
 *
 * @throws what a failed request throws
 */
export async function checkPull(run: CheckRun, first: CheckedPull, scope: PullScope): Promise<Checked> {
  const { pull, found } = await checkUntilStable(run, first, scope);
  const about = { number: pull.number, sha: pull.headOid };
  if (found === undefined) {
    const [notes, failures] = scope.whole ? [[], [CONFLICT]] : [[CONFLICT], []];
    return { ...about, verdicts: [], files: undefined, notes, failures };
  }
  const { verdicts, files } = found;
  const { inputs, context } = run;
  const publisher = new Publisher(run.github, run.repository, whyReadOnly(run, pull));
  if (inputs.statuses && !inputs.dryRun) {
    await publisher.statuses(pull.headOid, verdicts, pull.statuses, context.runUrl);
  }
  if (files !== undefined && inputs.comment && !inputs.dryRun) {
    const page = `${context.serverUrl}/${context.repository}/blob/${pull.headOid}`;
    const report = {
      verdicts,
      ...files,
      page,
      runUrl: context.runUrl,
      notes: [...publisher.notes, ...publisher.failures],
    };
    await publisher.comment(pull.number, reportMarkdown(report, COMMENT_BYTES - 100));
  }
  return { ...about, verdicts, files, notes: [...publisher.notes], failures: [...publisher.failures] };
}

/**
 * Checks the pull request, reads it once more before anything is written, and checks it again where it has changed: a
 * review or a push in the meantime starts a run of its own, whose newer results this run must not overwrite.
 */
async function checkUntilStable(run: CheckRun, first: CheckedPull, scope: PullScope) {
  let pull = first;
  let merge = scope.merge;
  for (let round = 1; ; round++) {
    const range = { merge: merge ?? `refs/pull/${pull.number}/merge`, expectedHead: pull.headOid };
    // For a pull request with conflicts, GitHub keeps the merge from before the conflicts.
    const found = pull.conflicts
      ? undefined
      : await checkChange(run, range, proposedBy(run, pull), scope.whole, pull.base);
    if (found === undefined || !hasNews(found, pull)) {
      return { pull, found };
    }
    const now = await readPull(pullsOf(run), pull.number);
    if (round === MOST_ROUNDS || isUnchanged(pull, now)) {
      return { pull: now, found };
    }
    [pull, merge] = [now, undefined];
  }
}

/** Whether there is anything to write: a comment, or a status that differs from the one that is there. */
function hasNews({ verdicts, files }: CheckedChange, { statuses }: CheckedPull): boolean {
  return (
    files !== undefined ||
    verdicts.some(({ environment, state, line }) => {
      const known = statuses.get(`ostack/${environment}`);
      return known?.state !== state || known.description !== line;
    })
  );
}

/** Whether nothing of a pull request has changed that its verdicts depend on. */
function isUnchanged(before: CheckedPull, now: CheckedPull): boolean {
  const key = ({ headOid, base, approvedBy, refusedBy }: CheckedPull) =>
    JSON.stringify([headOid, base, [...approvedBy].sort(), [...refusedBy].sort()]);
  return key(before) === key(now);
}

/**
 * Why this run's token may only read, a sentence; `undefined` where it should be able to write.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
 */
function whyReadOnly({ event, context }: CheckRun, { fromFork }: CheckedPull): string | undefined {
  const about = fromFork ? 'a pull request from a fork' : 'Dependabot';
  return event.startsWith('pull_request') && (fromFork || context.actor === 'dependabot[bot]')
    ? `The token that GitHub gives ${about} can only read: the report is in this run’s summary, and the commit statuses of the ` +
        'environments are set by the next run on a schedule or by hand.'
    : undefined;
}
