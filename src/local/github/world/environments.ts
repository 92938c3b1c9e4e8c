import type { EnvironmentRecord } from './records.js';
import type { Repository } from './repository.js';
import { fitsPattern } from './rulesets.js';
import type { World } from './world.js';

/** The environment of a name, made where it is new: it admits everything then. */
export function environmentNamed(world: World, repository: Repository, name: string): EnvironmentRecord {
  const known = repository.environments.get(name);
  if (known !== undefined) {
    return known;
  }
  const now = world.now();
  const environment: EnvironmentRecord = {
    id: world.nextId(),
    name,
    createdAt: now,
    updatedAt: now,
    policy: null,
    patterns: [],
    secrets: new Map(),
    variables: new Map(),
  };
  repository.environments.set(name, environment);
  return environment;
}

/**
 * Whether the jobs of a run may use an environment, by the ref of the run.
 *
 * @param ref full: a pull request's is `refs/pull/<n>/merge`
 * @returns GitHub's sentence where they may not
 * @see https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags
 */
export function refusedDeployment(
  repository: Repository,
  environment: EnvironmentRecord,
  ref: string,
): string | undefined {
  const { policy, name } = environment;
  const isTag = ref.startsWith('refs/tags/');
  const short = ref.replace(/^refs\/(heads|tags)\//, '');
  const admitted =
    policy === null ||
    (policy === 'custom'
      ? environment.patterns.some(
          ({ type, name: pattern }) => (type === 'tag') === isTag && fitsPattern(pattern, short),
        )
      : admitsProtected(repository, ref, short));
  return admitted
    ? undefined
    : `${isTag ? 'Tag' : 'Branch'} "${short}" is not allowed to deploy to ${name} due to environment protection rules.`;
}

/** "Protected branches only" means classic protection; where no branch has any, every branch is admitted. */
function admitsProtected({ protections }: Repository, ref: string, branch: string): boolean {
  return ref.startsWith('refs/heads/') && (protections.size === 0 || protections.has(branch));
}
