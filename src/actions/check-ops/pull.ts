import { type CheckedPull, readPull } from '../../ops/verbs/check/pulls.js';
import { reportMarkdown } from '../../ops/verbs/check/report.js';
import { COMMENT_BYTES, Teller } from '../../ops/verbs/check/tell.js';
import { type Checked, type CheckRun, pullsOf } from './check-run.js';
import { type OpenedRepository, proposedBy, snapshot } from './look.js';

/** How often a pull request that changes under our eyes is looked at again. */
const MOST_LOOKS = 3;

const CONFLICT =
  'GitHub has no merge of it into its base: it has conflicts, or GitHub is still working on it. Resolve them, or run it again.';

/** How to look at a pull request. */
export interface How {
  /** Whether its files are checked and built, and the report is put under it. */
  whole: boolean;
  /** The commit of its merge that this run is of, where it is of one. */
  merge: string | undefined;
}

/** Checks a pull request, and says on it what came out. */
export async function checkPull(run: CheckRun, first: CheckedPull, how: How): Promise<Checked> {
  const { pull, opened } = await lookUntilItStands(run, first, how);
  const about = { number: pull.number, sha: pull.headOid };
  if (opened === undefined) {
    const [notes, failures] = how.whole ? [[], [CONFLICT]] : [[CONFLICT], []];
    return { ...about, verdicts: [], files: undefined, notes, failures };
  }
  const { verdicts, files } = opened;
  const { inputs, context } = run;
  const teller = new Teller(run.github, run.repository, excuse(run, pull));
  if (inputs.statuses && !inputs.dryRun) {
    await teller.statuses(pull.headOid, verdicts, pull.statuses, context.runUrl);
  }
  if (files !== undefined && inputs.comment && !inputs.dryRun) {
    const page = `${context.serverUrl}/${context.repository}/blob/${pull.headOid}`;
    const report = { verdicts, ...files, page, runUrl: context.runUrl, notes: [...teller.notes, ...teller.failures] };
    await teller.comment(pull.number, reportMarkdown(report, COMMENT_BYTES - 100));
  }
  return { ...about, verdicts, files, notes: [...teller.notes], failures: [...teller.failures] };
}

/**
 * Looks, and reads the pull request once more before anything is said: a review or a push in the meantime has a run of its
 * own, which may have spoken already, and the older word must not be the last.
 */
async function lookUntilItStands(run: CheckRun, first: CheckedPull, how: How) {
  let pull = first;
  let merge = how.merge;
  for (let looks = 1; ; looks++) {
    const range = { merge: merge ?? `refs/pull/${pull.number}/merge`, expectedHead: pull.headOid };
    // Of a pull request that has come into conflict, GitHub keeps the merge that it once had.
    const opened = pull.conflicts ? undefined : await snapshot(run, range, proposedBy(run, pull), how.whole);
    if (opened === undefined || !saysAnything(opened, pull)) {
      return { pull, opened };
    }
    const now = await readPull(pullsOf(run), pull.number);
    if (looks === MOST_LOOKS || stands(pull, now)) {
      return { pull: now, opened };
    }
    [pull, merge] = [now, undefined];
  }
}

/** Whether a status would be set that is not there already, or a comment is to be written. */
function saysAnything({ verdicts, files }: OpenedRepository, { statuses }: CheckedPull): boolean {
  return (
    files !== undefined ||
    verdicts.some(({ environment, state, line }) => {
      const known = statuses.get(`ostack/${environment}`);
      return known?.state !== state || known.description !== line;
    })
  );
}

function stands(before: CheckedPull, now: CheckedPull): boolean {
  const key = ({ headOid, base, approvedBy, refusedBy }: CheckedPull) =>
    JSON.stringify([headOid, base, [...approvedBy].sort(), [...refusedBy].sort()]);
  return key(before) === key(now);
}

/**
 * Why this run's token may only read, a sentence; `undefined` where it should be able to write.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
 */
function excuse({ event, context }: CheckRun, { fromFork }: CheckedPull): string | undefined {
  const about = fromFork ? 'a pull request from a fork' : 'Dependabot';
  return event.startsWith('pull_request') && (fromFork || context.actor === 'dependabot[bot]')
    ? `The token that GitHub gives ${about} can only read: the report is in this run’s summary, and the commit statuses of the ` +
        'environments are set by the next run on a schedule or by hand.'
    : undefined;
}
