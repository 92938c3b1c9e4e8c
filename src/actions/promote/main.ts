import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { promote } from '../../ops/verbs/promote/promote.js';
import { runVerb, writeProposals } from '../propose-report.js';
import { readInputs } from './inputs.js';
import { notesOf, reportedBy, writeOutputs } from './report.js';

export const main = () =>
  runVerb('Promotion', async () => {
    const context = readContext();
    const { token, reportsToken, opsRepository, appsToken, appsRepositories, ...inputs } = readInputs(context);
    const report = await promote(
      {
        ...{ github: connect({ token }), repository: opsRepository },
        ...(reportsToken === undefined ? {} : { reports: connect({ token: reportsToken }) }),
      },
      appsToken === undefined
        ? undefined
        : {
            github: connect({ token: appsToken }),
            repositories: appsRepositories,
            usual: `${opsRepository.owner}/apps`,
          },
      { ...inputs, actor: context.actor, runUrl: context.runUrl },
      { ...inputs, direct: false },
    );
    writeOutputs(report);
    await writeProposals(report, {
      title: `Promotion to ${inputs.to.join(', ')}`,
      dryRun: inputs.dryRun,
      notes: notesOf(report),
      reported: reportedBy(report),
    });
  });
