import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { type Mutation, type MutationResults, runMutations } from '../../github/mutations.js';
import type { MergeMethod, People, RepositoryState } from '../repository/repository-state.js';
import type { MergeMethodChoice, Patience } from './options.js';

/** What pull requests are written with: one commit of the base, and what was asked for. */
export interface WriteContext {
  github: GitHub;
  repository: RepositoryName;
  repo: RepositoryState;
  people: People;
  mergeMethod: MergeMethodChoice;
  patience: Patience;
  /**
   * Whether to read again, before anything is merged, where the base moved while it was written: a hold or a newer version
   * may have come. Not for ever: in a busy repository it always moves.
   */
  checksBaseAgain: boolean;
  /** Where the base is known to be: at what was read, or at a merge of this run right on top of it. */
  bases: Set<string>;
  /** Takes warnings. */
  warn: (message: string) => void;
}

/** Rounds in which a moved base is reason enough to read again. */
const CAREFUL_ROUNDS = 3;

/** Whether a round, counted from 1, reads again where the base moved. */
export function checksBaseAgainIn(round: number): boolean {
  return round <= CAREFUL_ROUNDS;
}

/** The merge method that was asked for, else the first that the repository allows. */
export function mergeMethodOf({ mergeMethod, repo }: Pick<WriteContext, 'mergeMethod' | 'repo'>): MergeMethod {
  const methods: Record<string, MergeMethod> = { squash: 'SQUASH', merge: 'MERGE', rebase: 'REBASE' };
  return (mergeMethod === undefined ? undefined : methods[mergeMethod]) ?? repo.mergeMethods[0] ?? 'MERGE';
}

const NO_RESULTS: MutationResults = { payload: () => undefined, error: () => undefined, errors: [] };

/** Sends mutations, if there are any. */
export async function write(
  { github }: WriteContext,
  verb: 'Write' | 'Finish',
  mutations: readonly Mutation[],
): Promise<MutationResults> {
  return mutations.length === 0 ? NO_RESULTS : runMutations(github, `${verb}Proposals`, mutations);
}
