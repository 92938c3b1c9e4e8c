import { type Connected, nameOf } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import { type Ground, otherRepository } from '../../judged-pulls/ground.js';
import { newestGrounds } from '../../judged-pulls/grounds.js';
import { readOpenPulls } from '../../judged-pulls/open-pulls.js';
import type { KnownCheck } from '../../judgement/known-checks.js';
import { isGateCheck } from '../../policy/gate-check.js';
import { readQueueGroups } from './queue-groups.js';
import { withdraw } from './withdraw.js';

const TITLE = 'Not yet: the gate could not judge it as it is now. The next run that ends well judges it again.';

/**
 * Withdraws whatever is allowed of heads that could be merged, without judging anything and without fetching any file: for when
 * judging failed, whatever it failed on. That is of all open pull requests, because which branches count is said by a file, in each
 * repository by itself. Safe to run again.
 *
 * @param app slug of the App that makes the check runs
 * @returns the number of check runs that were withdrawn
 * @throws Error where one of the repositories failed; the others are done by then
 */
export async function withdrawAll(ops: Connected, app: string): Promise<number> {
  const { all } = await newestGrounds(ops, { app, now: new Date() });
  let count = 0;
  const failed: unknown[] = [];
  for (const grounds of byRepository(all)) {
    try {
      count += await withdrawIn(grounds[0]?.at ?? ops, app, grounds);
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) {
    throw failed[0];
  }
  return count;
}

/** Branches by the repository of which they are, that of the policy first. */
export function byRepository<G extends Pick<Ground, 'at' | 'judged'>>(grounds: readonly G[]): G[][] {
  const found = new Map<string, G[]>();
  for (const ground of grounds) {
    const key = otherRepository(ground)?.toLowerCase() ?? '';
    found.set(key, [...(found.get(key) ?? []), ground]);
  }
  return [...found.values()];
}

/**
 * The same in one repository.
 *
 * @param ops with a token that writes check runs there
 * @param isLeft whether that has a gate of its own: what its runs allowed stays
 * @throws Error naming the permission that the token lacks
 */
export async function withdrawIn(
  ops: Connected,
  app: string,
  branches: readonly Pick<Ground, 'branch'>[],
  isLeft = false,
): Promise<number> {
  const reader = repositoryReader(ops.github, ops.repository, 'GateAllowed');
  const [pulls, ...groups] = await Promise.all([
    readOpenPulls(reader, ops.repository, undefined, app),
    ...branches.map(({ branch }) => readQueueGroups(reader, branch, app)),
  ]);
  const known = [...pulls, ...groups.flat()].flatMap(({ checks }) => [...checks]);
  const given = known.filter(
    ([name, check]) =>
      isGateCheck(name) && check.conclusion === 'success' && !(isLeft && isWrittenBy(check, nameOf(ops))),
  );
  const ids = new Set(given.map(([, { id }]) => id));
  await attempt(operationIn(ops.repository, `withdraw check runs of ${nameOf(ops)}`, 'checks: write'), async () => {
    for (const id of ids) {
      await withdraw(ops, id, { conclusion: 'failure', title: TITLE, summary: TITLE });
    }
  });
  return ids.size;
}

/** Whether a run of a repository wrote a check. */
export function isWrittenBy({ page }: Pick<KnownCheck, 'page'>, repository: string): boolean {
  return page.toLowerCase().includes(`/${repository.toLowerCase()}/actions/runs/`);
}
