import { isAway, type Lodging } from '../../ops/policy/places.js';
import type { GitSource } from '../hld/parts.js';
import { parseGitUrl } from './fetch-git.js';

/**
 * Whether a git source is the branch that an environment lives on, by the policy: what comes there was decided there, by the order,
 * the soak times and the holds of that environment.
 *
 * @param home the repository of the policy, `owner/name`
 * @param serverUrl where the repositories of a policy are, `https://github.com`
 */
export function isEnvironmentBranch(
  { url, branch, commit }: GitSource,
  lodgings: readonly Lodging[],
  home: string,
  serverUrl: string,
): boolean {
  const address = parseGitUrl(url);
  const isHere = address?.origin === new URL(serverUrl).origin;
  return (
    isHere &&
    commit === undefined &&
    lodgings.some((each) => isAway(each) && each.branch === branch && fits(each.repository ?? home, address.path))
  );
}

/** Whether there is a branch to follow at all. */
export function hasEnvironmentBranches(lodgings: readonly Lodging[]): boolean {
  return lodgings.some(isAway);
}

/** Whether a repository is the one of a pattern, in which `{app}` is any name. */
function fits(pattern: string, repository: string): boolean {
  const parts = pattern.toLowerCase().split('/');
  const names = repository.toLowerCase().split('/');
  return (
    parts.length === names.length &&
    parts.every((part, index) => {
      const [before = '', after, more] = part.split('{app}');
      const name = names[index] ?? '';
      if (after === undefined) {
        return name === part;
      }
      const isLonger = name.length > before.length + after.length;
      return more === undefined && isLonger && name.startsWith(before) && name.endsWith(after);
    })
  );
}
