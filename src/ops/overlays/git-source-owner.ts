import { BOOTSTRAP_SOURCE } from '../reconcilers/flux/source.js';
import type { Layout } from './layout.js';

/** What is known of the git repositories that Flux takes things from. */
export type GitSources = Pick<Layout, 'gitSources' | 'repository'>;

/**
 * Whose a GitRepository of Flux is. What a cluster is set up from is this one, whatever its address: a copy of a repository keeps
 * that of the first one.
 *
 * @param name of the GitRepository; empty where a patch does not say it
 */
export function ownerOfSource(
  name: string,
  { gitSources = [], repository }: GitSources,
): 'ours' | 'others' | 'unknown' {
  if (name === '' || name === BOOTSTRAP_SOURCE.name) {
    return 'ours';
  }
  const addresses = (called: string) =>
    gitSources.filter((each) => each.name === called).map((each) => each.repository);
  const own = [...(repository === undefined ? [] : [repository.toLowerCase()]), ...addresses(BOOTSTRAP_SOURCE.name)];
  const named = addresses(name);
  return named.some((each) => own.includes(each)) ? 'ours' : named.length * own.length > 0 ? 'others' : 'unknown';
}
