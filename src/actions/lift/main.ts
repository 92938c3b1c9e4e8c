import { readContext } from '../../github/context.js';
import { lift } from '../../ops/verbs/lift/lift.js';
import { runVerb, writeProposals } from '../propose-report.js';
import { readProcessSettings } from '../single-proposal-settings.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runVerb('Shared patches', async () => {
    const settings = readProcessSettings(readContext());
    const request = readInputs();
    const report = await lift(settings, request);
    await writeProposals(report, {
      title: `Shared patches of ${request.app}`,
      dryRun: settings.options.dryRun,
      notes: [],
    });
  });
