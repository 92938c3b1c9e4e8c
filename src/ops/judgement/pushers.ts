import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { nodesOf } from '../../github/page.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { type Push, readPushes } from '../ledger/read-pushes.js';
import type { Logins } from './approvals.js';
import { accountSchema, loginsOrProblem } from './logins.js';
import type { PullBranch } from './pull-branch.js';

/** Pages of activity that are looked at. */
const MOST_PAGES = 5;

/** The commit that a branch has before it is made and after it is gone. */
const NOTHING = /^0*$/;

/**
 * Who moved a branch until a time, since it was made: a branch of an earlier pull request may have had the same name.
 *
 * @param pushes newest first
 * @param isKnown tells the commit before those that count
 * @returns also whether these are all of them
 */
export function pushersUntil(
  pushes: readonly Push[],
  time: Date | undefined,
  isKnown: (oid: string) => boolean = () => false,
): { logins: (string | undefined)[]; isWhole: boolean } {
  const logins = new Set<string | undefined>();
  for (const { at, actor, before, after } of pushes) {
    if (isKnown(after)) {
      return { logins: [...logins], isWhole: true };
    }
    // Who takes it away once it is merged brings nothing.
    if ((time === undefined || at <= time) && !NOTHING.test(after)) {
      logins.add(actor);
      if (NOTHING.test(before)) {
        return { logins: [...logins], isWhole: true };
      }
    }
  }
  return { logins: [...logins], isWhole: false };
}

/**
 * Who pushed to a branch since it was made.
 *
 * @see https://docs.github.com/rest/repos/repos#list-repository-activities
 */
export async function pushersOf(
  ops: Connected,
  { branch, mergedAt }: Pick<PullBranch, 'branch' | 'mergedAt'>,
  isKnown: (oid: string) => boolean = () => false,
): Promise<Logins> {
  return loginsOrProblem('Nobody can tell who pushed to its branch', async () => {
    const found = (all: readonly Push[]) => pushersUntil(all, mergedAt, isKnown);
    const pushes = await readPushes(ops, branch, (all) => found(all).isWhole, MOST_PAGES);
    const { logins, isWhole } = found(pushes);
    const known = logins.flatMap((login) => login ?? []);
    if (known.length < logins.length || (!isWhole && pushes.length >= MOST_PAGES * 100)) {
      return { problem: 'Nobody can tell everybody who pushed to its branch.' };
    }
    return known.length === 0 && !isWhole
      ? { problem: 'GitHub names nobody who pushed to its branch.' }
      : { logins: known };
  });
}

/** Commits of a pull request that GitHub lists at once: with as many there may be more. */
const MOST_COMMITS = 100;

const pullSchema = v.object({ merged: v.boolean(), baseRefName: v.string(), author: accountSchema });
const commitSchema = v.object({ associatedPullRequests: v.nullable(nodesOf(pullSchema)) });
const broughtSchema = v.nullable(v.object({ commits: nodesOf(v.object({ commit: commitSchema })) }));

/**
 * Who had a hand in what a merge of an environment's branch brings: who pushed to that branch, or merged into it, what the base
 * lacks, and who opened the pull requests that brought it.
 */
export async function handsIn(ops: Connected, pull: PullBranch): Promise<Logins> {
  const { number, commits = [], branch } = pull;
  if (number === undefined || commits.length === 0 || commits.length >= MOST_COMMITS) {
    return {
      problem: `It merges ${branch}, and brings more than GitHub lists at once: nobody can tell who had a hand in that.`,
    };
  }
  return loginsOrProblem(`Nobody can tell who had a hand in what ${branch} brings`, async () => {
    const reader = repositoryReader(ops.github, ops.repository, 'Brought');
    const [pushers, brought] = await Promise.all([
      pushersOf(ops, pull, (oid) => !commits.includes(oid)),
      reader.load({
        heavy: true,
        text: (bind) =>
          `pullRequest(number: ${bind('Int!', number)}) { commits(first: ${MOST_COMMITS}) { nodes { commit { associatedPullRequests(first: 10) { nodes { merged baseRefName author { login } } } } } } }`,
        schema: broughtSchema,
      }),
    ]);
    const own = (brought?.commits.nodes ?? []).flatMap((node) => node?.commit.associatedPullRequests?.nodes ?? []);
    const authors = own.flatMap((each) =>
      each?.merged === true && each.baseRefName === branch ? (each.author?.login ?? []) : [],
    );
    return 'problem' in pushers ? pushers : { logins: [...new Set([...pushers.logins, ...authors])] };
  });
}
