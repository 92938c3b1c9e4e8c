import { EVERY, type Hold, readHolds } from '../policy/holds.js';
import { livesAt, type Place, placeName, placeOf } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';

/** A branch that environments live on, with what judges a change of it: no policy that it has itself, but that of the default branch. */
export interface JudgedPlace {
  place: Place;
  /** The default branch, at the commit that the policy and the holds are of. */
  home: { branch: string; oid: string };
  /** A settled one. */
  policy: Policy;
  /** Text of the default branch's holds; `undefined` where it has none. */
  holdsText: string | undefined;
  /** The default branch of the repository that it is a branch of, where that is another one than the policy's. */
  base?: string;
}

/** Whether environments live on a branch of the repository in which a place is, whichever way the policy says that. */
export function isOfEnvironments(
  environments: Policy['environments'],
  { place, home, base = home.branch }: Pick<JudgedPlace, 'place' | 'base'> & { home: { branch: string } },
  branch: string,
): boolean {
  return branch === base || sourcesOn(environments, { place, base }, branch).length > 0;
}

/** The environments that live on a branch of the repository in which a place is. @param base its default branch */
function sourcesOn(
  environments: Policy['environments'],
  { place, base }: { place: Place; base: string },
  branch: string,
): string[] {
  const ways: Place[] = [{ ...place, branch }, ...(branch === base ? [{ ...place, branch: undefined }] : [])];
  return environments.filter((each) => ways.some((way) => livesAt(each, way))).map(({ name }) => name);
}

/** What is in force on a branch, whatever the branch has itself. */
export interface RulesAt {
  policy: Policy;
  /** The environments that live there. */
  environments: readonly string[];
  /** Holds of the default branch that count there: those of everything, and those that somebody wrote there for one of these environments. */
  holds: readonly Hold[];
}

/** @throws ConfigError where the holds of the default branch cannot be read */
export function rulesAt({ place, policy, holdsText }: JudgedPlace): RulesAt {
  const environments = policy.environments.filter((each) => livesAt(each, place)).map(({ name }) => name);
  // What the policy gives to environments of other branches is of nobody's else there, and so of everybody who lives there.
  const paths = policy.paths.filter((rule) => rule.environments.some((each) => environments.includes(each)));
  const holds = readHolds(holdsText).filter(
    ({ environment }) => environment === EVERY || environments.includes(environment),
  );
  return { policy: { ...policy, paths }, environments, holds };
}

/**
 * Why the branch of one environment is not merged into that of another: one lies between them that it would go past. Whoever merges
 * the same under another name is judged by what it brings.
 *
 * @param branch the one that is merged, of the same repository
 * @returns a sentence; `undefined` where nothing is gone past
 */
export function leftOut(
  { place, policy, home, base = home.branch }: Pick<JudgedPlace, 'place' | 'policy' | 'home' | 'base'>,
  branch: string,
): string | undefined {
  const sources = sourcesOn(policy.environments, { place, base }, branch);
  for (const { name, after } of policy.environments.filter((each) => livesAt(each, place))) {
    if (after.length === 0 || sources.some((each) => each === name || after.includes(each))) {
      continue;
    }
    const past = sources.find((each) => comesBefore(policy, each, name));
    if (past !== undefined) {
      const way = after.map((each) => `${each} (${placeName(lodgingOf(policy, each))})`).join(' and ');
      return `${branch} is the branch of ${past}, and ${name} comes after ${way}: merge it there first.`;
    }
  }
  return undefined;
}

function lodgingOf({ environments }: Policy, name: string): Place {
  return placeOf(
    environments.find((each) => each.name === name),
    '*',
  );
}

/** Whether an environment comes anywhere before another one. */
function comesBefore(policy: Policy, before: string, name: string): boolean {
  const after = policy.environments.find((each) => each.name === name)?.after ?? [];
  return after.includes(before) || after.some((each) => comesBefore(policy, before, each));
}
