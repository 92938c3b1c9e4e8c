import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { runPreviews } from '../../ops/verbs/previews/run/run-previews.js';
import { writePreviewReport } from '../../ops/verbs/previews/run/write-report.js';
import { runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';
import { planRun } from './run.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const inputs = readInputs();
    const run = await planRun(inputs, context, await readEvent());
    await writePreviewReport(run, await runPreviews(run));
  });
