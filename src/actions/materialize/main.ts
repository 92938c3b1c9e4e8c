import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { readContext } from '../../github/context.js';
import { checkoutAt, readIn } from '../../materialize/checkout.js';
import { Locks } from '../../materialize/lock/locks.js';
import { materialize } from '../../materialize/materialize.js';
import { Tools } from '../../materialize/sources/tools.js';
import { POLICY_FILE } from '../../ops/policy/policy.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { booleanInput, secretInput } from '../../runtime/inputs.js';
import { info } from '../../runtime/log.js';
import { readInputs } from './inputs.js';
import { materializeJson, materializeMarkdown } from './report.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const checkout = await checkoutAt(process.env.GITHUB_WORKSPACE ?? process.cwd());
    const request = readInputs(await readIn(checkout, POLICY_FILE));
    const tools = new Tools();
    const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-materialize-'));
    try {
      const [owner = ''] = context.repository.split('/');
      const credentials = { serverUrl: context.serverUrl, owner, token: secretInput('token') };
      const locks = new Locks(checkout, { update: booleanInput('update', false), scratch, credentials, tools });
      const result = await materialize(checkout, request, locks.sourcesOf, tools);
      const changedLocks = await locks.save(request.dryRun);
      const isChanged = ({ change }: (typeof result.environments)[number]) =>
        change.added.length + change.changed.length + change.removed.length > 0;
      core.setOutput('changed', changedLocks.length > 0 || result.environments.some(isChanged));
      core.setOutput('environments', materializeJson(result));
      core.setOutput('lock-files', JSON.stringify(changedLocks));
      core.setOutput('tools', JSON.stringify(result.tools));
      const text = materializeMarkdown(result, changedLocks, request.dryRun);
      info(text);
      await writeSummary(text);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
