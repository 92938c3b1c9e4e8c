import * as core from '@actions/core';
import { findOps } from '../../apps/settings.js';
import { connect } from '../../github/client.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { parseRepository, readContext } from '../../github/context.js';
import { bump } from '../../ops/verbs/bump/bump.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { appTargets } from './apps.js';
import { readInputs } from './inputs.js';
import { writeReport } from './report.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const { token, appsToken, opsRepository, mergeTimeoutMs, ...inputs } = readInputs();
    const targets = appTargets(inputs, context);
    if (targets.length === 0) {
      info('Nothing to deploy: no image and no release was given.');
      core.setOutput('pull-requests', []);
      core.setOutput('releases', []);
      return;
    }
    const repository = parseRepository(context.repository, 'GITHUB_REPOSITORY');
    const apps: Connected | undefined =
      appsToken === undefined ? undefined : { github: connect({ token: appsToken }), repository };
    const found = opsRepository ?? (apps && (await findOps(apps)));
    const ops = { github: connect({ token }), repository: found ?? { owner: repository.owner, name: 'ops' } };
    const report = await bump(
      ops,
      apps,
      { ...inputs, apps: targets, runUrl: context.runUrl, serverUrl: context.serverUrl },
      { timeoutMs: mergeTimeoutMs, pollMs: 1000 },
    );
    await writeReport(report, nameOf(ops), inputs);
    if (report.failures.length > 0) {
      throw new Error([...new Set(report.failures.map((failure) => failure.message))].join('\n'));
    }
  });
