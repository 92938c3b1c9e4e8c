import * as v from 'valibot';
import { fitsBranch, isBranchPattern } from '../../git/branch-pattern.js';
import { BUILD_RECORD_ARTIFACT } from '../../images/build-record.js';
import type { BuiltBy } from '../policy/image-rules.js';

const commit = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, 'expected the full id of a commit'));
const repository = v.object({ full_name: v.string() });

/**
 * A run of a workflow as REST shows it, which is its newest attempt.
 *
 * @see https://docs.github.com/rest/actions/workflow-runs#get-a-workflow-run
 */
export const runSchema = v.object({
  id: v.number(),
  /** Path of the workflow's file; with `@` and a ref behind it where a branch and a tag have one name. */
  path: v.string(),
  event: v.string(),
  status: v.nullish(v.string()),
  conclusion: v.nullish(v.string()),
  head_branch: v.nullish(v.string()),
  head_sha: commit,
  repository,
  head_repository: v.nullish(repository),
  /** Reusable workflows that it called, also through others: `owner/name/.github/workflows/file@ref`, with their commits. */
  referenced_workflows: v.nullish(v.array(v.object({ path: v.string(), sha: v.string() }))),
});

export type Run = v.InferOutput<typeof runSchema>;

/** An artifact of a run. @see https://docs.github.com/rest/actions/artifacts#list-workflow-run-artifacts */
export const artifactSchema = v.object({
  id: v.number(),
  name: v.string(),
  size_in_bytes: v.number(),
  expired: v.boolean(),
  digest: v.nullish(v.string()),
});

export type Artifact = v.InferOutput<typeof artifactSchema>;

/** A release branch, as far as it says what a commit in it is worth. */
export interface ReleaseBranch {
  name: string;
  /** Its newest commit. */
  oid: string;
  /** Whether a change of it takes an approval. */
  isReviewed: boolean;
  /** Whether whoever may write can make a branch of this name of commits that nobody approved: GitHub asks for approvals of changes alone. */
  isMakeable: boolean;
}

/** A branch to look at. */
export interface AskedBranch {
  name: string;
  /** Whether a pattern of the policy leads to it, so that it need not have been there before. */
  isFound: boolean;
}

/** Why a run is no evidence: the rest of a sentence that begins with the run. */
export interface NoEvidence {
  /** Whether that may pass by itself. */
  isWaiting: boolean;
  reason: string;
}

/** Events by which a run has the files of what was pushed. A pull request's run has those of the pull request. */
const EVENTS = ['push', 'workflow_dispatch'];

/** Why a run is none of the workflow that the policy names, or did not end well. */
export function whyNotOfWorkflow(run: Run, builtBy: BuiltBy): NoEvidence | undefined {
  const { repository: wanted, workflow } = builtBy;
  const isOf = (name: string | undefined) => name?.toLowerCase() === wanted.toLowerCase();
  const head = run.head_repository?.full_name;
  if (!isOf(run.repository.full_name) || !isOf(head)) {
    return refused(`is of ${head ?? 'a repository that is gone'}, expected ${wanted}`);
  }
  const [path = ''] = run.path.split('@', 1);
  if (path !== workflow) {
    return refused(`is of the workflow ${path}, expected ${workflow}`);
  }
  if (!EVENTS.includes(run.event)) {
    return refused(`was started by ${run.event}, expected ${EVENTS.join(' or ')}`);
  }
  if (run.status !== 'completed') {
    return { isWaiting: true, reason: 'is not over yet: it counts once it has ended well' };
  }
  if (run.conclusion !== 'success') {
    return refused(
      `ended as ${run.conclusion ?? 'nothing'}, expected success: run its failed jobs again, which leaves the others as they are, or start a new run`,
    );
  }
  const other = (run.referenced_workflows ?? []).find((called) => !mayCall(called, run, builtBy));
  return other === undefined
    ? undefined
    : refused(
        `called ${other.path} at ${other.sha.slice(0, 12)}, which "calls" of the policy does not allow (${builtBy.calls.join(', ') || 'none'})`,
      );
}

/** A workflow of its own repository is of the same commit; of another one, the policy says which. */
function mayCall(
  { path, sha }: { path: string; sha: string },
  { head_sha }: Run,
  { repository: own, calls }: BuiltBy,
): boolean {
  const [file = ''] = path.split('@', 1);
  const name = file.split('/').slice(0, 2).join('/').toLowerCase();
  if (name === own.toLowerCase() && sha === head_sha) {
    return true;
  }
  return calls.some((call) => {
    const [wanted = '', at] = call.split('@');
    const isOf = wanted.split('/').length === 2 ? name === wanted.toLowerCase() : file === wanted;
    return isOf && (at === undefined || at === sha);
  });
}

/**
 * The release branch whose commits a run may be of, or why there is none. Only a branch counts: a tag may be called as it is.
 *
 * @param branches those that were found
 */
export function reviewedBranches(
  branches: readonly ReleaseBranch[],
  builtBy: BuiltBy,
  serverUrl: string,
): ReleaseBranch[] | NoEvidence {
  const reviewed = branches.filter((branch) => whyOpen(branch, builtBy, serverUrl) === undefined);
  const [open] = branches;
  if (reviewed.length > 0 || open === undefined) {
    const { repository, branches: wanted } = builtBy;
    return reviewed.length > 0
      ? reviewed
      : refused(`is of no release branch: ${repository} has no ${wanted.join(', ') || 'default branch'}`);
  }
  return whyOpen(open, builtBy, serverUrl) ?? reviewed;
}

/** Why a release branch proves nothing: what nobody approved gets into it. */
export function whyOpen(
  { name, isReviewed, isMakeable }: ReleaseBranch,
  { repository }: BuiltBy,
  serverUrl: string,
): NoEvidence | undefined {
  const rules = `(${serverUrl}/${repository}/settings/rules)`;
  if (!isReviewed) {
    return refused(
      `proves nothing, because whoever may write to ${repository} pushes to its branch ${name} past everybody: require a pull request and an approval there ${rules}`,
    );
  }
  return isMakeable
    ? refused(
        `proves nothing, because whoever may write to ${repository} can make its branch ${name} of what nobody approved: restrict creations of such branches in a ruleset there ${rules}`,
      )
    : undefined;
}

/** The one artifact in which a run recorded what it built, or why there is none. */
export function recordIn(artifacts: readonly Artifact[]): Artifact | NoEvidence {
  const [own, second] = artifacts.filter(({ name }) => name === BUILD_RECORD_ARTIFACT);
  if (own === undefined) {
    return refused(`has no artifact ${BUILD_RECORD_ARTIFACT}: its workflow has to record what it built`);
  }
  if (second !== undefined) {
    return refused(
      `has several artifacts ${BUILD_RECORD_ARTIFACT}, so that nobody can tell which is its own: start a new run`,
    );
  }
  return own.expired ? refused(`has its artifact ${BUILD_RECORD_ARTIFACT} no more: start a new run`) : own;
}

/** Whether something is why there is no evidence. */
export function isNoEvidence(value: object): value is NoEvidence {
  return 'isWaiting' in value;
}

/** A reason that does not pass by itself. */
export function refused(reason: string): NoEvidence {
  return { isWaiting: false, reason };
}

/** The branches that are asked for: those of the policy, and that of the run where it fits a pattern of them. */
export function askedBranches({ branches }: BuiltBy, { head_branch }: Pick<Run, 'head_branch'>): AskedBranch[] {
  const named = branches.filter((each) => !isBranchPattern(each)).map((name) => ({ name, isFound: false }));
  const own = head_branch ?? '';
  return named.some(({ name }) => name === own) || !branches.some((each) => fitsBranch(each, own))
    ? named
    : [...named, { name: own, isFound: true }];
}
