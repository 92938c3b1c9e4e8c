import { readContext } from '../../github/context.js';
import { lift } from '../../ops/lift/lift.js';
import { runEntry } from '../../runtime/entry.js';
import { readProcessSettings } from '../process-settings.js';
import { writeProposals } from '../propose-report.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const settings = readProcessSettings(readContext());
    const request = readInputs();
    const report = await lift(settings, request);
    await writeProposals(report, {
      title: `Shared patches of ${request.app}`,
      dryRun: settings.options.dryRun,
      notes: [],
    });
  });
