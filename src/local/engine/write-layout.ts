import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltImage } from './build-image.js';

/**
 * Writes an image as an OCI layout, as BuildKit does for `type=oci,tar=false`.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export async function writeLayout(image: BuiltImage, folder: string, name: string): Promise<void> {
  const blobs = join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  for (const { digest, content } of [...image.blobs, ...image.children, image.manifest]) {
    await writeFile(join(blobs, digest.slice('sha256:'.length)), content);
  }
  const { digest, mediaType, content } = image.manifest;
  const annotations = { 'io.containerd.image.name': name };
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ mediaType, digest, size: content.length, annotations }],
  };
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}
