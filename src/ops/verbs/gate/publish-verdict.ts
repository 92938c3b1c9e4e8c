import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import { checkTitle } from '../../../report/check-title.js';
import { cutMarkdown } from '../../../report/cut.js';
import { plain } from '../../../report/markdown.js';
import type { GateVerdict } from '../../judgement/evaluate-change.js';
import type { HeadVerdict } from '../../judgement/head-verdict.js';
import type { KnownCheck } from '../../judgement/known-checks.js';
import { environmentCheckOf } from '../../policy/gate-check.js';
import { verdictMarkdown } from './report.js';

/** GitHub takes this much of a summary. */
const SUMMARY_BYTES = 60_000;

/** A check run as it is to be. */
interface Wanted {
  name: string;
  isAllowed: boolean;
  title: string;
  summary: string;
}

/**
 * Writes the check runs of a head: the one that the branch requires, and one for each environment that it alters. What is right already stays.
 * Not yet is a failure: GitHub takes anything softer for a pass. Withdrawn is what is no longer true before anything else is
 * written.
 *
 * @param gate name of the one that the branch requires
 * @param known the check runs of the head that this App made, by name
 * @returns the number of those written
 * @throws Error naming the permission that the token lacks
 */
export async function publishVerdict(
  ops: Connected,
  verdict: HeadVerdict,
  gate: string,
  known: ReadonlyMap<string, KnownCheck>,
  detailsUrl: string,
): Promise<number> {
  const required: Wanted = {
    name: gate,
    ...{
      isAllowed: verdict.isAllowed,
      title: verdict.title,
      summary: cutMarkdown(verdictMarkdown(verdict), SUMMARY_BYTES),
    },
  };
  const environments = verdict.pulls.flatMap(({ verdicts }) => verdicts).filter(({ touched }) => touched);
  const all = [required, ...worstOfEach(environments).map((each) => environmentCheck(gate, each))];
  const stale = [...known.keys()]
    .filter((name) => name.startsWith(environmentCheckOf(gate, '')) && all.every((each) => each.name !== name))
    .map(
      (name): Wanted => ({
        name,
        isAllowed: true,
        title: 'No change.',
        summary: 'It does not alter this environment.',
      }),
    );
  const open = [...all, ...stale].filter((wanted) => !isThere(known.get(wanted.name), wanted));
  await attempt(operationIn(ops.repository, 'write check runs', 'checks: write'), async () => {
    for (const wanted of open) {
      await write(ops, verdict.head, wanted, known.get(wanted.name), detailsUrl);
    }
  });
  return open.length;
}

function worstOfEach(verdicts: readonly GateVerdict[]): GateVerdict[] {
  const rank = { failure: 0, pending: 1, success: 2 };
  const sorted = [...verdicts].sort((one, other) => rank[other.state] - rank[one.state]);
  return [...new Map(sorted.map((each) => [each.environment, each])).values()];
}

function environmentCheck(gate: string, { environment, state, reason }: GateVerdict): Wanted {
  const isAllowed = state === 'success';
  const summary = cutMarkdown(plain(reason), SUMMARY_BYTES);
  return { name: environmentCheckOf(gate, environment), isAllowed, title: checkTitle(reason), summary };
}

function isThere(known: KnownCheck | undefined, { isAllowed, title }: Wanted): boolean {
  return known?.conclusion === (isAllowed ? 'success' : 'failure') && known.title === title;
}

async function write(
  { github, repository: { owner, name: repo } }: Connected,
  head: string,
  { name, isAllowed, title, summary }: Wanted,
  known: KnownCheck | undefined,
  detailsUrl: string,
): Promise<void> {
  const conclusion = isAllowed ? 'success' : 'failure';
  const details = detailsUrl === '' ? {} : { details_url: detailsUrl };
  const output = { title, summary };
  // A second one with the same values changes nothing.
  const request = { repeatable: true };
  if (known === undefined) {
    const status = 'completed';
    await github.octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      owner,
      repo,
      name,
      head_sha: head,
      status,
      conclusion,
      output,
      request,
      ...details,
    });
  } else {
    const id = known.id;
    // Since when a head is allowed stays, whatever else is said of it: by that GitHub's time before a freeze is counted.
    const since = isAllowed && known.conclusion === 'success' ? known.completedAt : undefined;
    await github.octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner,
      repo,
      check_run_id: id,
      status: 'completed',
      conclusion,
      output,
      request,
      ...details,
      ...(since === undefined ? {} : { completed_at: since.toISOString() }),
    });
  }
}
