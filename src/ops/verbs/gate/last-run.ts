import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { isRequestFailure } from '../../../github/errors.js';

const runsSchema = v.object({
  workflow_runs: v.array(v.object({ id: v.number(), event: v.string(), created_at: v.string() })),
});

/** Runs that are looked through for one that wrote. */
const MOST = 50;

/**
 * When the last run of this workflow began that ended well, and so has seen to everything that was there before. A run by hand may
 * have been a dry run, and does not count.
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
    const runs = v.parse(runsSchema, answer.data).workflow_runs;
    const last = runs.find(({ id, event }) => String(id) !== own && event !== 'workflow_dispatch');
    return last && new Date(last.created_at);
  } catch (error) {
    if (isRequestFailure(error)) {
      return undefined;
    }
    throw error;
  }
}
