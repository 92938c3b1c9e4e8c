import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { parseRepository, readContext, workflowFile } from '../../github/context.js';
import { keptProofs } from '../../ops/evidence/kept-checks.js';
import { evidenceOf, runRecords } from '../../ops/evidence/proof-reader.js';
import { teamReader } from '../../ops/judgement/approvers.js';
import { runGate } from '../../ops/verbs/gate/gate.js';
import type { GateReport } from '../../ops/verbs/gate/report.js';
import { gateSummary } from '../../ops/verbs/gate/report.js';
import { withdrawAll } from '../../ops/verbs/gate/withdraw-all.js';
import { writeSummary } from '../../report/summary.js';
import { isoSeconds } from '../../report/time.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { readInputs, refuseRerun } from './inputs.js';

const SUMMARY_BYTES = 1_000_000;

export const main = () =>
  runEntry(async () => {
    const [inputs, context] = [readInputs(), readContext()];
    const page = `${context.serverUrl}/${context.repository}`;
    refuseRerun(process.env.GITHUB_RUN_ATTEMPT, `${page}/actions`);
    const repository = parseRepository(context.repository, 'GITHUB_REPOSITORY');
    const ops = { github: connect({ token: inputs.token }), repository };
    if (inputs.withdraw) {
      const count = inputs.dryRun ? 0 : await withdrawAll(ops, inputs.app);
      info(`${count} ${count === 1 ? 'verdict' : 'verdicts'} withdrawn, because judging failed.`);
      return;
    }
    const members = inputs.membersToken === undefined ? ops.github : connect({ token: inputs.membersToken });
    const apps = inputs.appsToken === undefined ? ops.github : connect({ token: inputs.appsToken });
    const report = await runGate({
      ...{ ops, checks: inputs.dryRun ? undefined : ops, app: inputs.app },
      ...{ runUrl: context.runUrl, runId: context.runId, workflow: workflowFile() },
      remote: { serverUrl: context.serverUrl, repository: context.repository, token: inputs.token },
      members: teamReader(members),
      evidence: evidenceOf([keptProofs(ops, inputs.app), runRecords(apps, context.serverUrl)]),
      judgesAgain: inputs.judgesAgain,
      now: () => new Date(),
    });
    for (const { repository: other = '', pulls, title } of report.verdicts) {
      info(`${pulls.map(({ number }) => `${other}#${number}`).join(', ')}: ${title}`);
    }
    core.setOutput('again-at', report.again === undefined ? '' : isoSeconds(report.again.at));
    core.setOutput('again-by', report.again?.isOwn === false ? 'hour' : context.runId);
    core.setOutput('verdicts', JSON.stringify(report.verdicts.map(outputOf)));
    const pull = (number: number, other = context.repository) => `${context.serverUrl}/${other}/pull/${number}`;
    await writeSummary(gateSummary(report, pull, SUMMARY_BYTES));
  });

function outputOf({ repository, head, isAllowed, title, pulls }: GateReport['verdicts'][number]) {
  return {
    ...{ repository: repository ?? null, head, allowed: isAllowed, title },
    pulls: pulls.map(({ number, problem, verdicts }) => ({
      ...{ number, problem: problem ?? null },
      environments: verdicts.map(({ environment, state, touched, reason }) => ({
        environment,
        state,
        touched,
        reason,
      })),
    })),
  };
}
