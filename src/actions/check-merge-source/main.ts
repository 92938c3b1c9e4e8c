import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { endsOf } from './ends.js';
import { refusalOf } from './flows.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const { flows, forks } = readInputs();
    const ends = endsOf(await readEvent(), readContext().repository);
    if (ends === undefined) {
      info('Nothing to check: a merge queue takes only pull requests that have passed this check.');
      return;
    }
    const refusal = refusalOf(ends, flows, forks);
    if (refusal !== undefined) {
      throw new Error(refusal);
    }
    info(`A pull request from "${ends.head}" to "${ends.base}" may be merged.`);
  });
