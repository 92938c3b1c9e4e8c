import { type AppsConfig, CONFIG_FILE, readAppsConfig } from '../apps/config.js';
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

/** Where a password goes, as the checked-out commit says. */
export interface Trusted {
  /** Where images are sent, `registry.acme.com/acme`. */
  place: string;
  /** Hosts that the registry may send the login to beside its own. */
  tokenServices: readonly string[];
}

/**
 * Makes sure that a password which is a secret of the repository goes only to a registry that the default branch names: a
 * pull request could name one of its author's own. On the default branch nothing is asked.
 *
 * @param placeBy where they go by other settings
 * @throws Error naming both registries where they differ, or that the default branch cannot be read
 */
export async function requireTrustedRegistry(
  git: Git,
  { event, ref }: PushingRun,
  { place, tokenServices }: Trusted,
  placeBy: (config: AppsConfig) => string,
): Promise<void> {
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
  const config = readAppsConfig(file.ok ? file.stdout : '', `${CONFIG_FILE} of ${branch}`);
  const strange = tokenServices.filter((host) => !config['token-services'].includes(host));
  if (strange.length > 0) {
    throw new Error(
      `${CONFIG_FILE} here lets the login of the registry go to ${strange.join(', ')} ("token-services"), and that of ` +
        `${branch} does not, so nothing was sent. Merge the change of "token-services" into ${branch} first.`,
    );
  }
  const trusted = placeBy(config);
  if (trusted !== place) {
    throw new Error(
      `${CONFIG_FILE} here sends images to ${place}, and that of ${branch} to ${trusted}. The password of the registry is ` +
        `sent only where ${branch} or the input "registry" of the workflow says, so nothing was sent. Merge the change of ` +
        `"registry" and "preview-images" into ${branch} first, or set these inputs.`,
    );
  }
}
