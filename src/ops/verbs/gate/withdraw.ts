import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { pageOf, pages } from '../../../github/page.js';
import { type RepositoryReader, repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import { GATE_CHECK } from '../../judged-pulls/check-names.js';
import { CHECKS, checksOf, checksSchema } from '../../judgement/known-checks.js';

/** Pages of a hundred, of pull requests and of pushes. */
const MOST_PAGES = 30;

const pullSchema = v.object({ headRefOid: v.string(), updatedAt: v.string() });
const pushesSchema = v.array(v.object({ before: v.string(), after: v.string(), timestamp: v.string() }));
const commitSchema = v.nullable(v.object({ statusCheckRollup: v.optional(checksSchema) }));

/** What was withdrawn. */
export interface Withdrawn {
  /** Check runs. */
  count: number;
  /** Whether there was more than was looked at. */
  isCut: boolean;
}

/**
 * Withdraws what was allowed of heads that no open pull request into the default branch has any more: closed and merged ones,
 * those that go into another branch now, and those that a push has replaced. Else a pull request that comes back to such a
 * head would be allowed by an old verdict.
 *
 * @param open heads that are judged
 * @param app slug of the App that makes the check runs
 * @param since everything before was seen to by an earlier run; the beginning where it is left out
 */
export async function withdrawOthers(
  ops: Connected,
  app: string,
  open: ReadonlySet<string>,
  since: Date | undefined,
): Promise<Withdrawn> {
  const reader = repositoryReader(ops.github, ops.repository, 'GateWithdrawals');
  const operation = operationIn(ops.repository, 'withdraw check runs', 'checks: write" and "contents: read');
  return attempt(operation, async () => {
    const [pulls, pushes] = await Promise.all([headsOfPulls(reader, since), headsOfPushes(ops, since)]);
    const heads = [...new Set([...pulls.heads, ...pushes.heads])].filter((head) => !open.has(head));
    const allowed = await Promise.all(heads.map((head) => allowedRun(reader, head, app)));
    const ids = allowed.flatMap((id) => id ?? []);
    for (const id of ids) {
      await withdraw(ops, id, OF_NOBODY);
    }
    return { count: ids.length, isCut: pulls.isCut || pushes.isCut };
  });
}

/** Heads, and whether there were more. */
interface Heads {
  heads: string[];
  isCut: boolean;
}

/** Of the pull requests that were touched since, newest first. Closing, pushing and another base touch one. */
async function headsOfPulls(reader: RepositoryReader, since: Date | undefined): Promise<Heads> {
  const read = (after: string | null) =>
    reader.load({
      text: (bind) =>
        `pullRequests(first: 100, after: ${bind('String', after)}, orderBy: { field: UPDATED_AT, direction: DESC }) { pageInfo { hasNextPage endCursor } nodes { headRefOid updatedAt } }`,
      schema: pageOf(pullSchema),
    });
  const heads: string[] = [];
  let count = 0;
  for await (const { nodes } of pages('the pull requests', read)) {
    const page = (nodes ?? []).flatMap((node) => node ?? []);
    heads.push(...page.map(({ headRefOid }) => headRefOid));
    count += 1;
    if (isBefore(page.at(-1)?.updatedAt, since)) {
      return { heads, isCut: false };
    }
    if (count === MOST_PAGES) {
      return { heads, isCut: true };
    }
  }
  return { heads, isCut: false };
}

/** Of the pushes since, newest first: what a branch had, and has. */
async function headsOfPushes({ github, repository }: Connected, since: Date | undefined): Promise<Heads> {
  const heads: string[] = [];
  let next: string | undefined = `/repos/${repository.owner}/${repository.name}/activity?per_page=100`;
  for (let page = 0; next !== undefined; page++) {
    if (page === MOST_PAGES) {
      return { heads, isCut: true };
    }
    const answer: Awaited<ReturnType<typeof github.octokit.request>> = await github.octokit.request(`GET ${next}`);
    const pushes = v.parse(pushesSchema, answer.data);
    heads.push(...pushes.flatMap(({ before, after }) => [before, after].filter((oid) => !/^0+$/.test(oid))));
    next = isBefore(pushes.at(-1)?.timestamp, since)
      ? undefined
      : /<([^<>]+)>; *rel="next"/.exec(answer.headers.link ?? '')?.[1];
  }
  return { heads, isCut: false };
}

function isBefore(time: string | undefined, since: Date | undefined): boolean {
  return time !== undefined && since !== undefined && new Date(time) < since;
}

/** The check run by which the gate allows a commit; `undefined` where it does not. */
async function allowedRun(reader: RepositoryReader, head: string, app: string): Promise<number | undefined> {
  const commit = await reader.load({
    text: (bind) => `object(oid: ${bind('GitObjectID!', head)}) { ... on Commit { ${CHECKS} } }`,
    schema: commitSchema,
  });
  const checks = await checksOf(reader, head, commit?.statusCheckRollup ?? null, app);
  const known = checks.get(GATE_CHECK);
  return known?.conclusion === 'success' ? known.id : undefined;
}

/** What takes the place of a success. */
export interface Withdrawal {
  conclusion: 'cancelled' | 'failure';
  title: string;
  summary: string;
}

const GONE = 'Withdrawn: no open pull request into the default branch has this head.';
/** `cancelled` satisfies no requirement, and is not red on what was merged. */
const OF_NOBODY: Withdrawal = {
  conclusion: 'cancelled',
  title: GONE,
  summary: `${GONE} One that comes to have it is judged anew.`,
};

/** Takes a success back. @param id of the check run */
export async function withdraw(
  { github, repository: { owner, name: repo } }: Connected,
  id: number,
  { conclusion, ...output }: Withdrawal,
): Promise<void> {
  await github.octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
    ...{ owner, repo, check_run_id: id, output, request: { repeatable: true } },
    ...{ status: 'completed', conclusion },
  });
}
