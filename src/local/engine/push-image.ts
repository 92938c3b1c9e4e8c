import { Readable } from 'node:stream';
import { dockerConfigFolder, findCredentials, readDockerConfig } from '../../images/credentials.js';
import { parseReference } from '../../images/reference.js';
import { RegistryClient } from '../../images/registry.js';
import { uploadBlob } from '../../images/upload.js';
import type { BuiltImage } from './build-image.js';
import { BuildProblem } from './problem.js';

/**
 * Pushes an image under each of its tags, with the logins of docker's configuration.
 *
 * @param tags complete names, `127.0.0.1:5000/acme/web:1.4.0`
 */
export async function pushImage(image: BuiltImage, tags: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const config = await readDockerConfig(dockerConfigFolder(env));
  const holding = new Set<string>();
  for (const name of tags) {
    const { registry, path, tag = 'latest' } = parseReference(name);
    const client = new RegistryClient({ registry, credentials: findCredentials(config, registry) });
    if (!holding.has(`${registry}/${path}`)) {
      await pushParts(client, path, image);
      holding.add(`${registry}/${path}`);
    }
    await pushTag(client, path, image, tag);
  }
}

/** Writes a tag as BuildKit does: what the registry refuses is the end, also where the tag is this image already. */
async function pushTag(
  client: RegistryClient,
  repository: string,
  { manifest }: BuiltImage,
  tag: string,
): Promise<void> {
  const answer = await client.request({
    method: 'PUT',
    repository,
    path: `manifests/${tag}`,
    headers: { 'Content-Type': manifest.mediaType },
    body: new Uint8Array(manifest.content),
    expected: [400, 403, 405, 409, 412],
  });
  await answer.body?.cancel();
  if (!answer.ok) {
    const name = `${client.registry}/${repository}:${tag}`;
    const url = `http://${client.registry}/v2/${repository}/manifests/${tag}`;
    throw new BuildProblem(
      `failed to solve: failed to push ${name}: unexpected status from PUT request to ${url}: ${answer.status} ${answer.statusText}`,
    );
  }
}

async function pushParts(client: RegistryClient, repository: string, image: BuiltImage): Promise<void> {
  for (const blob of image.blobs) {
    const { digest, content } = blob;
    await uploadBlob(client, repository, { digest, size: content.length, open: () => Readable.from([content]) });
  }
  for (const child of image.children) {
    await client.tag(repository, child, child.digest);
  }
}
