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
import { readInputs } from './inputs.js';
import { appliedJson, failuresOf, rootsJson, summaryMarkdown } from './report.js';
import { applyInfra, requireEvent } from './run.js';

export const main = () =>
  runEntry(async () => {
    const context = readContext();
    const event = await readEvent();
    requireEvent(event.name);
    const inputs = readInputs();
    const { serverUrl, repository } = context;
    const cwd = process.env.GITHUB_WORKSPACE ?? process.cwd();
    const git = openGit({ cwd, serverUrl, repository, token: inputs.token });
    const checkout = await topLevel(git);
    const change = await readChange(git, event);
    const of = await rootsOfChange(git, change);
    core.setOutput('roots', rootsJson(of, inputs.roots));
    if (inputs.list) {
      return;
    }
    const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-apply-'));
    try {
      const applied = await applyInfra({ context, event, git, checkout, inputs, change, of, scratch });
      core.setOutput('applied', appliedJson(applied));
      await writeSummary(summaryMarkdown(applied, change.reason, inputs.unlock));
      const failures = failuresOf(applied);
      if (failures.length > 0) {
        await fail(failures.join('\n'));
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
