import type { Problem } from '../tree/problem.js';
import type { RepositoryChange } from './repository-change.js';

/**
 * Symbolic links and submodules that a change brings: nobody can say by the path of a file then whose it is, and reconcilers
 * follow them each in their own way.
 */
export function linkProblems({ head, changed }: RepositoryChange): Problem[] {
  const found = (head.links ?? []).filter((path) => changed.has(path));
  return found.map((path) => ({
    level: 'error',
    file: path,
    line: undefined,
    message: `${path} is a symbolic link or a submodule, which an ops repository may not have where rules are. Put the files themselves there.`,
  }));
}
