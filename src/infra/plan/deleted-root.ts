import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../../git/git.js';
import { firstFew } from '../../report/first-few.js';
import { redactorOf } from '../redact/redactor.js';
import type { Root } from '../roots/find-roots.js';
import { withoutKeys } from './losses.js';
import { type PlanRun, placeOf, settingsArguments } from './plan-root.js';

/** Most addresses that are named. */
const MOST_NAMED = 10;

/**
 * Whether a root may go: its state must own nothing by then.
 *
 * @param base the last commit that has it
 * @returns what is wrong, and the ways out; `undefined` where its state is empty
 */
export async function deletedRootProblem(
  git: Git,
  base: string,
  root: Root,
  run: PlanRun,
): Promise<string | undefined> {
  const folder = join(run.scratch, 'before');
  await mkdir(folder, { recursive: true });
  await git.read(['worktree', 'add', '--detach', '--force', folder, base]);
  try {
    const at = placeOf(root, run, folder);
    const { redact } = redactorOf(run.environment.secrets);
    const init = await run.tool.run(['init', '-input=false', '-no-color', ...settingsArguments(root).init], at);
    const list = init.exitCode === 0 ? await run.tool.run(['state', 'list'], at) : init;
    if (list.exitCode !== 0 && !/No state file was found/i.test(list.stderr)) {
      return `The root is deleted, and its state could not be read to see whether it still owns something: ${redact(list.stderr.trim().slice(-2000))} ${WAYS_OUT}`;
    }
    // A module may be called "data", too.
    const isData = (address: string) => /^(?:module\.[^.]+\.)*data\./.test(withoutKeys(address));
    const owned = list.stdout.split('\n').filter((address) => address !== '' && !isData(address));
    return owned.length === 0
      ? undefined
      : `The root is deleted, while its state still owns ${owned.length} ${owned.length === 1 ? 'thing' : 'things'}, which nobody would manage any more: ${redact(firstFew(owned, MOST_NAMED))}. ${WAYS_OUT}`;
  } finally {
    await git.run(['worktree', 'remove', '--force', folder]);
  }
}

const WAYS_OUT =
  'Destroy them first: delete the resources in a pull request of its own, leave the backend and provider blocks, and delete the folder after that is applied. ' +
  'Or let go of them: replace the resources by removed blocks with destroy = false. Or move the folder with its backend block as it is, where that says the place of the state without variables.';
