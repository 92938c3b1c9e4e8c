import { type Connected, nameOf } from '../../../github/connected.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import type { Main } from '../../judged-pulls/ground.js';
import type { JudgedPlace } from '../../judgement/judged-place.js';
import { type Push, readPushes } from '../../ledger/read-pushes.js';
import { HOLDS_FILE } from '../../policy/holds.js';
import { settledPolicy } from '../../policy/places.js';
import { POLICY_FILE, readPolicy } from '../../policy/policy.js';
import { githubTree } from '../../tree/github-tree.js';

/** Requests in which the moves of the default branch are read. */
const MOST_PAGES = 30;

/**
 * What judged a branch that environments live on at a time: the policy and the holds that the default branch had then.
 *
 * @param judged that branch, as it is judged now
 * @param main the default branch as it is now
 * @param oldest no time before this one is asked for
 * @returns by time; it throws ConfigError where the policy of then cannot be read, and what a failed request throws
 */
export function rulesThen(
  ops: Connected,
  { place, base }: Pick<JudgedPlace, 'place' | 'base'>,
  main: Main,
  oldest: Date,
): (time: Date) => Promise<JudgedPlace> {
  let reading: Promise<Push[]> | undefined;
  const isEnough = (pushes: readonly Push[]) => pushes.some(({ at }) => at < oldest);
  const reader = repositoryReader(ops.github, ops.repository, 'AuditPolicy');
  return async (time) => {
    reading ??= readPushes(ops, main.branch, isEnough, MOST_PAGES);
    const oid = commitAt(await reading, time) ?? main.oid;
    const tree = githubTree(reader, ops.github, ops.repository, oid);
    const [text, holdsText] = await Promise.all([tree.read(POLICY_FILE), tree.read(HOLDS_FILE)]);
    const policy = settledPolicy(readPolicy(text), nameOf(ops), main.branch);
    return { place, home: { branch: main.branch, oid }, policy, holdsText, ...(base === undefined ? {} : { base }) };
  };
}

/**
 * The commit that a branch had at a time, by GitHub's record of its moves. What came in the same second came later: a policy that lets
 * something in has to be there before.
 *
 * @param pushes newest first
 * @returns the oldest that is known where the record begins later; `undefined` where there is none
 */
export function commitAt(pushes: readonly Push[], time: Date): string | undefined {
  const last = pushes.find(({ at }) => at < time);
  const oldest = pushes.at(-1);
  const before = oldest === undefined || /^0+$/.test(oldest.before) ? oldest?.after : oldest.before;
  return last?.after ?? before;
}
