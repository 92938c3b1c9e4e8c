import { type Connected, nameOf } from '../../github/connected.js';
import { info, logNotice } from '../../runtime/log.js';
import type { ImageReference } from '../reference.js';
import { registryKind } from '../registry-kinds.js';
import { versionsThatAreOver } from './over.js';
import { deleteVersion, ownerOf, type PackageOwner, pullFacts, versionsOf } from './packages.js';

/** An image that was deleted. */
export interface DeletedImage {
  /** With its registry, without a tag. */
  repository: string;
  tags: readonly string[];
}

interface Settings {
  serverUrl: string;
  /** Says what would be deleted, and deletes nothing. */
  dryRun: boolean;
}

/**
 * Deletes the images of pull requests that are over from GitHub's registry, whichever run left them there. Of other registries, and
 * where the token may not, it says what to set there: nothing fails for want of a cleanup.
 *
 * @param images as the apps of the checkout have them, in the space of pull requests
 * @returns what is gone, or would be
 * @throws what a failed request throws, but for one that is refused
 */
export async function deleteWhatIsOver(
  apps: Connected,
  images: readonly ImageReference[],
  { serverUrl, dryRun }: Settings,
): Promise<DeletedImage[]> {
  const { owner } = apps.repository;
  const isOurs = ({ registry, path }: ImageReference) =>
    registryKind(registry).takesRunToken === true && path.startsWith(`${owner.toLowerCase()}/`);
  const others = images.filter((image) => !isOurs(image)).map(({ registry, path }) => `${registry}/${path}`);
  if (others.length > 0) {
    logNotice(
      `Images of pull requests stay in ${[...new Set(others)].join(', ')}: only GitHub's registry, of this owner, lets a job delete them. ` +
        'Set a rule there that deletes what is older than your longest "ttl".',
    );
  }
  const names = [...new Set(images.filter(isOurs).map(({ path }) => path.slice(owner.length + 1)))];
  if (names.length === 0) {
    return [];
  }
  const place = await ownerOf(apps, serverUrl);
  const deleted: DeletedImage[] = [];
  for (const name of names) {
    deleted.push(...(await deleteFrom(apps, place, name, dryRun)));
  }
  return deleted;
}

async function deleteFrom(
  apps: Connected,
  place: PackageOwner,
  name: string,
  dryRun: boolean,
): Promise<DeletedImage[]> {
  const repository = `ghcr.io/${apps.repository.owner.toLowerCase()}/${name}`;
  const page = `${place.page}/container/${encodeURIComponent(name)}/settings`;
  const needs = `it needs "packages: write", and ${nameOf(apps)} the role "Admin" of the package, where you grant it under "Manage Actions access": ${page}`;
  const versions = await versionsOf(apps, place, name);
  if (versions === undefined) {
    info(`This token sees no images of pull requests in ${repository}. Where there are some, ${needs}`);
    return [];
  }
  const deleted: DeletedImage[] = [];
  for (const version of versionsThatAreOver(versions, await pullFacts(apps, versions))) {
    const isGone = dryRun ? true : await deleteVersion(apps, place, name, version);
    if (isGone === undefined) {
      logNotice(`Images of pull requests stay in ${repository}: GitHub does not let this token delete them: ${needs}`);
      break;
    }
    if (isGone) {
      info(`${dryRun ? 'Would delete' : 'Deleted'} ${repository}: ${version.tags.join(', ')}`);
      deleted.push({ repository, tags: version.tags });
    }
  }
  return deleted;
}
