import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt, explain } from '../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../github/failure.js';
import { isStale } from '../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../github/mutations.js';
import { type RepositoryReader, repositoryReader } from '../../github/repository-reader.js';
import { MATERIALIZE } from '../../ops/ledger/action-names.js';
import { refused } from '../../ops/pull-requests/github-refusal.js';
import { listPullRequests } from '../../ops/repository/list-pull-requests.js';
import type { CommitMessage } from '../../ops/tree/change.js';
import { commitTree, makeTree, type TreeEdit } from '../../ops/tree/tree-commit.js';

/** A change that people merge. */
export interface BranchProposal {
  repositoryId: string;
  /** The branch that it goes into, with its commit and that commit's tree. */
  base: { branch: string; head: string; tree: string };
  /** The branch that it comes from. */
  branch: string;
  /** What it changes of the base; empty where nothing is left to propose. */
  items: readonly TreeEdit[];
  message: CommitMessage;
  title: string;
  body: string;
  /** Whether commits of others on its branch stay, instead of giving way to a newer state. */
  keepsEdits: boolean;
  /** Whether what a commit proposes, by its message, is newer than this proposal. */
  isNewer(message: string): Promise<boolean>;
}

/** What became of a proposal. */
export interface Proposed {
  action: 'created' | 'updated' | 'unchanged' | 'closed' | 'overtaken' | 'none';
  /** Full id of the commit that is proposed; `undefined` where nothing is. */
  commit: string | undefined;
  pullRequest: { id: string; number: number; url: string } | undefined;
  /** What a person should know, as sentences. */
  notes: string[];
}

const pullSchema = v.object({
  ...{ id: v.string(), number: v.number(), url: v.string(), title: v.string(), body: v.string() },
  isCrossRepository: v.boolean(),
});
type Pull = v.InferOutput<typeof pullSchema>;

const headSchema = v.nullable(
  v.object({
    target: v.object({
      ...{ oid: v.string(), message: v.string(), tree: v.object({ oid: v.string() }) },
      parents: v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) }),
      author: v.nullable(v.object({ name: v.nullable(v.string()), user: v.nullable(v.object({ login: v.string() })) })),
    }),
  }),
);
type Head = NonNullable<v.InferOutput<typeof headSchema>>['target'];

/**
 * Makes the branch of a proposal one commit on its base, with one open pull request; where nothing is left to propose, the pull
 * request is closed. A run that is stopped anywhere is made whole by the next one.
 *
 * @returns what became of it, or why everything is to be read again
 * @throws Error for people where GitHub refuses it
 */
export async function propose(to: Connected, proposal: BranchProposal): Promise<Proposed | { reason: string }> {
  const { base, branch, items } = proposal;
  const operation = {
    doing: `propose to change ${base.branch}`,
    repository: nameOf(to),
    permission: 'contents: write" and "pull-requests: write',
  };
  const [head, open] = await attempt(operation, () => readProposal(to, proposal));
  const tree = items.length === 0 ? base.tree : await attempt(operation, () => makeTree(to, items, base.tree));
  const isThere = head?.tree.oid === tree && head.parents.nodes?.[0]?.oid === base.head;
  if (open !== undefined && head !== undefined && !isThere && (await proposal.isNewer(head.message))) {
    return { action: 'overtaken', commit: head.oid, pullRequest: open, notes: [] };
  }
  if (tree === base.tree) {
    return open === undefined ? NOTHING : close(to, proposal, open, head);
  }
  const isOthers = head !== undefined && !isThere && !isOurs(head);
  const author = head?.author?.user?.login ?? head?.author?.name ?? 'Somebody';
  const notes = isOthers
    ? [`${branch}: ${author} committed to it, and that ${proposal.keepsEdits ? 'is kept' : 'gives way'}.`]
    : [];
  let commit = head?.oid;
  if (!isThere && !(isOthers && proposal.keepsEdits)) {
    const tip = { repositoryId: proposal.repositoryId, branch, head: head?.oid, operation: 'ProposeMaterialized' };
    const written = await commitTree(to, tip, async () => tree, proposal.message, [base.head]);
    if ('refused' in written) {
      const error = { message: written.refused, path: [] };
      throw refused({ ...operation, doing: `write the branch ${branch}`, error }, operation.repository);
    }
    if ('reason' in written) {
      return written;
    }
    commit = written.oid;
  }
  const pull = await writePull(to, proposal, open, commit !== head?.oid);
  return 'reason' in pull ? pull : { ...pull, commit, notes };
}

const NOTHING: Proposed = { action: 'none', commit: undefined, pullRequest: undefined, notes: [] };

/** Whether a commit says that it is one of ours: that decides what is said of it, and nothing else. */
function isOurs({ message }: Head): boolean {
  return message.includes(`\nOstack-Action: ${MATERIALIZE}\n`);
}

async function readProposal(
  to: Connected,
  { base, branch }: BranchProposal,
): Promise<[Head | undefined, Pull | undefined]> {
  const reader = repositoryReader(to.github, to.repository, 'ReadProposal');
  const head = reader.load({
    text: (bind) =>
      `ref(qualifiedName: ${bind('String!', `refs/heads/${branch}`)}) { target { ... on Commit { oid message tree { oid } parents(first: 2) { nodes { oid } } author { name user { login } } } } }`,
    schema: headSchema,
  });
  const [found, open] = await Promise.all([head, openPull(reader, base.branch, branch)]);
  return [found?.target, open];
}

async function openPull(reader: RepositoryReader, base: string, branch: string): Promise<Pull | undefined> {
  const filter = { states: ['OPEN'], base, branch, order: 'oldest first', pageSize: 20 } as const;
  const selection = 'id number url title body isCrossRepository';
  for await (const pulls of listPullRequests(reader, `the pull requests of ${branch}`, filter, selection, pullSchema)) {
    const own = pulls.find(({ isCrossRepository }) => !isCrossRepository);
    if (own !== undefined) {
      return own;
    }
  }
  return undefined;
}

type WrittenPull = Pick<Proposed, 'action' | 'pullRequest'>;

async function writePull(
  to: Connected,
  { repositoryId, base, branch, title, body }: BranchProposal,
  open: Pull | undefined,
  hasMoved: boolean,
): Promise<WrittenPull | { reason: string }> {
  if (open !== undefined && open.title === title && open.body === body) {
    return { action: hasMoved ? 'updated' : 'unchanged', pullRequest: open };
  }
  const select = 'pullRequest { id number url }';
  const mutation: Mutation =
    open === undefined
      ? {
          ...{ alias: 'pull', name: 'createPullRequest', select },
          input: { repositoryId, baseRefName: base.branch, headRefName: branch, title, body },
        }
      : { alias: 'pull', name: 'updatePullRequest', input: { pullRequestId: open.id, title, body }, select };
  const doing = `write the pull request from ${branch} into ${base.branch}`;
  const results = await sent(to, doing, [mutation]);
  if ('reason' in results) {
    return results;
  }
  const pullRequest = results.payload('pull', writtenSchema)?.pullRequest ?? undefined;
  return { action: open === undefined ? 'created' : 'updated', pullRequest };
}

const writtenSchema = v.object({
  pullRequest: v.nullable(v.object({ id: v.string(), number: v.number(), url: v.string() })),
});

/** Closes the pull request; its branch goes where the newest commit on it is ours. */
async function close(
  to: Connected,
  { repositoryId, branch, base }: BranchProposal,
  open: Pull,
  head: Head | undefined,
): Promise<Proposed | { reason: string }> {
  const { id } = open;
  const update = { name: `refs/heads/${branch}`, beforeOid: head?.oid, afterOid: '0'.repeat(40), force: true };
  const results = await sent(to, `close the pull request from ${branch}`, [
    {
      ...{ alias: 'note', name: 'addComment', select: 'clientMutationId' },
      input: { subjectId: id, body: `Closed: ${base.branch} has what is rendered now.` },
    },
    { alias: 'close', name: 'closePullRequest', input: { pullRequestId: id }, select: 'clientMutationId' },
    ...(head !== undefined && isOurs(head)
      ? [
          {
            alias: 'gone',
            name: 'updateRefs',
            input: { repositoryId, refUpdates: [update] },
            select: 'clientMutationId',
          },
        ]
      : []),
  ]);
  return 'reason' in results ? results : { ...NOTHING, action: 'closed', pullRequest: open };
}

/** Runs mutations. @returns why everything is to be read again, where GitHub did not do them or nobody knows */
async function sent(to: Connected, doing: string, mutations: readonly Mutation[]) {
  const operation = { doing, repository: nameOf(to), permission: 'pull-requests: write' };
  try {
    const results = await runMutations(to.github, 'ProposeMaterialized', mutations);
    const [error] = results.errors;
    if (error !== undefined && isStale(error)) {
      return { reason: error.message };
    }
    if (error !== undefined) {
      throw refused({ ...operation, error }, operation.repository);
    }
    return results;
  } catch (error) {
    const failure = readFailure(error);
    if (failure !== undefined && mayHaveTakenEffect(failure)) {
      return { reason: failure.message };
    }
    throw explain(error, operation);
  }
}
