import { resolve } from 'node:path';
import { findAffected } from '../../apps/affected/affected.js';
import { installedNx } from '../../apps/dependencies/installed-nx.js';
import { loadApps } from '../../apps/discover.js';
import { selectApps } from '../../apps/select.js';
import { openGit, topLevel } from '../../git/git.js';
import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { runEntry } from '../../runtime/entry.js';
import { info, logWarning } from '../../runtime/log.js';
import { readInputs } from './inputs.js';
import { report } from './report.js';

export const main = () =>
  runEntry(async () => {
    const { token, apps: wanted, base, workingDirectory } = readInputs();
    const { repository, serverUrl, ref } = readContext();
    const cwd = resolve(process.env.GITHUB_WORKSPACE ?? '.', workingDirectory);
    const git = openGit({ cwd, serverUrl, repository, token });
    const root = await topLevel(git);
    const { apps } = await loadApps(root, repository, await installedNx(root, { warn: logWarning, tell: info }));
    const selected = selectApps(apps, wanted, 'input "apps"');
    const affected = await findAffected(git, {
      apps: selected,
      event: await readEvent(),
      revision: { head: 'HEAD', ref, base },
    });
    report(affected);
  });
