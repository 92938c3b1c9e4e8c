import { readContext } from '../../github/context.js';
import { override } from '../../ops/verbs/override/override.js';
import { runVerb, writeProposals } from '../propose-report.js';
import { readProcessSettings } from '../single-proposal-settings.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runVerb('Override', async () => {
    const settings = readProcessSettings(readContext());
    const request = readInputs();
    const report = await override(settings, request);
    await writeProposals(report, {
      title: `${request.app} in ${request.environment}`,
      dryRun: settings.options.dryRun,
      notes: [],
    });
  });
