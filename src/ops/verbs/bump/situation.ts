import type { Situation } from '../../pull-requests/lifecycle.js';
import { branchOf, isBumpOf, newestOf } from '../../releases/release-pull-request.js';

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
