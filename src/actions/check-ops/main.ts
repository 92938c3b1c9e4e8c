import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { fail, runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';
import { failure, report } from './report.js';
import { check, openRun } from './run.js';
import { subjectOf } from './subject.js';

export const main = () =>
  runEntry(async () => {
    const [inputs, context] = [readInputs(), readContext()];
    const event = await readEvent();
    const checked = await check(openRun(inputs, context, event.name), subjectOf(event, inputs.number, context.sha));
    await report(checked, context);
    const problem = failure(checked);
    if (problem !== undefined) {
      await fail(problem);
    }
  });
