import type { GitHub } from './client.js';
import type { RepositoryName } from './context.js';

/** A connection to a repository. */
export interface Connected {
  github: GitHub;
  repository: RepositoryName;
  /** Reads its commit statuses, where the other connection may not. */
  reports?: GitHub;
}

/** `owner/name`. */
export function nameOf({ repository }: Pick<Connected, 'repository'>): string {
  return `${repository.owner}/${repository.name}`;
}
