import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { type RepositoryReader, repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import { GATE_CHECK } from '../../judged-pulls/check-names.js';
import { CHECKS, checksOf, checksSchema } from '../../judgement/known-checks.js';

/** Pull requests that were touched last, and pushes that were made last. */
const MOST = { pulls: 100, pushes: 100 };

const pullsSchema = v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ headRefOid: v.string() })))) });
const pushesSchema = v.array(v.object({ before: v.string(), after: v.string() }));
const commitSchema = v.nullable(v.object({ statusCheckRollup: v.optional(checksSchema) }));

/**
 * Withdraws what was allowed of heads that no open pull request into the default branch has any more: closed and merged ones,
 * those that go into another branch now, and those that a push has replaced. Else a pull request that comes back to such a
 * head would be allowed by an old verdict.
 *
 * @param open heads that are judged
 * @param app slug of the App that makes the check runs
 * @returns the number of check runs that were withdrawn
 */
export async function withdrawOthers(ops: Connected, app: string, open: ReadonlySet<string>): Promise<number> {
  const reader = repositoryReader(ops.github, ops.repository, 'GateWithdrawals');
  const operation = operationIn(ops.repository, 'withdraw check runs', 'checks: write" and "contents: read');
  return attempt(operation, async () => {
    const [pulls, pushes] = await Promise.all([headsOfPulls(reader), headsOfPushes(ops)]);
    const heads = [...new Set([...pulls, ...pushes])].filter((head) => !open.has(head));
    const allowed = await Promise.all(heads.map((head) => allowedRun(reader, head, app)));
    const ids = allowed.flatMap((id) => id ?? []);
    for (const id of ids) {
      await withdraw(ops, id);
    }
    return ids.length;
  });
}

async function headsOfPulls(reader: RepositoryReader): Promise<string[]> {
  const { nodes } = await reader.load({
    text: () =>
      `pullRequests(first: ${MOST.pulls}, orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { headRefOid } }`,
    schema: pullsSchema,
  });
  return (nodes ?? []).flatMap((node) => node?.headRefOid ?? []);
}

async function headsOfPushes({ github, repository: { owner, name: repo } }: Connected): Promise<string[]> {
  const answer = await github.octokit.request('GET /repos/{owner}/{repo}/activity', {
    owner,
    repo,
    per_page: MOST.pushes,
  });
  return v
    .parse(pushesSchema, answer.data)
    .flatMap(({ before, after }) => [before, after].filter((oid) => !/^0+$/.test(oid)));
}

/** The check run by which the gate allows a commit; `undefined` where it does not. */
async function allowedRun(reader: RepositoryReader, head: string, app: string): Promise<number | undefined> {
  const commit = await reader.load({
    text: (bind) => `object(oid: ${bind('GitObjectID!', head)}) { ... on Commit { ${CHECKS} } }`,
    schema: commitSchema,
  });
  const known = checksOf(commit?.statusCheckRollup ?? null, app).get(GATE_CHECK);
  return known?.conclusion === 'success' ? known.id : undefined;
}

/** `cancelled` satisfies no requirement, and is not red on what was merged. */
async function withdraw({ github, repository: { owner, name: repo } }: Connected, id: number): Promise<void> {
  const title = 'Withdrawn: no open pull request into the default branch has this head.';
  const output = { title, summary: `${title} One that comes to have it is judged anew.` };
  await github.octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
    ...{ owner, repo, check_run_id: id, output, request: { repeatable: true } },
    ...{ status: 'completed', conclusion: 'cancelled' },
  });
}
