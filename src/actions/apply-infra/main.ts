import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { readEvent } from '../../github/event.js';
import { writeSummary } from '../../report/summary.js';
import { fail, runEntry } from '../../runtime/entry.js';
import { infraRun } from '../infra-run.js';
import { readInputs } from './inputs.js';
import { appliedJson, failuresOf, rootsJson, summaryMarkdown } from './report.js';
import { applyInfra, requireEvent } from './run.js';

export const main = () =>
  runEntry(async () => {
    const event = await readEvent();
    requireEvent(event.name);
    const inputs = readInputs();
    const infra = await infraRun(event, inputs.token);
    const { change, of } = infra;
    core.setOutput('roots', rootsJson(of, inputs.roots));
    if (inputs.list) {
      return;
    }
    const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-apply-'));
    try {
      const applied = await applyInfra({ ...infra, event, inputs, scratch });
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
