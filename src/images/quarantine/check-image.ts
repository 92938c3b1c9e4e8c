import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { digestOf } from '../digest.js';
import type { Manifest } from '../registry.js';
import type { UploadedBlob } from '../upload.js';
import type { Allowance } from './allowance.js';
import { checkLayer, messageOf } from './check-layer.js';
import {
  checkConfiguration,
  type Descriptor,
  GZIP_LAYER,
  type ImageManifest,
  INDEX,
  MANIFEST,
  readManifest,
} from './manifests.js';
import { expectOnly, findFile, readSmallFile } from './untrusted-files.js';

/** An image whose content was verified against its digests. */
export interface CheckedImage {
  /** Its name, which is known to be one of ours. */
  image: string;
  blobs: UploadedBlob[];
  /** Images that `manifest` lists; empty when it is one itself. */
  children: Manifest[];
  manifest: Manifest;
}

/** Registries take manifests up to this size. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests */
const MANIFEST_BYTES = 4 * 1024 * 1024;
const CONFIG_BYTES = 4 * 1024 * 1024;

/**
 * Checks an image in an archive (see `archive.ts`) that an untrusted run has made. Files are opened by digest only, so no
 * name from the archive is used.
 *
 * @param archive the folder of the archive
 * @param allowance for all images of the archive together
 * @throws Error with the reason why the image is refused
 */
export async function checkImage(
  archive: string,
  { image, digest }: { image: string; digest: string },
  allowance: Allowance,
): Promise<CheckedImage> {
  try {
    const checked = await readImage({ archive, image, allowance }, digest);
    const digests = [checked.manifest, ...checked.children, ...checked.blobs].map((part) => part.digest);
    await expectOnly(archive, image, new Set([...LAYOUT_FILES, ...digests.map((each) => blobParts(each).join('/'))]));
    return checked;
  } catch (error) {
    throw new Error(`The image "${image}" of the archive is refused: ${messageOf(error)}. Nothing was pushed.`);
  }
}

/** What an OCI layout has beside its content. It is not read. */
const LAYOUT_FILES = ['index.json', 'oci-layout'];

async function readImage(source: Source, digest: string): Promise<CheckedImage> {
  const { image } = source;
  const top = await readChecked(source, digest);
  const read = readManifest(top);
  const blobs = new Map<string, CheckedBlob>();
  if ('layers' in read) {
    await checkParts(source, read, blobs);
    return { image, blobs: [...blobs.values()], children: [], manifest: manifestOf(top, digest, MANIFEST) };
  }
  const children = new Map<string, Manifest>();
  for (const listed of read.manifests) {
    const content = await readChecked(source, listed.digest, listed.size);
    const child = readManifest(content);
    if (!('layers' in child)) {
      throw new Error('its index lists another index');
    }
    await checkParts(source, child, blobs);
    children.set(listed.digest, manifestOf(content, listed.digest, MANIFEST));
  }
  const manifest = manifestOf(top, digest, INDEX);
  return { image, blobs: [...blobs.values()], children: [...children.values()], manifest };
}

interface Source {
  archive: string;
  image: string;
  allowance: Allowance;
}

function manifestOf(content: Buffer, digest: string, mediaType: string): Manifest {
  return { digest, mediaType, content };
}

function partsOf({ image }: Source, digest: string): string[] {
  return [image, ...blobParts(digest)];
}

function blobParts(digest: string): string[] {
  return ['blobs', 'sha256', digest.slice('sha256:'.length)];
}

/** Reads a manifest. @param size from its descriptor; unknown for the first one */
async function readChecked(source: Source, digest: string, size?: number): Promise<Buffer> {
  const content = await readSmallFile(source.archive, partsOf(source, digest), MANIFEST_BYTES);
  const found = digestOf(content);
  expectSame(digest, { digest: found, size: content.length }, size);
  return content;
}

/** Content that is what its digest says. */
interface CheckedBlob extends UploadedBlob {
  /** Digest of what a layer unpacks to. */
  unpacked?: string;
}

const keyOf = ({ mediaType, digest }: Descriptor) => `${mediaType} ${digest}`;

/** Checks configuration and layers, each content once per media type. */
async function checkParts(
  source: Source,
  { config, layers }: ImageManifest,
  known: Map<string, CheckedBlob>,
): Promise<void> {
  for (const part of [config, ...layers]) {
    const key = keyOf(part);
    const before = known.get(key);
    if (before === undefined) {
      known.set(key, await checkBlob(source, part, part === config));
    } else {
      expectSame(part.digest, before, part.size);
    }
  }
  const unpacked = layers.map((layer) => known.get(keyOf(layer))?.unpacked ?? '');
  checkConfiguration(await readSmallFile(source.archive, partsOf(source, config.digest), CONFIG_BYTES), unpacked);
}

async function checkBlob(source: Source, part: Descriptor, isConfig: boolean): Promise<CheckedBlob> {
  const { digest, mediaType } = part;
  const { path, size } = await findFile(source.archive, partsOf(source, digest));
  if (isConfig && size > CONFIG_BYTES) {
    throw new Error(`its configuration has ${size} bytes, more than the ${CONFIG_BYTES} that it may have`);
  }
  const open = () => createReadStream(path);
  const hash = createHash('sha256');
  for await (const chunk of open()) {
    hash.update(chunk);
  }
  expectSame(digest, { digest: `sha256:${hash.digest('hex')}`, size }, part.size);
  const blob = { digest, size, open };
  return isConfig ? blob : { ...blob, unpacked: await checkLayer(open(), mediaType === GZIP_LAYER, source.allowance) };
}

function expectSame(digest: string, found: { digest: string; size: number }, size = found.size): void {
  if (found.digest !== digest) {
    throw new Error(`its content ${digest} is not what its digest says, it has ${found.digest}`);
  }
  if (found.size !== size) {
    throw new Error(`its content ${digest} is announced with ${size} bytes, and has ${found.size}`);
  }
}
