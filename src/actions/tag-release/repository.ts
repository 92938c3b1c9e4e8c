import { resolve } from 'node:path';
import { installedNx } from '../../apps/dependencies/installed-nx.js';
import { type Apps, loadApps, readAppsFile } from '../../apps/discover.js';
import { selectApps } from '../../apps/select.js';
import { workTree } from '../../apps/tree.js';
import { type Git, openGit, topLevel } from '../../git/git.js';
import type { RunContext } from '../../github/context.js';
import { readHead } from '../../release/git/read-history.js';
import type { ReleaseRules } from '../../release/plan.js';
import { info, logWarning } from '../../runtime/log.js';
import type { Inputs } from './inputs.js';
import { releaseRules } from './rules.js';

/** The checked-out repository. */
export interface Repository extends Apps {
  /** `owner/name`. */
  name: string;
  /** Its page on GitHub. */
  url: string;
  git: Git;
  /** The commit that is checked out: what is released. */
  head: string;
  rules: ReleaseRules;
  /** The branch of the run, `undefined` where it is of another ref. */
  branch: string | undefined;
  /** Sentences about what could not be seen of it. */
  unseen: readonly string[];
}

/**
 * Opens the checkout: its commit, its apps and the rules of its releases.
 *
 * @throws Error when there is no checkout, no commit, no such app, or the configuration is wrong
 */
export async function openRepository(
  inputs: Inputs,
  { repository: name, serverUrl, ref }: RunContext,
): Promise<Repository> {
  const cwd = resolve(process.env.GITHUB_WORKSPACE ?? '.', inputs.workingDirectory);
  const git = openGit({ cwd, serverUrl, repository: name, token: inputs.token });
  const head = await readHead(git);
  const root = await topLevel(git);
  const unseen: string[] = [];
  const heard = (say: (text: string) => void) => (text: string) => {
    say(text);
    unseen.push(text);
  };
  const graphs = await installedNx(root, { warn: heard(logWarning), tell: heard(info) });
  const apps = await loadApps(root, name, graphs);
  const selected = selectApps(apps.apps, inputs.apps, 'input "apps"').map((app) => app.name);
  return {
    ...apps,
    name,
    url: `${serverUrl}/${name}`,
    git,
    head,
    unseen,
    branch: /^refs\/heads\/(.+)$/.exec(ref)?.[1],
    rules: releaseRules(inputs, apps, { selected, ref, file: await readAppsFile(workTree(root)) }),
  };
}
