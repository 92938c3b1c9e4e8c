import { type PlanRun, placeOf, settingsArguments } from '../plan/plan-root.js';
import { redactorOf } from '../redact/redactor.js';
import type { Root } from '../roots/find-roots.js';

/**
 * Opens the lock of a root's state, which has to have this id.
 *
 * @param id as the failed apply named it
 * @throws Error with the tool's words where it is another lock, or none
 */
export async function unlockRoot(root: Root, run: PlanRun, id: string): Promise<void> {
  if (!/^[\w.-]+$/.test(id) || id.startsWith('-')) {
    throw new Error(`Input "unlock" is ${JSON.stringify(id)}, expected the id of a lock as the failed apply named it.`);
  }
  const at = placeOf(root, run, run.checkout);
  const { redact } = redactorOf(run.environment.secrets);
  const init = ['init', '-input=false', '-no-color', '-lockfile=readonly', ...settingsArguments(root).init];
  for (const args of [init, ['force-unlock', '-force', id]]) {
    const end = await run.tool.run(args, at);
    if (end.exitCode !== 0) {
      throw new Error(
        `The lock ${id} of ${root.name} was not opened: ${redact(end.stderr.trim() || end.stdout.trim() || end.detail)}`,
      );
    }
  }
}
