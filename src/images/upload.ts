import type { RegistryClient, StreamedBody } from './registry.js';

/** Content to upload, with its digest. */
export interface UploadedBlob extends StreamedBody {
  /** `sha256:` and 64 hex digits. */
  digest: string;
}

/**
 * Uploads a blob to a repository unless it has it. The registry checks the digest.
 *
 * @param repository path in the registry, `acme/web`
 * @throws RegistryFailure when the registry refuses it
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
 */
export async function uploadBlob(client: RegistryClient, repository: string, blob: UploadedBlob): Promise<void> {
  const { digest, size, open } = blob;
  const head = await client.request({ method: 'HEAD', repository, path: `blobs/${digest}`, expected: [404] });
  if (head.ok) {
    return;
  }
  const begun = await client.request({ method: 'POST', repository, path: 'blobs/uploads/' });
  await begun.body?.cancel();
  const location = begun.headers.get('location') ?? '';
  await client.request({
    method: 'PUT',
    repository,
    path: `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`,
    headers: { 'Content-Type': 'application/octet-stream' },
    body: { size, open },
  });
}
