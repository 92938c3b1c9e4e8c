import { pipeline } from 'node:stream/promises';
import { RegistryError } from './errors.js';
import { answer, type Exchange } from './exchange.js';
import { isRepositoryName } from './route.js';
import { isDigest } from './store.js';

/** `GET`, `HEAD` (with `Range`) and `DELETE` of a blob. */
export async function serveBlob(exchange: Exchange, repository: string, digest: string): Promise<void> {
  const { method, store, request, response } = exchange;
  if (method === 'DELETE') {
    if (!(await store.deleteBlob(repository, digest))) {
      throw new RegistryError('BLOB_UNKNOWN', `${repository} has no blob ${digest}`);
    }
    return answer(exchange, 202, {});
  }
  if (method !== 'GET' && method !== 'HEAD') {
    throw new RegistryError('UNSUPPORTED', `${method} of a blob`);
  }
  const size = await store.blobSize(repository, digest);
  if (size === undefined) {
    throw new RegistryError('BLOB_UNKNOWN', `${repository} has no blob ${digest}`);
  }
  const range = readRange(request.headers.range, size);
  const headers: Record<string, string | number> = {
    'Content-Type': 'application/octet-stream',
    'Content-Length': range.end - range.start + 1,
    'Docker-Content-Digest': digest,
    'Accept-Ranges': 'bytes',
  };
  if (range.partial) {
    headers['Content-Range'] = `bytes ${range.start}-${range.end}/${size}`;
  }
  response.writeHead(range.partial ? 206 : 200, headers);
  if (method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  await pipeline(store.readBlob(digest, range.start, range.end), response);
}

/** `POST …/blobs/uploads/`: starts an upload, takes a whole blob, or mounts one of another repository. */
export async function startUpload(exchange: Exchange, repository: string): Promise<void> {
  const { method, query, store, request } = exchange;
  if (method !== 'POST') {
    throw new RegistryError('UNSUPPORTED', `${method} of the uploads`);
  }
  const mount = query.get('mount');
  const from = query.get('from') ?? '';
  if (mount !== null && isDigest(mount) && isRepositoryName(from) && (await store.mountBlob(repository, from, mount))) {
    return answer(exchange, 201, created(repository, mount));
  }
  const id = await store.startUpload();
  const digest = query.get('digest');
  if (digest === null) {
    return answer(exchange, 202, progress(repository, id, 0));
  }
  await store.append(id, request);
  await store.finishUpload(repository, id, checkedDigest(digest));
  return answer(exchange, 201, created(repository, digest));
}

/** Everything on one upload: more content, its end, its state, giving it up. */
export async function serveUpload(exchange: Exchange, repository: string, id: string): Promise<void> {
  const { method, query, store, request } = exchange;
  if (method === 'GET') {
    return answer(exchange, 204, progress(repository, id, await store.uploadSize(id)));
  }
  if (method === 'DELETE') {
    await store.cancelUpload(id);
    return answer(exchange, 204, {});
  }
  if (method === 'PATCH') {
    checkOrder(request.headers['content-range'], await store.uploadSize(id));
    return answer(exchange, 202, progress(repository, id, await store.append(id, request)));
  }
  if (method === 'PUT') {
    const digest = checkedDigest(query.get('digest') ?? '');
    checkOrder(request.headers['content-range'], await store.uploadSize(id));
    await store.append(id, request);
    await store.finishUpload(repository, id, digest);
    return answer(exchange, 201, created(repository, digest));
  }
  throw new RegistryError('UNSUPPORTED', `${method} of an upload`);
}

function created(repository: string, digest: string): Record<string, string> {
  return { Location: `/v2/${repository}/blobs/${digest}`, 'Docker-Content-Digest': digest };
}

function progress(repository: string, id: string, size: number): Record<string, string> {
  return {
    Location: `/v2/${repository}/blobs/uploads/${id}`,
    Range: `0-${Math.max(0, size - 1)}`,
    'Docker-Upload-UUID': id,
  };
}

function checkedDigest(digest: string): string {
  if (!isDigest(digest)) {
    throw new RegistryError('DIGEST_INVALID', `expected "sha256:" and 64 hex digits, found "${digest}"`);
  }
  return digest;
}

/** Chunks come in order: a chunk's first byte is the upload's size so far. */
function checkOrder(contentRange: string | undefined, size: number): void {
  const start = /^(\d+)-\d+$/.exec(contentRange ?? '')?.[1];
  if (contentRange !== undefined && Number(start) !== size) {
    throw new RegistryError('BLOB_UPLOAD_INVALID', `expected a chunk from byte ${size}, found "${contentRange}"`);
  }
}

/** Reads `bytes=a-b`, `bytes=a-` of a `Range` header; anything else gives the whole. */
function readRange(header: string | undefined, size: number): { start: number; end: number; partial: boolean } {
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  const start = Number(match?.[1] ?? 0);
  const last = match?.[2] === undefined || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return match === null || start > last
    ? { start: 0, end: size - 1, partial: false }
    : { start, end: last, partial: true };
}
