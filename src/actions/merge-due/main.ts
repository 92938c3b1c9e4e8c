import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { parseRepository, readContext, workflowFile } from '../../github/context.js';
import { teamReader } from '../../ops/judgement/approvers.js';
import { runMergeDue } from '../../ops/verbs/merge-due/merge-due.js';
import { dueOutputs, dueSummary } from '../../ops/verbs/merge-due/report.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { readInputs } from './inputs.js';

const SUMMARY_BYTES = 1_000_000;

export const main = () =>
  runEntry(async () => {
    const [inputs, context] = [readInputs(), readContext()];
    const page = `${context.serverUrl}/${context.repository}`;
    const repository = parseRepository(context.repository, 'GITHUB_REPOSITORY');
    const ops = { github: connect({ token: inputs.token }), repository };
    const report = await runMergeDue({
      ...{ ops, checks: inputs.checks, mergeMethod: inputs.mergeMethod, dryRun: inputs.dryRun },
      remote: { serverUrl: context.serverUrl, repository: context.repository, token: inputs.token },
      members: teamReader(inputs.membersToken === undefined ? ops.github : connect({ token: inputs.membersToken })),
      own: workflowFile(),
      now: () => new Date(),
    });
    const outputs = dueOutputs(report);
    for (const { number, state, reason } of outputs) {
      info(`#${number}: ${state}${reason === null ? '' : `: ${reason}`}`);
    }
    core.setOutput('pull-requests', JSON.stringify(outputs));
    core.setOutput('follow-ups', JSON.stringify(report.followUps.started));
    await writeSummary(dueSummary(report, page, inputs.dryRun, SUMMARY_BYTES));
    refusePast(report.merged);
  });

/** @throws Error naming what was merged past the policy, and what takes it back */
function refusePast(merged: Awaited<ReturnType<typeof runMergeDue>>['merged']): void {
  const past = merged.filter((each) => each.past !== undefined);
  if (past.length > 0) {
    const each = past.map(({ pull, past: why }) => `#${pull.number} (${why})`).join('; ');
    throw new Error(
      `Merged onto what came to the default branch in the same moment, which does not permit it: ${each} Press "Revert" on the page of the pull request, or run Rollback.`,
    );
  }
}
