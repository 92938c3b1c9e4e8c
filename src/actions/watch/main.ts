import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { watchOutputs, watchSummary } from '../../ops/verbs/watch/report.js';
import { watch } from '../../ops/verbs/watch/watch.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { info, logWarning } from '../../runtime/log.js';
import { writeProposals } from '../propose-report.js';
import { readInputs } from './inputs.js';
import { respond } from './respond.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const { repository, token, rollbackToken, appsToken, comments, dryRun } = readInputs(context);
    const report = await watch({
      ops: { github: connect({ token }), repository },
      apps: appsToken === undefined ? undefined : connect({ token: appsToken }),
      ...{ serverUrl: context.serverUrl, comments, dryRun, now: new Date() },
    });
    report.notes.forEach((note) => {
      logWarning(note);
    });
    const outputs = watchOutputs(report);
    for (const { app, version, environment, state, reason } of outputs) {
      info(`${app} ${version ?? ''} in ${environment}: ${state}${state === 'live' ? '' : `: ${reason}`}`);
    }
    core.setOutput('live', JSON.stringify(outputs));
    await writeSummary(watchSummary(report, dryRun));
    const ops = { github: connect({ token: rollbackToken }), repository };
    const { serverUrl, runUrl } = context;
    const response = await respond(report.watched.changes, { ops, dryRun, serverUrl, runUrl });
    if (response !== undefined) {
      await writeProposals(response, { title: 'What failed after its merge', dryRun, notes: [] });
    }
  });
