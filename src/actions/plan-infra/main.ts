import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { readEvent } from '../../github/event.js';
import { writeSummary } from '../../report/summary.js';
import { fail, runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { infraRun } from '../infra-run.js';
import { readInputs } from './inputs.js';
import { failuresOf, isChange, listMarkdown, planMarkdown, plansJson, rootsJson } from './report.js';
import { planInfra, tellPull } from './run.js';

export const main = () =>
  runEntry(async () => {
    const inputs = readInputs();
    const infra = await infraRun(await readEvent(), inputs.token);
    const { change, of } = infra;
    const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-plan-'));
    try {
      core.setOutput('roots', rootsJson(of, inputs.roots));
      info(`Roots: ${change.reason}.`);
      const run = { ...infra, inputs, scratch };
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
