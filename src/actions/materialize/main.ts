import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { readContext } from '../../github/context.js';
import { checkoutAt } from '../../materialize/checkout.js';
import type { GitSource } from '../../materialize/hld/parts.js';
import { hasEnvironmentBranches, isEnvironmentBranch } from '../../materialize/lock/followed-branches.js';
import { Locks } from '../../materialize/lock/locks.js';
import { Tools } from '../../materialize/sources/tools.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { info, logWarning } from '../../runtime/log.js';
import { readInputs } from './inputs.js';
import { changes, materializeJson, materializeMarkdown } from './report.js';
import { runMaterialize } from './run.js';

const NOTHING_FOLLOWED =
  'No environment of ostack.yaml has a "branch" or "repository", so `update-scope: environments` resolves nothing anew. Say where they live, or leave it out.';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const checkout = await checkoutAt(process.env.GITHUB_WORKSPACE ?? process.cwd());
    const inputs = await readInputs(checkout);
    const tools = new Tools();
    const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-materialize-'));
    try {
      const [owner = ''] = context.repository.split('/');
      const credentials = { serverUrl: context.serverUrl, owner, token: inputs.sourcesToken };
      const { update, followedOnly, lodgings } = inputs;
      if (update && followedOnly && !hasEnvironmentBranches(lodgings)) {
        logWarning(NOTHING_FOLLOWED);
      }
      const isFollowed = (source: GitSource) =>
        isEnvironmentBranch(source, lodgings, context.repository, context.serverUrl);
      const locks = new Locks(checkout, { update, followedOnly, isFollowed, scratch, credentials, tools });
      const result = await runMaterialize({ context, checkout, inputs, tools, locks });
      core.setOutput('changed', changes(result));
      core.setOutput('environments', materializeJson(result));
      core.setOutput('lock-files', JSON.stringify(result.lockFiles));
      core.setOutput('pull-request', result.lockPullRequest?.url ?? '');
      core.setOutput('merged', result.lockMerge.isMerged);
      core.setOutput('tools', JSON.stringify(result.tools));
      const text = materializeMarkdown(result, inputs.dryRun, context);
      info(text);
      await writeSummary(text);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
