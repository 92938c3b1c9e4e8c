import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { isRequestFailure } from '../../../github/errors.js';

const workflowSchema = v.object({ created_at: v.string() });

/**
 * When GitHub first knew this workflow: nothing before that was there to be audited. Nobody who may only write can move it.
 *
 * @param workflow file of the workflow; empty where nothing tells it
 * @returns `undefined` where it is not known, or the token may not read workflows
 * @see https://docs.github.com/rest/actions/workflows#get-a-workflow
 */
export async function knownSince(
  { github, repository: { owner, name: repo } }: Connected,
  workflow: string,
): Promise<Date | undefined> {
  if (workflow === '') {
    return undefined;
  }
  try {
    const route = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}';
    const answer = await github.octokit.request(route, { owner, repo, workflow_id: workflow });
    return new Date(v.parse(workflowSchema, answer.data).created_at);
  } catch (error) {
    if (isRequestFailure(error)) {
      return undefined;
    }
    throw error;
  }
}
