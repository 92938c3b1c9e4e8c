import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { rollBack } from '../../ops/verbs/rollback/rollback.js';
import { info } from '../../runtime/log.js';
import { runVerb, writeProposals } from '../propose-report.js';
import { readInputs } from './inputs.js';
import { notesOf } from './report.js';

export const main = () =>
  runVerb('Rollback', async () => {
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
      notes: notesOf(report, inputs),
    });
  });
