import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { rollBack } from '../../ops/rollback/rollback.js';
import { plain } from '../../report/markdown.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { writeProposals } from '../propose-report.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const { token, opsRepository, ...inputs } = readInputs(context);
    const report = await rollBack(
      { github: connect({ token }), repository: opsRepository },
      { ...inputs, by: context.actor, runUrl: context.runUrl },
      inputs,
    );
    const goals = report.results.flatMap(({ proposal }) => proposal.goals);
    core.setOutput('version', goals.length === 1 ? goals[0]?.version : (report.there[0]?.version ?? ''));
    core.setOutput('previous', goals.length === 1 ? goals[0]?.from : '');
    report.there.forEach(({ reason }) => {
      info(reason);
    });
    await writeProposals(report, {
      title: `Rollback in ${inputs.environment}`,
      dryRun: inputs.dryRun,
      notes: report.there.map(({ reason }) => plain(reason)),
    });
  });
