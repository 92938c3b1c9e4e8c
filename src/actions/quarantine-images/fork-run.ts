import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import type { RunEvent } from '../../github/event.js';

/** A run of a pull request from a fork that has ended. All of it comes from GitHub, nothing from the fork. */
export interface ForkRun {
  /** `owner/name` of the fork. */
  fork: string;
  branch: string;
  /** Full id of the commit that it was a run of. */
  head: string;
}

const payloadSchema = v.object({
  workflow_run: v.object({
    event: v.string(),
    head_branch: v.nullable(v.string()),
    head_sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)),
    head_repository: v.nullable(v.object({ full_name: v.string() })),
  }),
});

/**
 * Reads the run from a `workflow_run` event.
 *
 * @param repository `owner/name` of this repository
 * @throws Error when it was not a run of a pull request from a fork
 */
export function readForkRun({ name, payload }: RunEvent, repository: string): ForkRun {
  const parsed = v.safeParse(payloadSchema, payload);
  if (name !== 'workflow_run' || !parsed.success) {
    throw new Error(
      `This run is of the event "${name}", expected "workflow_run": the images are those of a run that has ended.`,
    );
  }
  const { event, head_branch: branch, head_sha: head, head_repository: source } = parsed.output.workflow_run;
  const fork = source?.full_name ?? '';
  if (event !== 'pull_request' || branch === null || fork === '' || fork.toLowerCase() === repository.toLowerCase()) {
    throw new Error(
      `The run that has ended is of the event "${event}" in "${fork}", expected "pull_request" in a fork of ${repository}. ` +
        'Pull requests of the repository itself get their images in their own run.',
    );
  }
  return { fork, branch, head };
}

/** Numbers of the open pull requests from its branch whose head is its commit. */
export async function pullRequestsOf(apps: Connected, { fork, branch, head }: ForkRun): Promise<number[]> {
  const { owner, name: repo } = apps.repository;
  const operation = {
    doing: 'look for the pull request',
    repository: nameOf(apps),
    permission: 'pull-requests: read',
  };
  const { data } = await attempt(operation, () =>
    apps.github.octokit.request('GET /repos/{owner}/{repo}/pulls', {
      ...{ owner, repo },
      state: 'open',
      head: `${fork.split('/')[0]}:${branch}`,
      per_page: 100,
    }),
  );
  return data
    .filter((pull) => pull.head.sha === head && pull.head.repo?.full_name.toLowerCase() === fork.toLowerCase())
    .map(({ number }) => number);
}
