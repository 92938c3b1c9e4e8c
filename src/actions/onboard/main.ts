import { readContext } from '../../github/context.js';
import { onboard } from '../../ops/verbs/onboard/onboard.js';
import { runVerb, writeProposals } from '../propose-report.js';
import { readProcessSettings } from '../single-proposal-settings.js';
import { readApps, readInputs } from './inputs.js';

export const main = () =>
  runVerb('Onboarding', async () => {
    const settings = readProcessSettings(readContext());
    const request = readInputs();
    const report = await onboard(settings, request, readApps(settings.token));
    await writeProposals(report, {
      title: `${request.app} joins ${request.environment}`,
      dryRun: settings.options.dryRun,
      notes: [],
    });
  });
