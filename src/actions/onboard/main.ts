import { readContext } from '../../github/context.js';
import { onboard } from '../../ops/verbs/onboard/onboard.js';
import { onboardReports } from '../../ops/verbs/onboard/reports/onboard-reports.js';
import { runVerb, writeProposals } from '../propose-report.js';
import { readProcessSettings } from '../single-proposal-settings.js';
import { readApps, readInputs, readReports } from './inputs.js';

export const main = () =>
  runVerb('Onboarding', async () => {
    const settings = readProcessSettings(readContext());
    const reports = readReports();
    if (reports !== undefined) {
      const title = `${reports.environment} reports whether it is live`;
      const written = await onboardReports(settings, reports);
      return writeProposals(written, { title, dryRun: settings.options.dryRun, notes: [] });
    }
    const request = readInputs();
    const report = await onboard(settings, request, readApps(settings.token));
    await writeProposals(report, {
      title: `${request.app} joins ${request.environment}`,
      dryRun: settings.options.dryRun,
      notes: [],
    });
  });
