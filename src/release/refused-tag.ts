import * as v from 'valibot';
import type { GitHub } from '../github/client.js';
import { compareCommits } from '../github/compare-commits.js';
import { parseRepository } from '../github/context.js';
import { readFailure } from '../github/failure.js';

/** A tag that GitHub refused although the token may write contents. */
export interface RefusedTag {
  /** `owner/name`. */
  repository: string;
  tag: string;
  /** The commit to be marked. */
  sha: string;
  /** The branch of the run, `undefined` where it is of another ref. */
  branch: string | undefined;
}

/** Why a tag was refused: a later run is to release it, or a person has to do something. */
export type TagRefusal = { kind: 'overtaken'; why: string } | { kind: 'refused'; error: Error };

const treeSchema = v.nullish(v.object({ oid: v.string() }));
const headSchema = v.nullable(
  v.object({ name: v.string(), target: v.object({ oid: v.string(), workflows: treeSchema }) }),
);
const answerSchema = v.object({
  repository: v.nullable(v.object({ head: headSchema, commit: v.nullable(v.object({ workflows: treeSchema })) })),
});

const WORKFLOWS = '... on Commit { workflows: file(path: ".github/workflows") { oid } }';

/**
 * Finds out why GitHub refused a tag: a commit whose workflow files are those of no branch's head takes the permission
 * `workflows`, which a workflow's own token cannot have. That happens to whatever run is slower than the next change of a
 * workflow file. The run of the newest commit makes a release of everything since the last one, so nothing is lost.
 *
 * @returns `undefined` where it is not because of workflow files
 */
export async function whyTagRefused(github: GitHub, refused: RefusedTag): Promise<TagRefusal | undefined> {
  const { owner, name } = parseRepository(refused.repository, 'GITHUB_REPOSITORY');
  const { sha, branch } = refused;
  const { repository } = await github.query(
    answerSchema,
    `query RefusedTag($owner: String!, $name: String!, $sha: GitObjectID!${branch === undefined ? '' : ', $ref: String!'}) {
  repository(owner: $owner, name: $name) {
    head: ${branch === undefined ? 'defaultBranchRef' : 'ref(qualifiedName: $ref)'} { name target { oid ${WORKFLOWS} } }
    commit: object(oid: $sha) { ${WORKFLOWS} }
  }
}`,
    { owner, name, sha, ...(branch === undefined ? {} : { ref: `refs/heads/${branch}` }) },
  );
  const head = repository?.head ?? undefined;
  if (head?.target.workflows?.oid === repository?.commit?.workflows?.oid) {
    return undefined;
  }
  if (head !== undefined && (await isBefore(github, refused.repository, sha, head.target.oid))) {
    return { kind: 'overtaken', why: overtaken(head.name, head.target.oid) };
  }
  return { kind: 'refused', error: lacksWorkflows(refused) };
}

/** Whether a commit is in the history of another one. */
async function isBefore(github: GitHub, repository: string, commit: string, head: string): Promise<boolean> {
  const there = { github, repository: parseRepository(repository, 'GITHUB_REPOSITORY') };
  try {
    return (await compareCommits(there, commit, head)).status === 'ahead';
  } catch (error) {
    // Histories without a common commit.
    if (readFailure(error)?.status === 404) {
      return false;
    }
    throw error;
  }
}

function overtaken(branch: string, head: string): string {
  return (
    `a later run releases it: ${branch} has moved on to ${head.slice(0, 7)} with other workflow files, and GitHub lets no token ` +
    'without "workflows: write" tag this commit any more'
  );
}

function lacksWorkflows({ repository, tag, sha }: RefusedTag): Error {
  return new Error(
    `Could not create the tag ${tag} in ${repository}: no branch has the workflow files of the commit ${sha.slice(0, 7)}, and ` +
      'GitHub lets only a token with the permission "workflows: write" tag such a commit, which GITHUB_TOKEN cannot have. ' +
      'Release the newest commit of a branch, or push a branch to this commit, or pass the token of a GitHub App with ' +
      'Contents and Workflows read and write as "github-token".',
  );
}
