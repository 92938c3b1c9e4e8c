import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { playPreviews } from '../../ops/verbs/previews/live/play.js';
import { writePreviewReport } from '../../ops/verbs/previews/live/write-report.js';
import { runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';
import { planRun } from './run.js';

export const main = () =>
  runEntry(async () => {
    const run = await planRun(readInputs(), readContext(), await readEvent());
    await writePreviewReport(run, await playPreviews(run));
  });
