import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { openGit, topLevel } from '../../git/git.js';
import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { readChange } from '../../infra/roots/read-change.js';
import { rootsOfChange } from '../../infra/roots/roots-of-change.js';
import { writeSummary } from '../../report/summary.js';
import { fail, runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { readInputs } from './inputs.js';
import { failuresOf, isChange, listMarkdown, planMarkdown, plansJson, rootsJson } from './report.js';
import { planInfra, tellPull } from './run.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const inputs = readInputs();
    const { serverUrl, repository } = context;
    const git = openGit({
      cwd: process.env.GITHUB_WORKSPACE ?? process.cwd(),
      serverUrl,
      repository,
      token: inputs.token,
    });
    const checkout = await topLevel(git);
    const change = await readChange(git, await readEvent());
    const of = await rootsOfChange(git, change);
    const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-plan-'));
    try {
      core.setOutput('roots', rootsJson(of, inputs.roots));
      info(`Roots: ${change.reason}.`);
      const run = { context, git, checkout, inputs, change, of, scratch };
      const told = await planInfra(run);
      core.setOutput('plans', plansJson(told));
      core.setOutput('changed', isChange(told));
      await writeSummary(
        inputs.list ? listMarkdown(of, inputs.roots, change.reason) : planMarkdown(told, of, change.reason),
      );
      await tellPull(run, told);
      const failures = failuresOf(told);
      if (failures.length > 0) {
        await fail(failures.join('\n'));
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
