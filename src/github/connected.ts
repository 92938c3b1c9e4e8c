import type { GitHub } from './client.js';
import type { RepositoryName } from './context.js';

/** A connection to a repository. */
export interface Connected {
  github: GitHub;
  repository: RepositoryName;
}

/** `owner/name`. */
export function nameOf({ repository }: Pick<Connected, 'repository'>): string {
  return `${repository.owner}/${repository.name}`;
}
