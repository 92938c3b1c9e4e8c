import { fitsBranch } from '../git/branch-pattern.js';

const BRANCH = 'refs/heads/';

/** Where a run is, and where releases are made. */
export interface BranchQuestion {
  /** The ref of the run, `refs/heads/main` and the like. */
  ref: string;
  /** The branches that release, `undefined` for the default branch alone. */
  branches: readonly string[] | undefined;
  /** Asked only where it is needed. */
  defaultBranch: () => Promise<string>;
  /** A dry run writes nothing: in a pull request it may say what its merge would release. */
  dryRun: boolean;
}

/**
 * Refuses a run on any ref that releases are not made from.
 *
 * @throws Error naming the ref, the branches that release, and what to do
 */
export async function checkReleaseBranch({ ref, branches, defaultBranch, dryRun }: BranchQuestion): Promise<void> {
  if (dryRun && ref.startsWith('refs/pull/')) {
    return;
  }
  const releasing = branches ?? [await defaultBranch()];
  const branch = ref.startsWith(BRANCH) ? ref.slice(BRANCH.length) : undefined;
  if (branch !== undefined && releasing.some((pattern) => fitsBranch(pattern, branch))) {
    return;
  }
  const place = branch !== undefined ? `the branch "${branch}"` : ref === '' ? 'no branch' : `"${ref}"`;
  const way =
    branch === undefined
      ? 'Start it for a branch, with "on: push: branches:" of the workflow.'
      : `Merge into ${releasing.length === 1 ? 'it' : 'one of them'}, or name the branch under "release-branches" in ostack.yaml or in the input: ` +
        `release-branches: [${[...releasing, branch].join(', ')}].`;
  throw new Error(
    `This run is for ${place}, and releases are made from ${releasing.join(', ')} only. Nothing was tagged. ${way}`,
  );
}
