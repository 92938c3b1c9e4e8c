import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { holdReason } from '../../ops/policy/holds.js';
import { liftHolds } from '../../ops/verbs/lift-hold/lift-hold.js';
import { plain } from '../../report/markdown.js';
import { info } from '../../runtime/log.js';
import { runVerb, writeProposals } from '../propose-report.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runVerb('Holds', async () => {
    const context = readContext();
    const { token, opsRepository, ...inputs } = readInputs(context);
    const report = await liftHolds(
      { github: connect({ token }), repository: opsRepository },
      { ...inputs, by: context.actor, runUrl: context.runUrl },
      inputs,
    );
    const lifted = report.results.flatMap(({ proposal }) => proposal.holds);
    core.setOutput('holds', lifted);
    const notes = lifted.map((hold) => `${hold.app} was ${holdReason(hold)}`);
    notes.forEach((note) => {
      info(note);
    });
    await writeProposals(report, {
      title: `Holds in ${inputs.environment}`,
      dryRun: inputs.dryRun,
      notes: notes.map(plain),
    });
  });
