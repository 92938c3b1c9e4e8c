import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { isRequestFailure } from '../../../github/errors.js';

const runsSchema = v.object({
  workflow_runs: v.array(v.object({ id: v.number(), event: v.string(), created_at: v.string() })),
});

type Run = v.InferOutput<typeof runsSchema>['workflow_runs'][number];

/** Runs that are looked through for one that wrote. */
const MOST = 50;

/**
 * Events that run the default branch's file and nothing else. A push runs the file of whatever was pushed, also of a tag that is
 * called as the default branch is, and a run by hand may have been a dry run.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const OF_DEFAULT_BRANCH = new Set(['workflow_run', 'schedule', 'repository_dispatch']);

/**
 * When the last run of this workflow began that ended well, and so has seen to everything that was there before. A branch may have
 * another file of the same name, so only a run that surely was the default branch's counts.
 *
 * @param workflow file of the workflow; empty where nothing tells it
 * @param own id of this run
 * @returns `undefined` where there is none, or the token may not read runs
 */
export async function lastRunBegan(
  { github, repository: { owner, name: repo } }: Connected,
  workflow: string,
  own: string,
): Promise<Date | undefined> {
  if (workflow === '') {
    return undefined;
  }
  try {
    const answer = await github.octokit.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
      ...{ owner, repo, workflow_id: workflow, status: 'success', per_page: MOST },
    });
    return lastSeen(v.parse(runsSchema, answer.data).workflow_runs, own);
  } catch (error) {
    if (isRequestFailure(error)) {
      return undefined;
    }
    throw error;
  }
}

/** @param runs that ended well, newest first. @param own id of this run */
export function lastSeen(runs: readonly Run[], own: string): Date | undefined {
  const last = runs.find(({ id, event }) => String(id) !== own && OF_DEFAULT_BRANCH.has(event));
  return last && new Date(last.created_at);
}

/** How much further back another repository is looked through. */
const FURTHER_BACK_MS = 3 * 24 * 3_600_000;

/**
 * Since when another repository is looked through for what was closed: it may have been out of reach in runs that ended well.
 *
 * @param since when the last run began that ended well; the beginning where there is none
 */
export function furtherBack(since: Date | undefined): Date | undefined {
  return since && new Date(since.getTime() - FURTHER_BACK_MS);
}
