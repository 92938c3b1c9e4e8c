import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { pageOf, pages } from '../../../github/page.js';
import { type RepositoryReader, repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import { checksAt, type KnownCheck } from '../../judgement/known-checks.js';
import { readPushes } from '../../ledger/read-pushes.js';
import { isGateCheck } from '../../policy/gate-check.js';
import { headsOfFork } from './heads-of-forks.js';

/**
 * Pages of a hundred, of pull requests and of pushes, where nothing tells what an earlier run has seen to. Where something does, all
 * since then is read, however much it is: who floods the list must hide nothing behind it.
 */
const MOST_PAGES = 30;

const pullSchema = v.object({
  ...{ number: v.number(), headRefOid: v.string(), updatedAt: v.string(), isCrossRepository: v.boolean() },
});

/** What was withdrawn. */
export interface Withdrawn {
  /** Check runs. */
  count: number;
  /** Whether there was more than was looked at. */
  isCut: boolean;
}

/**
 * Withdraws what was allowed of heads that no open pull request into that branch has any more: closed and merged ones,
 * those that go into another branch now, and those that a push has replaced. Else a pull request that comes back to such a
 * head would be allowed by an old verdict. A branch on which no environment lives any more is none that is judged.
 *
 * @param open heads that are judged, each with the check run that its branch requires
 * @param app slug of the App that makes the check runs
 * @param since everything before was seen to by an earlier run; the beginning where it is left out
 */
export async function withdrawOthers(
  ops: Connected,
  app: string,
  open: readonly JudgedHead[],
  since: Date | undefined,
): Promise<Withdrawn> {
  const reader = repositoryReader(ops.github, ops.repository, 'GateWithdrawals');
  const operation = operationIn(ops.repository, 'withdraw check runs', 'checks: write" and "contents: read');
  return attempt(operation, async () => {
    const [pulls, pushes] = await Promise.all([headsOfPulls(reader, since), headsOfPushes(ops, since)]);
    // What is open is known with its check runs.
    const known = new Set(open.map(({ head }) => head));
    const heads = [...new Set([...pulls.heads, ...pushes.heads])].filter((head) => !known.has(head));
    const others = await Promise.all(heads.map((head) => checksAt(reader, head, app)));
    const ids = new Set([...others.flatMap((checks) => allowedIn(checks)), ...allowedElsewhere(open)]);
    for (const id of ids) {
      await withdraw(ops, id, OF_NOBODY);
    }
    return { count: ids.size, isCut: pulls.isCut || pushes.isCut };
  });
}

/** A head that is judged for a branch. */
export interface JudgedHead {
  head: string;
  /** The check run that the branch requires. */
  gate: string;
  /** The check runs of the head that one App made, by name. */
  checks: ReadonlyMap<string, KnownCheck>;
}

/** What is allowed of open heads into branches for which no open pull request has them: one may go elsewhere now. */
function allowedElsewhere(open: readonly JudgedHead[]): number[] {
  return open.flatMap(({ head, checks }) => {
    const gates = open.filter((each) => each.head === head).map(({ gate }) => gate);
    return allowedIn(checks, gates);
  });
}

/** The check runs by which the gate allows a commit. @param without names of those that are judged */
function allowedIn(checks: ReadonlyMap<string, KnownCheck>, without: readonly string[] = []): number[] {
  return [...checks].flatMap(([name, { id, conclusion }]) =>
    isGateCheck(name) && conclusion === 'success' && !without.includes(name) ? [id] : [],
  );
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
        `pullRequests(first: 100, after: ${bind('String', after)}, orderBy: { field: UPDATED_AT, direction: DESC }) { pageInfo { hasNextPage endCursor } nodes { number headRefOid updatedAt isCrossRepository } }`,
      schema: pageOf(pullSchema),
    });
  const heads: string[] = [];
  let count = 0;
  for await (const { nodes } of pages('the pull requests', read)) {
    const page = (nodes ?? []).flatMap((node) => node ?? []);
    const forks = page
      .filter(({ isCrossRepository }) => isCrossRepository)
      .filter((pull) => !isBefore(pull.updatedAt, since));
    const past = await Promise.all(forks.map(({ number }) => headsOfFork(reader, number)));
    heads.push(...page.map(({ headRefOid }) => headRefOid), ...past.flat());
    count += 1;
    if (isBefore(page.at(-1)?.updatedAt, since)) {
      return { heads, isCut: false };
    }
    if (since === undefined && count === MOST_PAGES) {
      return { heads, isCut: true };
    }
  }
  return { heads, isCut: false };
}

/** Of the pushes since, newest first: what a branch had, and has. */
async function headsOfPushes(ops: Connected, since: Date | undefined): Promise<Heads> {
  const most = since === undefined ? MOST_PAGES : Infinity;
  const pushes = await readPushes(ops, undefined, (all) => isBefore(all.at(-1)?.at, since), most);
  const heads = pushes.flatMap(({ before, after }) => [before, after].filter((oid) => !/^0+$/.test(oid)));
  return { heads, isCut: pushes.length >= most * 100 };
}

function isBefore(time: string | Date | undefined, since: Date | undefined): boolean {
  return time !== undefined && since !== undefined && new Date(time) < since;
}

/** What takes the place of a success. */
export interface Withdrawal {
  conclusion: 'cancelled' | 'failure';
  title: string;
  summary: string;
}

const GONE = 'Withdrawn: no open pull request into this branch has this head.';
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
