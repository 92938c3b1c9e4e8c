import { inspectImage } from '../inspect.js';
import type { RegistryClient } from '../registry.js';
import { uploadBlob } from '../upload.js';
import type { CheckedImage } from './check-image.js';

/**
 * Pushes an image that has been checked, and reads it back.
 *
 * @param repository path in the registry, `acme/quarantine/web`
 * @returns its platforms, for example `linux/amd64`
 * @throws RegistryFailure when the registry refuses it
 * @throws Error when what is read back differs
 */
export async function pushChecked(
  client: RegistryClient,
  repository: string,
  tag: string,
  { blobs, children, manifest }: CheckedImage,
): Promise<string[]> {
  for (const blob of blobs) {
    await uploadBlob(client, repository, blob);
  }
  for (const child of children) {
    await client.tag(repository, child, child.digest);
  }
  await client.tag(repository, manifest, tag);
  const kept = await client.manifest(repository, tag);
  if (kept?.digest !== manifest.digest) {
    throw new Error(
      `${client.registry}/${repository}:${tag} is ${kept?.digest ?? 'not there'} after the push of ${manifest.digest}. ` +
        'Another run pushed the same tag. Run it again.',
    );
  }
  return (await inspectImage(client, repository, kept)).platforms;
}
