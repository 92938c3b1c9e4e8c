import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { checkRunMarks } from '../../notify/marks.js';
import { toldOutput, toldSummary, toldWarnings } from '../../notify/report.js';
import { tell } from '../../notify/tell.js';
import { eventsOfWatched } from '../../notify/watched.js';
import { readChanges, readReceivers } from '../../ops/verbs/notify/read-changes.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { info, logWarning } from '../../runtime/log.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const [context, now] = [readContext(), new Date()];
    const inputs = readInputs(context, now);
    const page = `${context.serverUrl}/${context.repository}`;
    const ops = {
      github: connect({ token: inputs.token }),
      repository: parseRepository(context.repository, 'GITHUB_REPOSITORY'),
    };
    const since = new Date(now.getTime() - inputs.sinceMs);
    const found =
      inputs.events === undefined
        ? await readChanges(ops, since, page, inputs.receivers)
        : { events: inputs.events, receivers: inputs.receivers ?? (await readReceivers(ops)), warnings: [] };
    const told = await tell({
      events: [...found.events, ...eventsOfWatched(inputs.live, since)],
      receivers: found.receivers,
      dryRun: inputs.dryRun,
      marks: checkRunMarks(ops, inputs.app, context.runUrl),
      sender: { page, secrets: inputs.secrets, rollbarApi: inputs.rollbarApi },
    });
    for (const warning of [...found.warnings, ...toldWarnings(told)]) {
      logWarning(warning);
    }
    core.setOutput('told', JSON.stringify(toldOutput(told)));
    const summary = toldSummary(told, found.receivers.length);
    info(summary);
    await writeSummary(summary);
  });
