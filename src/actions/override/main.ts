import { readContext } from '../../github/context.js';
import { override } from '../../ops/override/override.js';
import { runEntry } from '../../runtime/entry.js';
import { readProcessSettings } from '../process-settings.js';
import { writeProposals } from '../propose-report.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const settings = readProcessSettings(readContext());
    const request = readInputs();
    const report = await override(settings, request);
    await writeProposals(report, {
      title: `${request.app} in ${request.environment}`,
      dryRun: settings.options.dryRun,
      notes: [],
    });
  });
