import { defaultHead } from '../../github/branch-head.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { isOfEachApp, type Lodging } from '../../ops/policy/places.js';

/**
 * Where environments live, with the branch of each that lives in another repository for which the policy names none: its default branch.
 *
 * @param home the repository of the policy, `owner/name`
 * @param connectedTo the connection to a repository by its name
 * @throws Error for people where such a repository cannot be read, or has no commit yet
 */
export async function withPolicyBranches(
  lodgings: readonly Lodging[],
  home: string,
  connectedTo: (repository: string) => Connected,
): Promise<Lodging[]> {
  const known = new Map<string, Promise<string>>();
  return Promise.all(
    lodgings.map(async (lodging) => {
      const { repository, branch } = lodging;
      const isHome = repository === undefined || repository.toLowerCase() === home.toLowerCase();
      if (isHome || branch !== undefined || isOfEachApp(repository)) {
        return lodging;
      }
      const key = repository.toLowerCase();
      const found = known.get(key) ?? defaultBranchOf(connectedTo(repository));
      known.set(key, found);
      return { ...lodging, branch: await found };
    }),
  );
}

async function defaultBranchOf(there: Connected): Promise<string> {
  const operation = { doing: 'read the default branch', repository: nameOf(there), permission: 'contents: read' };
  const head = await attempt(operation, () =>
    defaultHead(repositoryReader(there.github, there.repository, 'ReadDefaultBranch')),
  );
  if (head === undefined) {
    throw new Error(
      `${nameOf(there)} is empty, so it has no branch that an environment could live on. Push a first commit there, for example a README.`,
    );
  }
  return head.branch;
}
