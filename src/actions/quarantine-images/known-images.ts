import { commitTree } from '../../apps/commit-tree.js';
import { imageRegistry } from '../../apps/config.js';
import { discoverApps } from '../../apps/discover.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { githubTree } from '../../ops/tree/github-tree.js';

/** The images and the registry of a reviewed commit. */
export interface KnownImages {
  /** App by image. */
  images: Map<string, string>;
  /** Where they go, `ghcr.io/acme`. */
  registry: string;
  /** Hosts that the registry may send the login to beside its own. */
  tokenServices: readonly string[];
}

/**
 * Reads the images of an apps repository at a commit, without a checkout.
 *
 * @throws Error with a sentence for people
 */
export async function knownImages(apps: Connected, commit: string): Promise<KnownImages> {
  const name = nameOf(apps);
  const reader = repositoryReader(apps.github, apps.repository, 'KnownImages');
  const tree = commitTree(githubTree(reader, apps.github, apps.repository, commit));
  const operation = { doing: 'read the apps', repository: name, permission: 'contents: read' };
  const found = await attempt(operation, () => discoverApps(tree, name));
  return {
    images: new Map(found.apps.flatMap((app) => app.images.map((image) => [image.name, app.name]))),
    registry: imageRegistry(found.config, name),
    tokenServices: found.config['token-services'],
  };
}
