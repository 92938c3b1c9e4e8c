import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { type Mutation, type MutationResults, runMutations } from '../../github/mutations.js';
import type { Rules } from './decide.js';
import type { Patience } from './merge.js';
import type { Opening } from './opening.js';
import type { PublishedRelease } from './releases-between.js';
import type { BumpRequest } from './request.js';

/** Everything a round works with: one commit of the base, and what was asked for. */
export interface Round {
  github: GitHub;
  repository: RepositoryName;
  opening: Opening;
  rules: Rules;
  request: BumpRequest;
  releases: readonly PublishedRelease[] | undefined;
  patience: Patience;
  /** Takes what a person should know and nothing fails of. */
  warn: (message: string) => void;
}

/** `owner/name` of the ops repository. */
export function fullName({ repository }: Round): string {
  return `${repository.owner}/${repository.name}`;
}

const NO_RESULTS: MutationResults = { payload: () => undefined, error: () => undefined, errors: [] };

/** Sends mutations, if there are any. */
export async function write(round: Round, operation: string, mutations: readonly Mutation[]): Promise<MutationResults> {
  return mutations.length === 0 ? NO_RESULTS : runMutations(round.github, operation, mutations);
}
