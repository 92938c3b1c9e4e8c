import type { GitHub } from '../../../github/client.js';
import type { RepositoryName } from '../../../github/context.js';
import type { Patience } from '../../pull-requests/merge.js';
import type { PublishedRelease } from '../../releases/releases-between.js';
import type { RepositoryState } from '../../repository/repository-state.js';
import type { Rules } from './decide.js';
import type { BumpRequest } from './request.js';

/** Everything a round works with: one commit of the base, and what was asked for. */
export interface Round {
  github: GitHub;
  repository: RepositoryName;
  repo: RepositoryState;
  rules: Rules;
  request: BumpRequest;
  releases: readonly PublishedRelease[] | undefined;
  patience: Patience;
  /** See `Execution`. */
  checksBaseAgain: boolean;
  /** Takes what a person should know and nothing fails of. */
  warn: (message: string) => void;
}
