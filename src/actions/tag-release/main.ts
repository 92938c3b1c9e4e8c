import { readDefaultBranch } from '../../git/default-branch.js';
import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { checkReleaseBranch } from '../../release/release-branch.js';
import { runEntry } from '../../runtime/entry.js';
import { logWarning } from '../../runtime/log.js';
import { type Inputs, readInputs } from './inputs.js';
import { type Outcome, releaseApps } from './release-apps.js';
import { report } from './report.js';
import { openRepository } from './repository.js';

export const main = () =>
  runEntry(async () => {
    const inputs = readInputs();
    const context = readContext();
    const repository = await openRepository(inputs, context);
    await checkReleaseBranch({
      ref: context.ref,
      branches: inputs.releaseBranches ?? repository.config['release-branches'],
      defaultBranch: async () => readDefaultBranch(repository.git, await readEvent()),
      dryRun: inputs.dryRun,
    });
    const done = new Map<string, Outcome>();
    const outcomes = () => repository.apps.map(({ name }) => done.get(name)).filter((outcome) => outcome !== undefined);
    try {
      await releaseApps(connect({ token: inputs.token }), { repository, inputs, done });
    } finally {
      if (outcomes().length > 0) {
        await report(repository, inputs, outcomes());
      }
    }
    tellBlocked(inputs, outcomes());
  });

/**
 * Tells which apps wait for people. A dry run warns, since nothing was to be released.
 *
 * @throws Error with the reason of each; what the other apps have was released all the same
 */
function tellBlocked({ dryRun }: Inputs, outcomes: readonly Outcome[]): void {
  const reasons = outcomes.map(({ plan }) => (plan.kind === 'blocked' ? plan.why : '')).filter((why) => why !== '');
  if (reasons.length > 0 && !dryRun) {
    throw new Error(reasons.join('\n'));
  }
  for (const why of reasons) {
    logWarning(why);
  }
}
