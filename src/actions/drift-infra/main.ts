import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { openGit, topLevel } from '../../git/git.js';
import { connect } from '../../github/client.js';
import { parseRepository, readContext } from '../../github/context.js';
import { endOf } from '../../infra/drift/drift-issue.js';
import { closeIssuesOfGoneRoots, requireDefaultHead } from '../../infra/drift/tell-drift.js';
import { rootsOfChange } from '../../infra/roots/roots-of-change.js';
import { writeSummary } from '../../report/summary.js';
import { fail, runEntry } from '../../runtime/entry.js';
import { readInputs } from './inputs.js';
import { driftJson, driftMarkdown, failuresOf, hasDrifted } from './report.js';
import { lookAtRoots } from './run.js';

export const main = () =>
  runEntry(async () => {
    const { serverUrl, repository, runUrl } = readContext();
    const inputs = readInputs();
    const cwd = process.env.GITHUB_WORKSPACE ?? process.cwd();
    const git = openGit({ cwd, serverUrl, repository, token: inputs.token });
    const checkout = await topLevel(git);
    const commit = (await git.read(['rev-parse', 'HEAD'])).trim();
    const to = {
      github: connect({ token: inputs.token }),
      repository: parseRepository(repository, 'GITHUB_REPOSITORY'),
    };
    const end = endOf(await requireDefaultHead(to, commit), commit, runUrl);
    const of = await rootsOfChange(git, { pull: undefined, commit, change: undefined, reason: 'all roots' });
    const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-drift-'));
    try {
      const outcomes = await lookAtRoots({ to, end, checkout, inputs, of, scratch });
      const gone = await closeIssuesOfGoneRoots(to, new Set(of.roots.roots.map(({ name }) => name)), end);
      core.setOutput('drift', driftJson(outcomes));
      core.setOutput('drifted', hasDrifted(outcomes));
      await writeSummary(driftMarkdown(outcomes, gone, `${serverUrl}/${repository}`));
      const failures = failuresOf(outcomes);
      if (failures.length > 0) {
        await fail(failures.join('\n'));
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
