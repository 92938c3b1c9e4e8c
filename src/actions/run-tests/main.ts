import { resolve } from 'node:path';
import { loadApps } from '../../apps/discover.js';
import { selectApps } from '../../apps/select.js';
import { openGit, topLevel } from '../../git/git.js';
import { readContext } from '../../github/context.js';
import { cancellation } from '../../runtime/cancellation.js';
import { fail, runEntry } from '../../runtime/entry.js';
import { collectFindings } from './findings.js';
import { readInputs } from './inputs.js';
import { report, verdict } from './report.js';
import { runTests } from './run.js';

export const main = () =>
  runEntry(async () => {
    const inputs = readInputs();
    const { repository, serverUrl, sha } = readContext();
    const cwd = resolve(process.env.GITHUB_WORKSPACE ?? '.', inputs.workingDirectory);
    const root = await topLevel(openGit({ cwd, serverUrl, repository }));
    const { apps: all } = await loadApps(root, repository);
    const apps = inputs.apps?.length === 0 ? [] : selectApps(all, inputs.apps ?? [], 'input "apps"');
    const results = await runTests(inputs, { root, all, apps, signal: cancellation() });
    await report(results, await collectFindings(results, { root, apps }), `${serverUrl}/${repository}/blob/${sha}`);
    const problem = verdict(results);
    if (problem !== undefined) {
      await fail(problem);
    }
  });
