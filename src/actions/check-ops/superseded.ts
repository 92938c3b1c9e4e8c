import { closeSuperseded } from '../../ops/releases/close-superseded.js';
import { appEnvironmentOf } from '../../ops/releases/release-pull-request.js';
import type { CheckedPull } from '../../ops/verbs/check/pulls.js';
import { info, logWarning } from '../../runtime/log.js';
import type { CheckRun } from './check-run.js';

/**
 * Closes pull requests of releases that are superseded: the default branch holds their version or a newer one, after a
 * promotion that a person merged for example. A failure is a warning, and the pull requests are checked all the same.
 *
 * @returns the pull requests that are still open
 */
export async function closeSupersededPulls(
  run: CheckRun,
  open: readonly CheckedPull[],
): Promise<readonly CheckedPull[]> {
  const appEnvironments = open.flatMap(({ branch, fromFork }) => (fromFork ? [] : (appEnvironmentOf(branch) ?? [])));
  if (appEnvironments.length === 0 || run.inputs.dryRun) {
    return open;
  }
  try {
    const closed = await closeSuperseded(run, appEnvironments, logWarning);
    for (const { number, reason } of closed) {
      info(`Closed #${number}: ${reason}.`);
    }
    return open.filter(({ number }) => !closed.some((each) => each.number === number));
  } catch (error) {
    logWarning(error instanceof Error ? error.message : String(error));
    return open;
  }
}
