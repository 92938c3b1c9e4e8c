import type { Connected } from '../../github/connected.js';
import type { PathCommit } from '../ledger/history-page.js';
import { type Push, readPushes } from '../ledger/read-pushes.js';
import { pushersUntil } from './pushers.js';

/** Pages of a hundred moves of a branch that are looked at. */
const MOST_PAGES = 3;

/** Why a commit of a branch is not of one App alone, the end of a sentence; `undefined` where it is. */
export type StrangerIn = (commit: PathCommit) => Promise<string | undefined>;

/**
 * Tells by GitHub's records whether an App alone made commits of a branch: it pushed them, or opened their pull request and was the
 * only one who pushed to that. What a commit says of itself is anybody's, and so is the name of its author. Each branch's record is read
 * once.
 *
 * @param branch that the commits are on
 * @param slug of the App
 */
export function strangerIn(ops: Connected, branch: string, slug: string): StrangerIn {
  const known = new Map<string, Promise<Push[]>>();
  const pushesTo = (name: string) => {
    const reading = known.get(name) ?? readPushes(ops, name, () => false, MOST_PAGES);
    known.set(name, reading);
    return reading;
  };
  const own = `${slug}[bot]`;
  return async ({ oid, at, pullRequest: pull }) => {
    if (pull === undefined) {
      const actor = (await pushesTo(branch)).find(({ after }) => after === oid)?.actor;
      return actor === own ? undefined : `${oid.slice(0, 7)} was pushed by ${actor ?? 'somebody'}, and not by ${slug}`;
    }
    const { ownBranch, openedBy, number } = pull;
    const isOpened = ownBranch !== undefined && openedBy === slug;
    const { logins, isWhole } = pushersUntil(isOpened ? await pushesTo(ownBranch) : [], at);
    return isWhole && logins.every((login) => login === own) ? undefined : `#${number} is not of ${slug} alone`;
  };
}
