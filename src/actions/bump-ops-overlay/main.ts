import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { bump } from '../../ops/bump/bump.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { appTargets } from './apps.js';
import { readInputs } from './inputs.js';
import { writeReport } from './report.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const { token, appsToken, opsRepository, mergeTimeoutMs, ...inputs } = readInputs(context);
    const apps = appTargets(inputs, context);
    if (apps.length === 0) {
      info('Nothing to deploy: no image and no release was given.');
      core.setOutput('pull-requests', []);
      return;
    }
    const source = { repository: parseRepository(context.repository, 'GITHUB_REPOSITORY') };
    const report = await bump(
      { github: connect({ token }), repository: opsRepository },
      appsToken === undefined ? undefined : { github: connect({ token: appsToken }), ...source },
      { ...inputs, apps, runUrl: context.runUrl, serverUrl: context.serverUrl },
      { timeoutMs: mergeTimeoutMs, pollMs: 1000 },
    );
    await writeReport(report, `${opsRepository.owner}/${opsRepository.name}`, inputs.dryRun);
    if (report.failures.length > 0) {
      throw new Error([...new Set(report.failures.map((failure) => failure.message))].join('\n'));
    }
  });
