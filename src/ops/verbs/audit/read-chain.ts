import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { pageOf, pages } from '../../../github/page.js';
import { type RepositoryReader, repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import type { Ground } from '../../judged-pulls/ground.js';
import { CHECKS, checksAt, checksOf, checksSchema, type KnownCheck } from '../../judgement/known-checks.js';
import type { ChainCommit } from './arrivals.js';
import { auditCheckOf } from './check-name.js';

/** Commits in one request, and requests in which one run goes back. */
const PAGE = 50;
const MOST_PAGES = 40;

/** A commit that was audited, with what the audit wrote down of it. */
export interface Audited {
  oid: string;
  /** The newest move of the branch then. */
  push: number;
  /** When it was written down. */
  at: Date | undefined;
  isPermitted: boolean;
  title: string;
}

/** A branch back to where the audit stopped. */
export interface Chain {
  branch: string;
  /** Its newest commit. */
  head: string;
  /** The check run by which the audit remembers what it judged there. */
  check: string;
  /** The newest commit that was audited; `undefined` where none was found. */
  audited: Audited | undefined;
  /** What came after that, by first parents, newest first; all that was read where none was found. */
  commits: ChainCommit[];
  /** Whether there is more below that was not read. */
  isCut: boolean;
}

const pullSchema = v.object({
  number: v.number(),
  mergedAt: v.nullable(v.string()),
  baseRefName: v.string(),
  mergeCommit: v.nullable(v.object({ oid: v.string() })),
});
const commitSchema = v.object({
  oid: v.string(),
  message: v.string(),
  committedDate: v.string(),
  author: v.nullable(v.object({ name: v.nullable(v.string()), user: v.nullable(v.object({ login: v.string() })) })),
  parents: v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) }),
  associatedPullRequests: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(pullSchema))) })),
  statusCheckRollup: v.optional(checksSchema),
});
type Commit = v.InferOutput<typeof commitSchema>;
const historySchema = v.nullable(v.object({ history: pageOf(commitSchema) }));

/**
 * Reads a branch back, along first parents, to the newest commit that has the check run of the audit by the ops App.
 *
 * @param app slug of the ops App: nobody else's check run counts
 * @throws Error naming the permission that the token lacks
 */
export function readChain(app: string, { at, branch, oid: head, judged }: Ground): Promise<Chain> {
  const permission = 'contents: read", "pull-requests: read", "statuses: read" and "checks: read';
  return attempt(operationIn(at.repository, `read the branch ${branch}`, permission), async () => {
    const reader = repositoryReader(at.github, at.repository, 'AuditCommits');
    const check = auditCheckOf(judged === undefined ? undefined : branch);
    return { branch, head, check, ...(await readBack(reader, head, { branch, check }, app)) };
  });
}

/**
 * Goes back along first parents to what the ops App audited, over 2,000 commits at most.
 *
 * @returns `audited` is `undefined` where none of them was; `commits` are newest first
 */
export async function readBack(
  reader: RepositoryReader,
  head: string,
  { branch, check: name }: Pick<Chain, 'branch' | 'check'>,
  app: string,
): Promise<Pick<Chain, 'audited' | 'commits' | 'isCut'>> {
  const commits: ChainCommit[] = [];
  let next: string | undefined = head;
  let read = 0;
  for await (const { nodes } of pages(`the history of ${branch}`, (after) => historyPage(reader, head, after))) {
    const known = new Map((nodes ?? []).flatMap((node) => (node === null ? [] : [[node.oid, node] as const])));
    for (let commit = known.get(next ?? ''); commit !== undefined; commit = known.get(next ?? '')) {
      const checks = await checksOf(reader, commit.oid, commit.statusCheckRollup ?? null, app);
      const check = checks.get(name);
      if (check !== undefined) {
        return { audited: toAudited(commit.oid, check), commits, isCut: false };
      }
      const found = toCommit(commit, branch);
      commits.push(found);
      next = found.parent;
    }
    read += 1;
    if (next === undefined || read === MOST_PAGES) {
      break;
    }
  }
  return { audited: undefined, commits, isCut: next !== undefined };
}

function toAudited(oid: string, { externalId, completedAt, conclusion, title }: KnownCheck): Audited {
  return { oid, push: Number(externalId) || 0, at: completedAt, isPermitted: conclusion === 'success', title };
}

async function historyPage(reader: RepositoryReader, head: string, after: string | null) {
  const answer = await reader.load({
    heavy: true,
    text: (
      bind,
    ) => `object(oid: ${bind('GitObjectID!', head)}) { ... on Commit { history(first: ${PAGE}, after: ${bind('String', after)}) {
      pageInfo { hasNextPage endCursor }
      nodes { oid message committedDate author { name user { login } } parents(first: 1) { nodes { oid } }
        associatedPullRequests(first: 10) { nodes { number mergedAt baseRefName mergeCommit { oid } } } ${CHECKS} }
    } } }`,
    schema: historySchema,
  });
  return answer?.history;
}

function toCommit({ oid, message, committedDate, author, parents, ...commit }: Commit, branch: string): ChainCommit {
  const pulls = (commit.associatedPullRequests?.nodes ?? []).flatMap((pull) =>
    pull === null || pull.mergedAt === null || pull.mergeCommit === null || pull.baseRefName !== branch
      ? []
      : [{ number: pull.number, mergedAt: new Date(pull.mergedAt), mergeCommit: pull.mergeCommit.oid }],
  );
  return {
    ...{ oid, message, pulls, parent: parents.nodes?.[0]?.oid, committedAt: new Date(committedDate) },
    author: author?.user?.login ?? author?.name ?? 'unknown',
  };
}

/** The first of some commits, which the branch may have had, that was audited. @param check what the audit remembers it by */
export async function firstAudited(
  ops: Connected,
  app: string,
  check: string,
  oids: readonly string[],
): Promise<string | undefined> {
  const reader = repositoryReader(ops.github, ops.repository, 'AuditMarks');
  const operation = operationIn(ops.repository, 'read check runs', 'contents: read" and "checks: read');
  const found = await attempt(operation, () =>
    Promise.all(oids.map(async (oid) => (await checksAt(reader, oid, app)).has(check))),
  );
  return oids.find((_, index) => found[index]);
}
