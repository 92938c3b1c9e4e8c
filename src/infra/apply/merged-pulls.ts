import * as v from 'valibot';
import { defaultHead } from '../../github/branch-head.js';
import { compareCommits } from '../../github/compare-commits.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { nodesOf } from '../../github/page.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import { HOLDS_FILE } from '../../ops/policy/holds.js';
import { PLAIN_FILE, plainFileSchema, wholeText } from '../../ops/repository/repository-state.js';

/** A pull request that was merged into the default branch. */
export interface MergedPull {
  number: number;
  /** Its head as it was merged, which its plans are of. */
  head: string;
  /** The commit of the default branch that it became. */
  merge: string;
  author: string | undefined;
  /** The branch that it was merged from, and when: who pushed to it later had no hand in it. */
  branch: string;
  mergedAt: Date | undefined;
}

/** The default branch, and how a commit came into it. */
export interface MergedHistory {
  branch: string;
  /** The newest commit of the branch. */
  head: string;
  /** Text of the holds of the newest commit; `undefined` where there are none. */
  holds: string | undefined;
  /** Pull requests that the commit and those before it came by, the newest first. */
  pulls: readonly MergedPull[];
}

/** Commits that are looked back over. */
const MOST_COMMITS = 50;

const pullSchema = v.object({
  ...{ number: v.number(), merged: v.boolean(), headRefOid: v.string(), baseRefName: v.string() },
  ...{ headRefName: v.string(), mergedAt: v.nullable(v.string()) },
  mergeCommit: v.nullable(v.object({ oid: v.string() })),
  author: v.nullable(v.object({ login: v.string() })),
});
const commitSchema = v.object({
  history: nodesOf(v.object({ oid: v.string(), associatedPullRequests: v.nullable(nodesOf(pullSchema)) })),
});
const holdsSchema = v.nullable(v.object({ target: v.nullable(v.object({ file: plainFileSchema })) }));
const comparisonSchema = v.object({ status: v.string() });

const HISTORY = `... on Commit { history(first: ${MOST_COMMITS}) { nodes { oid associatedPullRequests(first: 3) { nodes {
  number merged mergedAt headRefOid headRefName baseRefName mergeCommit { oid } author { login } } } } } }`;

/**
 * How a commit came into the default branch.
 *
 * @throws Error where it is not in it: nothing else is applied
 */
export async function readMergedHistory(to: Connected, commit: string): Promise<MergedHistory> {
  const doing = operationIn(to.repository, `read how ${commit.slice(0, 7)} was merged`, 'pull-requests: read');
  const reader = repositoryReader(to.github, to.repository, 'MergedPulls');
  const [newest, holds, found] = await attempt(doing, () =>
    Promise.all([
      defaultHead(reader),
      reader.load({
        text: () => `defaultBranchRef { target { ... on Commit { file(path: "${HOLDS_FILE}") { ${PLAIN_FILE} } } } }`,
        schema: holdsSchema,
      }),
      reader.load({
        heavy: true,
        text: (bind) => `object(oid: ${bind('GitObjectID!', commit)}) { ${HISTORY} }`,
        schema: v.nullable(commitSchema),
      }),
    ]),
  );
  if (newest === undefined || found === null || !(await isWithin(to, commit, newest.head))) {
    throw new Error(
      `The commit ${commit.slice(0, 7)} is not in ${newest?.branch ?? 'the default branch'} of ${nameOf(to)}. Nothing is applied that is not merged: merge its pull request, and the run of the merge applies it.`,
    );
  }
  const commits = (found.history.nodes ?? []).filter((node) => node !== null);
  const pulls = commits.flatMap(({ oid, associatedPullRequests }) =>
    (associatedPullRequests?.nodes ?? []).flatMap((pull): MergedPull[] =>
      pull?.merged === true && pull.baseRefName === newest.branch && pull.mergeCommit?.oid === oid
        ? [
            {
              ...{ number: pull.number, head: pull.headRefOid, merge: oid, author: pull.author?.login },
              ...{ branch: pull.headRefName, mergedAt: pull.mergedAt === null ? undefined : new Date(pull.mergedAt) },
            },
          ]
        : [],
    ),
  );
  return { ...newest, holds: wholeText(holds?.target?.file ?? null, HOLDS_FILE), pulls };
}

/** Whether a commit is the head of a branch, or before it. */
async function isWithin(infra: Connected, commit: string, head: string): Promise<boolean> {
  if (commit === head) {
    return true;
  }
  const doing = operationIn(
    infra.repository,
    `compare ${commit.slice(0, 7)} with ${head.slice(0, 7)}`,
    'contents: read',
  );
  const compared = await attempt(doing, () => compareCommits(infra, commit, head));
  return v.parse(comparisonSchema, compared).status === 'ahead';
}
