import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';
import { type Outcome, releaseApps } from './release-apps.js';
import { report } from './report.js';
import { openRepository } from './repository.js';

export const main = () =>
  runEntry(async () => {
    const inputs = readInputs();
    const context = readContext();
    const repository = await openRepository(inputs, context);
    const done = new Map<string, Outcome>();
    try {
      await releaseApps(connect({ token: inputs.token }), { repository, inputs, done });
    } finally {
      const outcomes = repository.apps.map(({ name }) => done.get(name)).filter((outcome) => outcome !== undefined);
      if (outcomes.length > 0) {
        await report(repository, inputs, outcomes);
      }
    }
  });
