import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { parseRepository, readContext, workflowFile } from '../../github/context.js';
import { keptProofs } from '../../ops/evidence/kept-checks.js';
import { evidenceOf, runRecords } from '../../ops/evidence/proof-reader.js';
import { teamReader } from '../../ops/judgement/approvers.js';
import { runAudit } from '../../ops/verbs/audit/audit.js';
import { auditSummary, findingsOutput } from '../../ops/verbs/audit/texts.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { info, logWarning } from '../../runtime/log.js';
import { readInputs } from './inputs.js';

const SUMMARY_BYTES = 1_000_000;

export const main = () =>
  runEntry(async () => {
    const [inputs, context] = [readInputs(), readContext()];
    const page = `${context.serverUrl}/${context.repository}`;
    const repository = parseRepository(context.repository, 'GITHUB_REPOSITORY');
    const connected = (token: string | undefined) =>
      token === undefined || inputs.dryRun ? undefined : { github: connect({ token }), repository };
    const ops = { github: connect({ token: inputs.token }), repository };
    const apps = inputs.appsToken === undefined ? ops.github : connect({ token: inputs.appsToken });
    const report = await runAudit({
      ...{ ops, reports: connected(inputs.reportToken), reverts: connected(inputs.revertToken) },
      ...{
        app: inputs.app,
        server: context.serverUrl,
        runUrl: context.runUrl,
        workflow: workflowFile(),
        now: new Date(),
      },
      remote: { serverUrl: context.serverUrl, repository: context.repository, token: inputs.token },
      evidence: evidenceOf([keptProofs(ops, inputs.app), runRecords(apps, context.serverUrl)]),
      members: teamReader(inputs.membersToken === undefined ? ops.github : connect({ token: inputs.membersToken })),
    });
    const text = auditSummary(report, page, SUMMARY_BYTES);
    info(text);
    for (const { arrival, issue, into } of report.findings) {
      const where = issue === undefined ? '' : ` See #${issue}.`;
      logWarning(`${arrival.head} reached ${into} past the policy.${where}`);
    }
    core.setOutput('findings', JSON.stringify(findingsOutput(report)));
    core.setOutput('needs-revert', String(report.branches.some(({ needsRevert }) => needsRevert)));
    await writeSummary(text);
  });
