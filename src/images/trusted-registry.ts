import { CONFIG_FILE, imageRegistry, readAppsConfig } from '../apps/config.js';
import { askServer } from '../git/ask-server.js';
import { readDefaultBranch } from '../git/default-branch.js';
import type { Git } from '../git/git.js';
import type { RunEvent } from '../github/event.js';

/** The run whose images go to a registry with a password. */
export interface PushingRun {
  event: RunEvent;
  /** `refs/heads/main`, `refs/pull/7/merge`. */
  ref: string;
}

/**
 * Makes sure that a password which is a secret of the repository goes only to a registry that the default branch names: a
 * pull request could name one of its author's own. On the default branch nothing is asked.
 *
 * @param registry where the checked-out commit sends images, `registry.acme.com/acme`
 * @throws Error naming both registries where they differ, or that the default branch cannot be read
 */
export async function requireTrustedRegistry(git: Git, { event, ref }: PushingRun, registry: string): Promise<void> {
  const branch = await readDefaultBranch(git, event);
  if (ref === `refs/heads/${branch}`) {
    return;
  }
  const fetched = await askServer(git, ['fetch', '--no-tags', '--depth=1', git.url, `refs/heads/${branch}`]);
  if (!fetched.ok) {
    throw new Error(
      `Where the images of ${branch} go cannot be read: ${fetched.problem}. The password of the registry is sent only where ` +
        `${branch} or the input "registry" of the workflow says. Set that input, or give a token with "contents: read".`,
    );
  }
  const file = await git.run(['cat-file', 'blob', `FETCH_HEAD:${CONFIG_FILE}`]);
  const trusted = imageRegistry(
    readAppsConfig(file.ok ? file.stdout : '', `${CONFIG_FILE} of ${branch}`),
    git.repository,
  );
  if (trusted !== registry) {
    throw new Error(
      `${CONFIG_FILE} here sends images to ${registry}, and that of ${branch} to ${trusted}. The password of the registry is ` +
        `sent only where ${branch} or the input "registry" of the workflow says, so nothing was sent. Merge the change of ` +
        `"registry" into ${branch} first, or set that input.`,
    );
  }
}
