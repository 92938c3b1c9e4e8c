import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { EVERY } from '../../ops/policy/holds.js';
import { hold } from '../../ops/verbs/hold/hold.js';
import { plain } from '../../report/markdown.js';
import { runVerb, writeProposals } from '../propose-report.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runVerb('Hold', async () => {
    const context = readContext();
    const { token, opsRepository, ...inputs } = readInputs(context);
    const report = await hold(
      { github: connect({ token }), repository: opsRepository },
      { ...inputs, by: context.actor, runUrl: context.runUrl },
      inputs,
    );
    const held = report.results.flatMap(({ proposal, planned }) => (planned.state === 'change' ? [proposal.hold] : []));
    core.setOutput('holds', held);
    const where = inputs.environment === EVERY ? 'every environment' : inputs.environment;
    await writeProposals(report, {
      title: `Hold in ${where}`,
      dryRun: inputs.dryRun,
      notes: report.warnings.map(plain),
    });
  });
