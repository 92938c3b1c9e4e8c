import type { Trailers } from '../../ledger/trailers.js';
import type { Situation } from '../../pull-requests/lifecycle.js';
import type { BranchCommit, PullRequest } from '../../repository/pull-request.js';
import { branchOf } from './unit.js';

/** Names the verb in `Ostack-Action`. */
export const BUMP_ACTION = 'bump-ops-overlay';

/** The environment, app and version of one bump. */
export interface Subject {
  environment: string;
  app: string;
  version: string;
}

/** What the rules of branches and pull requests ask about a bump. */
export function bumpSituation(
  subject: Subject,
  found: Pick<Situation, 'base' | 'baseOid' | 'branch' | 'open' | 'past' | 'overtaken'>,
): Situation {
  const { environment, app, version } = subject;
  return {
    ...found,
    branchName: branchOf(environment, app),
    isOurs: (commit) => isBumpOf(subject, commit),
    staysClosed: (last) => newestOf(last, subject)?.version === version,
    words: {
      done: `${version} is already in ${environment}`,
      newerThere: `${environment} holds a newer version than ${version}`,
      newer: `a newer version than ${version}`,
      unusable: 'nothing that carries the version',
      takenAway: 'took away what carries the version',
      closed: (number) =>
        `a person closed #${number} for ${version}; reopen it to go on, the next version opens a new one`,
    },
  };
}

/** Whether a commit of a bump branch is one that this action made for this environment and app. */
export function isBumpOf(
  { environment, app }: Pick<Subject, 'environment' | 'app'>,
  { trailers }: Pick<BranchCommit, 'trailers'>,
): boolean {
  return trailers?.action === BUMP_ACTION && trailers.environment === environment && trailers.app === app;
}

/** What a pull request stands for: the newest commit of ours on it. */
export function newestOf(
  { commits }: PullRequest,
  subject: Pick<Subject, 'environment' | 'app'>,
): Trailers | undefined {
  return commits.findLast((commit) => isBumpOf(subject, commit))?.trailers;
}
