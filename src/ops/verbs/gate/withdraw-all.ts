import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { operationIn } from '../../../github/try-operation.js';
import { newestGrounds } from '../../judged-pulls/grounds.js';
import { readOpenPulls } from '../../judged-pulls/open-pulls.js';
import { isGateCheck } from '../../policy/gate-check.js';
import { readQueueGroups } from './queue-groups.js';
import { withdraw } from './withdraw.js';

const TITLE = 'Not yet: the gate could not judge it as it is now. The next run that ends well judges it again.';

/**
 * Withdraws whatever is allowed of heads that could be merged, without judging anything and without fetching any file: for when
 * judging failed, whatever it failed on. That is of all open pull requests, because which branches count is said by a file. Safe to
 * run again.
 *
 * @param app slug of the App that makes the check runs
 * @returns the number of check runs that were withdrawn
 * @throws what a failed request throws
 */
export async function withdrawAll(ops: Connected, app: string): Promise<number> {
  const { all } = await newestGrounds(ops);
  const reader = repositoryReader(ops.github, ops.repository, 'GateAllowed');
  const [pulls, ...groups] = await Promise.all([
    readOpenPulls(reader, ops.repository, undefined, app),
    ...all.map(({ branch }) => readQueueGroups(reader, branch, app)),
  ]);
  const known = [...pulls, ...groups.flat()].flatMap(({ checks }) => [...checks]);
  const given = known.filter(([name, { conclusion }]) => isGateCheck(name) && conclusion === 'success');
  const ids = new Set(given.map(([, { id }]) => id));
  await attempt(operationIn(ops.repository, 'write check runs', 'checks: write'), async () => {
    for (const id of ids) {
      await withdraw(ops, id, { conclusion: 'failure', title: TITLE, summary: TITLE });
    }
  });
  return ids.size;
}
