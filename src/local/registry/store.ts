import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RegistryError } from './errors.js';

/** A manifest as it was pushed. */
export interface StoredManifest {
  digest: string;
  mediaType: string;
  content: Buffer;
}

/**
 * Content of the registry in one folder: blobs once by digest, and for each repository which blobs, manifests and tags
 * it has. A file is written aside and renamed, so a reader never sees half of it.
 *
 *     blobs/<hex>                     content
 *     repositories/<name>/blobs/<hex>      empty: this repository may serve the blob
 *     repositories/<name>/manifests/<hex>  the media type; the content is a blob
 *     repositories/<name>/tags/<tag>       a digest
 */
export class RegistryStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names of all repositories, sorted. */
  async repositories(): Promise<string[]> {
    return (await list(join(this.#folder, 'repositories'))).map(decodeURIComponent).sort();
  }

  /** Starts an upload and gives its id. */
  async startUpload(): Promise<string> {
    const id = randomUUID();
    await mkdir(join(this.#folder, 'uploads'), { recursive: true });
    await writeFile(this.#upload(id), '');
    return id;
  }

  /** Bytes received so far. @throws RegistryError when there is no such upload */
  async uploadSize(id: string): Promise<number> {
    const size = await sizeOf(this.#upload(id));
    if (size === undefined) {
      throw new RegistryError('BLOB_UPLOAD_UNKNOWN', `no upload "${id}"`);
    }
    return size;
  }

  /** Appends to an upload and gives its size. */
  async append(id: string, content: Readable): Promise<number> {
    await this.uploadSize(id);
    await pipeline(content, createWriteStream(this.#upload(id), { flags: 'a' }));
    return this.uploadSize(id);
  }

  async cancelUpload(id: string): Promise<void> {
    await this.uploadSize(id);
    await rm(this.#upload(id), { force: true });
  }

  /** Ends an upload. @throws RegistryError when the content has another digest than promised */
  async finishUpload(repository: string, id: string, digest: string): Promise<void> {
    await this.uploadSize(id);
    const hash = createHash('sha256');
    await pipeline(createReadStream(this.#upload(id)), hash);
    const found = `sha256:${hash.digest('hex')}`;
    if (found !== digest) {
      await rm(this.#upload(id), { force: true });
      throw new RegistryError('DIGEST_INVALID', `expected ${digest}, the content is ${found}`);
    }
    await mkdir(join(this.#folder, 'blobs'), { recursive: true });
    await rename(this.#upload(id), this.#blob(digest));
    await this.#put(this.#link(repository, 'blobs', hex(digest)), '');
  }

  /** Size of a blob that the repository has, in bytes; `undefined` when it has none. */
  async blobSize(repository: string, digest: string): Promise<number | undefined> {
    const linked = await sizeOf(this.#link(repository, 'blobs', hex(digest)));
    return linked === undefined ? undefined : sizeOf(this.#blob(digest));
  }

  /** Content of a blob, of bytes `start` to `end` (both included). */
  readBlob(digest: string, start: number, end: number): Readable {
    return createReadStream(this.#blob(digest), { start, end });
  }

  /** Makes a blob of one repository available in another. @returns whether it was there */
  async mountBlob(repository: string, from: string, digest: string): Promise<boolean> {
    if ((await this.blobSize(from, digest)) === undefined) {
      return false;
    }
    await this.#put(this.#link(repository, 'blobs', hex(digest)), '');
    return true;
  }

  /** Deletes a blob of a repository. @returns whether there was one */
  async deleteBlob(repository: string, digest: string): Promise<boolean> {
    return remove(this.#link(repository, 'blobs', hex(digest)));
  }

  async putManifest(repository: string, manifest: StoredManifest, tag: string | undefined): Promise<void> {
    await this.#put(this.#blob(manifest.digest), manifest.content);
    await this.#put(this.#link(repository, 'manifests', hex(manifest.digest)), manifest.mediaType);
    if (tag !== undefined) {
      await this.#put(this.#link(repository, 'tags', tag), manifest.digest);
    }
  }

  /** Reads by tag or digest. */
  async manifest(repository: string, reference: string): Promise<StoredManifest | undefined> {
    const digest = isDigest(reference) ? reference : await read(this.#link(repository, 'tags', reference));
    if (digest === undefined) {
      return undefined;
    }
    const mediaType = await read(this.#link(repository, 'manifests', hex(digest)));
    return mediaType === undefined ? undefined : { digest, mediaType, content: await readFile(this.#blob(digest)) };
  }

  /** Digests of all manifests of a repository. */
  async manifestDigests(repository: string): Promise<string[]> {
    return (await list(this.#link(repository, 'manifests', ''))).map((name) => `sha256:${name}`);
  }

  /** Deletes a tag, or a manifest with every tag that names it. @returns whether there was one */
  async deleteManifest(repository: string, reference: string): Promise<boolean> {
    if (!isDigest(reference)) {
      return remove(this.#link(repository, 'tags', reference));
    }
    for (const tag of await this.tags(repository)) {
      if ((await read(this.#link(repository, 'tags', tag))) === reference) {
        await remove(this.#link(repository, 'tags', tag));
      }
    }
    return remove(this.#link(repository, 'manifests', hex(reference)));
  }

  /** All tags, sorted. */
  async tags(repository: string): Promise<string[]> {
    return (await list(this.#link(repository, 'tags', ''))).sort();
  }

  async hasRepository(repository: string): Promise<boolean> {
    return (await sizeOf(join(this.#folder, 'repositories', encodeURIComponent(repository)))) !== undefined;
  }

  #upload(id: string): string {
    return join(this.#folder, 'uploads', id);
  }

  #blob(digest: string): string {
    return join(this.#folder, 'blobs', hex(digest));
  }

  #link(repository: string, kind: 'blobs' | 'manifests' | 'tags', name: string): string {
    return join(this.#folder, 'repositories', encodeURIComponent(repository), kind, name);
  }

  async #put(path: string, content: string | Buffer): Promise<void> {
    await mkdir(join(path, '..'), { recursive: true });
    const aside = join(this.#folder, `${randomUUID()}.part`);
    await writeFile(aside, content);
    await rename(aside, path);
  }
}

export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function hex(digest: string): string {
  return digest.slice('sha256:'.length);
}

async function sizeOf(path: string): Promise<number | undefined> {
  return absentIsUndefined(async () => (await stat(path)).size);
}

async function read(path: string): Promise<string | undefined> {
  return absentIsUndefined(() => readFile(path, 'utf8'));
}

async function list(path: string): Promise<string[]> {
  return (await absentIsUndefined(() => readdir(path))) ?? [];
}

async function remove(path: string): Promise<boolean> {
  return (
    (await absentIsUndefined(async () => {
      await rm(path);
      return true;
    })) ?? false
  );
}

async function absentIsUndefined<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
