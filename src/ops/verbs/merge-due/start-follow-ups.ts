import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { workflowFile } from '../../../github/context.js';
import { attempt } from '../../../github/errors.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import { readPushes } from '../../ledger/read-pushes.js';
import { followUpsOf, type WorkflowFile } from './follow-ups.js';

/** Whose pushes start no workflows: a workflow's own token. */
const WORKFLOW_TOKEN = 'github-actions[bot]';
/** Events of runs that do what a push would have had done. */
const SAME_AS_PUSH = new Set(['push', 'schedule', 'workflow_dispatch']);
const FOLDER = '.github/workflows';

/** What was started after the newest commit of the default branch. */
export interface Started {
  /** Files of workflows. */
  started: string[];
  /** Files of workflows that react to pushes and cannot be started. */
  cannot: string[];
}

const NOTHING: Started = { started: [], cannot: [] };

const runsSchema = v.object({ workflow_runs: v.array(v.object({ path: v.string(), event: v.string() })) });
const folderSchema = v.nullable(
  v.object({
    entries: v.optional(
      v.nullable(
        v.array(
          v.object({ name: v.string(), object: v.nullable(v.object({ text: v.optional(v.nullable(v.string())) })) }),
        ),
      ),
    ),
  }),
);

/**
 * Starts what a push to the default branch would have started, where the newest one was made with a workflow's token, after
 * which GitHub starts nothing: by a merge of this run or of one that was stopped, by auto-merge that such a token turned on, or
 * by a direct commit of a verb. A workflow that has run at that commit is left.
 *
 * @param own file of the workflow that runs
 * @throws Error naming the permission that the token lacks
 */
export async function startFollowUps(ops: Connected, branch: string, own: string, dryRun: boolean): Promise<Started> {
  const [newest] = await readPushes(ops, branch, (pushes) => pushes.length > 0, 1);
  if (newest?.actor !== WORKFLOW_TOKEN) {
    return NOTHING;
  }
  const operation = operationIn(ops.repository, 'start what follows a merge', 'actions: write" and "contents: read');
  return attempt(operation, async () => {
    const [files, ran] = await Promise.all([workflowsAt(ops, newest.after), ranAt(ops, newest.after)]);
    const { start, cannot } = followUpsOf(files, branch, own);
    const left = start.filter((name) => !ran.has(name));
    for (const name of dryRun ? [] : left) {
      await dispatch(ops, name, branch);
    }
    return { started: left, cannot };
  });
}

async function workflowsAt(ops: Connected, oid: string): Promise<WorkflowFile[]> {
  const reader = repositoryReader(ops.github, ops.repository, 'FollowUps');
  const folder = await reader.load({
    text: (bind) =>
      `object(expression: ${bind('String!', `${oid}:${FOLDER}`)}) { ... on Tree { entries { name object { ... on Blob { text } } } } }`,
    schema: folderSchema,
  });
  return (folder?.entries ?? []).flatMap(({ name, object }) =>
    /\.ya?ml$/.test(name) && typeof object?.text === 'string' ? [{ name, text: object.text }] : [],
  );
}

async function ranAt({ github, repository: { owner, name: repo } }: Connected, oid: string): Promise<Set<string>> {
  const answer = await github.octokit.request('GET /repos/{owner}/{repo}/actions/runs', {
    ...{ owner, repo, head_sha: oid, per_page: 100 },
  });
  const runs = v.parse(runsSchema, answer.data).workflow_runs.filter(({ event }) => SAME_AS_PUSH.has(event));
  return new Set(runs.map(({ path }) => workflowFile(path)));
}

/** A second one starts a run more, which finds everything done. */
async function dispatch({ github, repository: { owner, name: repo } }: Connected, file: string, branch: string) {
  await github.octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    ...{ owner, repo, workflow_id: file, ref: branch, request: { repeatable: true } },
  });
}
