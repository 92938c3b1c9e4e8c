/** What a policy says of where an environment lives. */
export interface Lodging {
  name: string;
  /** The branch that it lives on; missing for the default branch. */
  branch?: string;
  /** The repository that it lives in, `owner/name`, where `{app}` may stand; missing for the one of the policy. */
  repository?: string;
}

/** And of what a promotion does there. */
interface Promoted extends Lodging {
  /** The environments that a version has to be in first. */
  after: readonly string[];
  /** Whether promotions merge the branch of the environment before it; missing where they copy versions. */
  promotion?: 'merge';
}

/** Where an environment lives: a branch of a repository. */
export interface Place {
  /** `owner/name`; `undefined` for the repository of the policy. */
  repository: string | undefined;
  /** `undefined` for the default branch. */
  branch: string | undefined;
  /** The app whose repository it is, where each has one of its own. */
  app?: string;
}

/** The default branch of the repository that has the policy. */
export const HOME: Place = { repository: undefined, branch: undefined };

/** Whether an environment lives elsewhere than on the default branch of the repository that has the policy, or a place is another one. */
export function isAway({ branch, repository }: Partial<Place>): boolean {
  return branch !== undefined || repository !== undefined;
}

/** Whether every environment has a place of its own, so that no path has to tell them apart. */
export function liveApart(environments: readonly Lodging[]): boolean {
  const places = environments.map((each) => placeKey({ branch: each.branch, repository: each.repository }));
  return environments.some(isAway) && new Set(places).size === places.length;
}

/**
 * Where an app in an environment lives.
 *
 * @param environment as the policy has it; `undefined` for one that it does not name, which lives with the policy
 * @param app its name in ops; empty where none is meant
 * @throws Error where every app has a repository of its own and no app is named
 */
export function placeOf(environment: Lodging | undefined, app: string): Place {
  const { name = '', branch, repository } = environment ?? {};
  const isEach = isOfEachApp(repository);
  if (isEach && app === '') {
    throw new Error(
      `Every app of ${name} has a repository of its own (${repository} in ostack.yaml), and none is named: name the apps, or list all of them under "apps" in ostack.yaml.`,
    );
  }
  return { repository: repository?.replaceAll('{app}', app), branch, ...(isEach ? { app } : {}) };
}

/** Whether every app has a repository of its own. */
export function isOfEachApp(repository: string | undefined): boolean {
  return repository?.includes('{app}') === true;
}

/**
 * Where the apps of an environment live: at one place, or where each has a repository of its own at one for each app that the policy
 * names, which may be none.
 */
export function placesOf(environment: Lodging, { apps }: { apps: ReadonlyMap<string, unknown> }): Place[] {
  const names = isOfEachApp(environment.repository) ? [...apps.keys()] : [''];
  return names.map((app) => placeOf(environment, app));
}

/** The folder of an environment on a branch that materialize writes: its name where others live there, too, else the root. */
export function renderedFolder(environments: readonly Lodging[], environment: Lodging): string {
  const key = placeKey(environment);
  return environments.filter((other) => placeKey(other) === key).length === 1 ? '' : environment.name;
}

/** Whether an environment lives at a place, or an app of it does. */
export function livesAt(environment: Lodging, place: Place): boolean {
  return placeKey(placeOf(environment, place.app ?? '*')) === placeKey(place);
}

/**
 * The place that is a branch of the repository that has the policy; `undefined` where no environment lives on it.
 *
 * @param home that repository, `owner/name`
 * @throws Error where environments on it say that in different words, so that one would be lost
 */
export function placeOfBranch(environments: readonly Lodging[], home: string, branch: string): Place | undefined {
  const isHome = ({ repository }: Lodging) =>
    repository === undefined || repository.toLowerCase() === home.toLowerCase();
  const [first, ...others] = environments.filter((each) => each.branch === branch && isHome(each));
  if (first === undefined) {
    return undefined;
  }
  const place = placeOf(first, '');
  const other = others.find((each) => !livesAt(each, place));
  if (other !== undefined) {
    throw new Error(
      `${first.name} and ${other.name} both live on ${branch}, and one of them names ${home} with "repository" in ostack.yaml: leave that out.`,
    );
  }
  return place;
}

/**
 * A policy that says of each environment no more than makes its place another one than the default branch of its own repository.
 *
 * @param home that repository, `owner/name`
 * @param base its default branch
 */
export function settledPolicy<P extends { environments: Lodging[] }>(policy: P, home: string, base: string): P {
  const { environments } = policy;
  return environments.some(isAway)
    ? { ...policy, environments: environments.map((each) => settled(each, home, base)) }
    : policy;
}

function settled<E extends Lodging>({ branch, repository, ...rest }: E, home: string, base: string) {
  const other = repository?.toLowerCase() === home.toLowerCase() ? undefined : repository;
  const isBase = other === undefined && branch === base;
  return {
    ...rest,
    ...(branch === undefined || isBase ? {} : { branch }),
    ...(other === undefined ? {} : { repository: other }),
  };
}

/**
 * The branches of the policy's own repository on which environments live, each once: what the gate and the audit judge beside the
 * default branch.
 *
 * @param environments settled ones
 */
export function judgedPlaces(environments: readonly Lodging[]): Place[] {
  const own = environments.filter((each) => each.repository === undefined && each.branch !== undefined);
  return [...new Set(own.map(({ branch }) => branch))].map((branch) => ({ repository: undefined, branch }));
}

/**
 * The places in other repositories on which environments live, each once as the policy says it. Two of them may be one branch, where the
 * policy names the default branch of a repository for one environment and leaves it out for another.
 *
 * @param policy a settled one
 */
export function otherPlaces(policy: {
  environments: readonly Lodging[];
  apps: ReadonlyMap<string, unknown>;
}): (Place & { repository: string })[] {
  const all = policy.environments.flatMap((each) => placesOf(each, policy));
  const away = all.flatMap(({ repository, ...place }) => (repository === undefined ? [] : [{ ...place, repository }]));
  return [...new Map(away.map((place) => [`${place.app ?? ''} ${placeKey(place)}`, place])).values()];
}

/** A place as a text, the same for the same place. */
export function placeKey({ repository = '', branch = '' }: Partial<Place>): string {
  return `${repository.toLowerCase()}#${branch}`;
}

/** A place for people: `the branch prod of acme/shop`. */
export function placeName({ repository, branch }: Place): string {
  const of = repository === undefined ? '' : ` of ${repository}`;
  return branch === undefined ? `the default branch${of}` : `the branch ${branch}${of}`;
}

/**
 * What to tell of environments that live in a repository of each app, where the policy names no apps: nobody knows which repositories
 * these are.
 *
 * @returns sentences
 */
export function unknownPlaces(policy: {
  environments: readonly Lodging[];
  apps: ReadonlyMap<string, unknown>;
}): string[] {
  return policy.environments
    .filter((each) => placesOf(each, policy).length === 0)
    .map(
      ({ name, repository }) =>
        `${name} lives in a repository of each app (${repository}), and ostack.yaml names no apps: list them under "apps", else nobody judges what comes there.`,
    );
}

/** The environments of which something lives in a repository. @param repository `owner/name` */
export function environmentsIn(
  policy: { environments: readonly Lodging[]; apps: ReadonlyMap<string, unknown> },
  repository: string,
): string[] {
  const isThere = (place: Place) => place.repository?.toLowerCase() === repository.toLowerCase();
  return policy.environments.filter((each) => placesOf(each, policy).some(isThere)).map(({ name }) => name);
}

/** Names of branches that our actions make, and delete. */
const OURS = /^ostack(-[a-z-]+)?(\/|$)/;

/**
 * What is wrong with where an environment lives, or with what promotions into it merge.
 *
 * @param known all environments of the policy
 * @returns the key and a sentence; `undefined` where nothing is
 */
export function placeProblem(
  environment: Promoted,
  known: readonly Promoted[],
  previews: { branch: string; host: string } | undefined,
): { key: 'branch' | 'repository' | 'promotion'; message: string } | undefined {
  const { branch, promotion, after, name } = environment;
  if (branch !== undefined && OURS.test(branch)) {
    return {
      key: 'branch',
      message: `${branch} is called as branches of our actions are, which delete them. Rename it.`,
    };
  }
  if (previews?.host === name && isAway(environment)) {
    const key = branch === undefined ? 'repository' : 'branch';
    return {
      key,
      message: `${name} is the host of previews, and those are made from the default branch of this repository: name another host.`,
    };
  }
  if (branch !== undefined && branch === previews?.branch) {
    return { key: 'branch', message: `${branch} is the branch of previews, and has nothing else. Name another one.` };
  }
  if (promotion === undefined) {
    return undefined;
  }
  const [before, ...more] = after.map((each) => known.find((other) => other.name === each));
  const isMergeable =
    before !== undefined &&
    more.length === 0 &&
    branch !== undefined &&
    before.branch !== undefined &&
    before.branch !== branch &&
    before.repository === environment.repository;
  return isMergeable
    ? undefined
    : {
        key: 'promotion',
        message:
          'expected one environment in "after", and for both of them a "branch" of its own in one repository: that is what is merged.',
      };
}
