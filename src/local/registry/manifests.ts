import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { RegistryError } from './errors.js';
import { answer, answerJson, type Exchange, readBody } from './exchange.js';
import { isDigest, type RegistryStore, type StoredManifest } from './store.js';

const descriptor = v.object({ digest: v.string(), mediaType: v.optional(v.string()) });

/** The parts of an image manifest or index that a registry looks at. */
const manifestSchema = v.object({
  schemaVersion: v.literal(2),
  mediaType: v.optional(v.string()),
  artifactType: v.optional(v.string()),
  config: v.optional(descriptor),
  layers: v.optional(v.array(descriptor)),
  manifests: v.optional(v.array(descriptor)),
  subject: v.optional(descriptor),
  annotations: v.optional(v.record(v.string(), v.string())),
});

/** `GET`, `HEAD`, `PUT` and `DELETE` of a manifest by tag or digest. */
export async function serveManifest(exchange: Exchange, repository: string, reference: string): Promise<void> {
  const { method, store } = exchange;
  if (method === 'PUT') {
    return putManifest(exchange, repository, reference);
  }
  if (method === 'DELETE') {
    if (!(await store.deleteManifest(repository, reference))) {
      throw unknown(repository, reference);
    }
    return answer(exchange, 202, {});
  }
  if (method !== 'GET' && method !== 'HEAD') {
    throw new RegistryError('UNSUPPORTED', `${method} of a manifest`);
  }
  const manifest = await store.manifest(repository, reference);
  if (manifest === undefined) {
    throw unknown(repository, reference);
  }
  const headers = { 'Content-Type': manifest.mediaType, 'Docker-Content-Digest': manifest.digest };
  return answer(exchange, 200, headers, manifest.content);
}

/** `GET …/tags/list`, a page of `n` tags after `last`. */
export async function listTags(exchange: Exchange, repository: string): Promise<void> {
  const { store, query } = exchange;
  if (!(await store.hasRepository(repository))) {
    throw new RegistryError('NAME_UNKNOWN', `no repository "${repository}"`);
  }
  const last = query.get('last') ?? '';
  const rest = (await store.tags(repository)).filter((tag) => last === '' || tag > last);
  const limit = query.has('n') ? Math.max(0, Number(query.get('n'))) : rest.length;
  const page = rest.slice(0, limit);
  const next = `/v2/${repository}/tags/list?n=${limit}&last=${encodeURIComponent(page.at(-1) ?? '')}`;
  const headers: Record<string, string> =
    page.length > 0 && page.length < rest.length ? { Link: `<${next}>; rel="next"` } : {};
  answerJson(exchange, { name: repository, tags: page }, headers);
}

/** `GET …/referrers/<digest>`: every manifest that names the digest as its subject. */
export async function listReferrers(exchange: Exchange, repository: string, digest: string): Promise<void> {
  const { store, query } = exchange;
  const wanted = query.get('artifactType');
  const manifests: unknown[] = [];
  for (const candidate of await store.manifestDigests(repository)) {
    const stored = await store.manifest(repository, candidate);
    const parsed = stored && parseManifest(stored.content);
    const artifactType = parsed?.artifactType ?? parsed?.config?.mediaType;
    if (stored === undefined || parsed?.subject?.digest !== digest || (wanted !== null && artifactType !== wanted)) {
      continue;
    }
    const { mediaType, content } = stored;
    manifests.push({
      mediaType,
      size: content.length,
      digest: candidate,
      artifactType,
      annotations: parsed.annotations,
    });
  }
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const filtered: Record<string, string> = wanted === null ? {} : { 'OCI-Filters-Applied': 'artifactType' };
  answerJson(exchange, { schemaVersion: 2, mediaType, manifests }, { 'Content-Type': mediaType, ...filtered });
}

async function putManifest(exchange: Exchange, repository: string, reference: string): Promise<void> {
  const { request, store } = exchange;
  const content = await readBody(request);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  if (isDigest(reference) && reference !== digest) {
    throw new RegistryError('DIGEST_INVALID', `expected ${reference}, the manifest is ${digest}`);
  }
  const parsed = parseManifest(content);
  await checkReferences(store, repository, parsed);
  const mediaType = request.headers['content-type'] ?? parsed.mediaType ?? 'application/vnd.oci.image.manifest.v1+json';
  const manifest: StoredManifest = { digest, mediaType, content };
  await store.putManifest(repository, manifest, isDigest(reference) ? undefined : reference);
  const headers: Record<string, string> = {
    Location: `/v2/${repository}/manifests/${digest}`,
    'Docker-Content-Digest': digest,
  };
  if (parsed.subject !== undefined) {
    headers['OCI-Subject'] = parsed.subject.digest;
  }
  answer(exchange, 201, headers);
}

async function checkReferences(
  store: RegistryStore,
  repository: string,
  manifest: v.InferOutput<typeof manifestSchema>,
): Promise<void> {
  for (const { digest } of [manifest.config, ...(manifest.layers ?? [])].filter((entry) => entry !== undefined)) {
    if (!isDigest(digest) || (await store.blobSize(repository, digest)) === undefined) {
      throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `${repository} has no blob ${digest}`);
    }
  }
  for (const { digest } of manifest.manifests ?? []) {
    if (!isDigest(digest) || (await store.manifest(repository, digest)) === undefined) {
      throw new RegistryError('MANIFEST_BLOB_UNKNOWN', `${repository} has no manifest ${digest}`);
    }
  }
}

function parseManifest(content: Buffer): v.InferOutput<typeof manifestSchema> {
  try {
    return v.parse(manifestSchema, JSON.parse(content.toString('utf8')));
  } catch (error) {
    throw new RegistryError('MANIFEST_INVALID', error instanceof Error ? error.message : String(error));
  }
}

function unknown(repository: string, reference: string): RegistryError {
  return new RegistryError('MANIFEST_UNKNOWN', `${repository} has no manifest "${reference}"`);
}
