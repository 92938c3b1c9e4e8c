/**
 * Checks the name of the branch of previews against what else is in the repository.
 *
 * @param base the deployed branch
 * @throws Error where it cannot be a branch of its own
 */
export function checkBranch(branch: string, base: string, environments: readonly { name: string }[]): void {
  if (branch === base) {
    throw new Error(
      `previews.branch is ${branch}, which is deployed: expected a branch that has nothing but previews.`,
    );
  }
  // A branch of pull requests is `ostack/<environment>/<app>`, and git has no branch inside another one.
  const taken = environments.find(({ name }) => `ostack/${name}` === branch);
  if (taken !== undefined) {
    throw new Error(
      `previews.branch is ${branch}, and so begin the branches of pull requests for the environment ${taken.name}: name ` +
        'another one under "previews:" in ostack.yaml, such as branch: ostack-previews.',
    );
  }
}
