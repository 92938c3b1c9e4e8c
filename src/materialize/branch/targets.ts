import { parseRepository, type RepositoryName } from '../../github/context.js';
import { isOfEachApp, type Lodging } from '../../ops/policy/places.js';
import { pathIn } from '../checkout.js';

/** Where environments go. In each text `{environment}` is the name of one. */
export interface BranchPatterns {
  /** `owner/name`; `undefined` for the repository of the definition. */
  repository: string | undefined;
  /** `undefined` for the branch that the policy says, else `env/{environment}`. */
  branch: string | undefined;
  /** A folder of the branch, from its root; empty for the root, or for a folder of each environment's name where several share a branch. */
  folder: string;
}

/** A branch, and what is on it. */
export interface BranchTarget {
  repository: RepositoryName;
  branch: string;
  /** Whether the policy alone says that it is this branch: somebody may have the definition on it. */
  isOfPolicy: boolean;
  environments: { environment: string; folder: string }[];
}

/** What the repository of the definition has, which nothing may be written to. */
export interface Definition {
  repository: string;
  /** The branch that was checked out; empty where it is none. */
  branch: string;
}

/**
 * The branches that environments go to, each once.
 *
 * @param lodgings where environments live by `ostack.yaml`
 * @throws Error where a name is none, two environments would be written to one place, or one to the root of the definition's own branch
 */
export function branchTargets(
  environments: readonly string[],
  patterns: BranchPatterns,
  definition: Definition,
  lodgings: readonly Lodging[] = [],
): BranchTarget[] {
  const targets = new Map<string, BranchTarget>();
  for (const environment of environments) {
    const named = (pattern: string) => pattern.replaceAll('{environment}', environment);
    const ofPolicy = policyBranch(
      lodgings.find(({ name }) => name === environment),
      patterns,
      definition,
    );
    const { repository: owned, branch: pattern } = ofPolicy ?? {
      repository: patterns.repository ?? definition.repository,
      branch: patterns.branch ?? DEFAULT_BRANCH,
    };
    const repository = parseRepository(named(owned), 'Input "repository"');
    const branch = branchName(named(pattern));
    const key = `${repository.owner}/${repository.name}`.toLowerCase();
    const isOfPolicy = ofPolicy !== undefined;
    const target = targets.get(`${key} ${branch}`) ?? { repository, branch, isOfPolicy, environments: [] };
    target.environments.push({ environment, folder: folderName(named(patterns.folder)) });
    targets.set(`${key} ${branch}`, target);
  }
  const all = [...targets.values()].map(withFolders);
  all.forEach(({ repository, branch, environments: places }) => {
    demandApart(places, branch);
    const isOwn = `${repository.owner}/${repository.name}`.toLowerCase() === definition.repository.toLowerCase();
    if (isOwn && branch === definition.branch && places.some(({ folder }) => folder === '')) {
      throw new Error(
        `Input "branch" is "${branch}", where the definition itself is. Expected another branch, or a "folder" of it.`,
      );
    }
  });
  return all;
}

const DEFAULT_BRANCH = 'env/{environment}';

/**
 * The branch that an environment lives on, where no input says another place. The definition may live on it, or each app may have a
 * repository of its own: then it is read there, and what is rendered goes elsewhere.
 */
function policyBranch(
  lodging: Lodging | undefined,
  patterns: BranchPatterns,
  definition: Definition,
): { repository: string; branch: string } | undefined {
  const { branch, repository = definition.repository } = lodging ?? {};
  const isRead = repository.toLowerCase() === definition.repository.toLowerCase() && branch === definition.branch;
  const isSaid = patterns.branch !== undefined || patterns.repository !== undefined;
  return branch === undefined || isSaid || isRead || isOfEachApp(repository) ? undefined : { repository, branch };
}

/** Several environments of one branch for which no folder is said each have one of their name. */
function withFolders(target: BranchTarget): BranchTarget {
  const { environments } = target;
  return environments.length > 1 && environments.every(({ folder }) => folder === '')
    ? { ...target, environments: environments.map(({ environment }) => ({ environment, folder: environment })) }
    : target;
}

function demandApart(places: BranchTarget['environments'], branch: string): void {
  for (const { environment, folder } of places) {
    const other = places.find(
      (each) =>
        each.environment !== environment && `${folder}/`.startsWith(each.folder === '' ? '' : `${each.folder}/`),
    );
    if (other !== undefined) {
      throw new Error(
        `${environment} would be written into the folder of ${other.environment} on the branch ${branch}. Expected {environment} in "branch" or as a name in "folder".`,
      );
    }
  }
}

function folderName(folder: string): string {
  const inside = pathIn('', folder);
  if (inside === undefined || inside.split('/').includes('.git')) {
    throw new Error(`Input "folder" is "${folder}", which leads out of the branch. Expected a path in it.`);
  }
  return inside;
}

/** @see https://git-scm.com/docs/git-check-ref-format */
function branchName(name: string): string {
  const isBroken = name
    .split('/')
    .some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock') || part.endsWith('.'));
  if (isBroken || /\.\.|@\{|[\p{Cc} ~^:?*[\\]/u.test(name) || name === '@' || /^(-|refs\/)/.test(name)) {
    throw new Error(`Input "branch" is "${name}", expected the name of a branch, for example env/{environment}.`);
  }
  return name;
}
