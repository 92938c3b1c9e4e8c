import * as v from 'valibot';

import type { RunContext } from '../github/context.js';

/** The run that asks. */
export type AskingRun = Pick<RunContext, 'repository' | 'ref' | 'sha' | 'runId'> & {
  /** `.github/workflows/release.yml` */
  workflow: string;
  /** Whether this is not its first attempt. */
  isAgain: boolean;
};

/** A run as REST shows it (`workflow-run`), as far as it says whether a record of it can be believed. */
export const recordingRunSchema = v.object({
  id: v.number(),
  event: v.string(),
  status: v.nullish(v.string()),
  conclusion: v.nullish(v.string()),
  path: v.string(),
  head_branch: v.nullish(v.string()),
  head_sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'expected the full id of a commit')),
  head_repository: v.nullish(v.object({ full_name: v.string() })),
});

export type RecordingRun = v.InferOutput<typeof recordingRunSchema>;

/** Events of what is in a branch. A pull request's run has the files of the pull request. */
const EVENTS = new Set(['push', 'workflow_dispatch', 'schedule', 'repository_dispatch']);

/**
 * Why what a run recorded is not taken for a build of the release branch: it must be of the same workflow file of this very
 * repository and branch, and its newest attempt must have succeeded. That its commit is in the branch is asked of git.
 *
 * @returns the middle of a sentence; `undefined` where nothing is against it
 */
export function whyNotTrusted(
  run: RecordingRun,
  asking: Pick<AskingRun, 'repository' | 'workflow' | 'ref'>,
): string | undefined {
  const whose = run.head_repository?.full_name;
  const checks: [boolean, string][] = [
    [whose?.toLowerCase() === asking.repository.toLowerCase(), `is of ${whose ?? 'a repository that is gone'}`],
    [`refs/heads/${run.head_branch ?? ''}` === asking.ref, `is of the branch ${run.head_branch ?? '(none)'}`],
    // Where a branch and a tag have one name, GitHub adds the ref that was meant.
    [run.path.replace(/@.*$/s, '') === asking.workflow, `is of the workflow ${run.path}`],
    [EVENTS.has(run.event), `was started by ${run.event}`],
    [
      run.status === 'completed' && run.conclusion === 'success',
      `ended as ${run.conclusion ?? run.status ?? 'nothing'}`,
    ],
  ];
  const found = checks.find(([holds]) => !holds);
  return found && `run ${run.id} ${found[1]}`;
}
