import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import * as v from 'valibot';

type HeaderArgument = Partial<Header> & Pick<Header, 'name'>;

const OCI = 'application/vnd.oci.image';
export const GZIP = `${OCI}.layer.v1.tar+gzip`;

/** App by image, as the default branch has them. */
export const KNOWN = new Map([
  ['shop-web', 'shop'],
  ['shop-api', 'shop'],
]);

export interface Part {
  mediaType: string;
  digest: string;
  size: number;
}

export interface TestArchive extends AsyncDisposable {
  root: string;
  write(path: string, content: string | Buffer): Promise<void>;
  /** Puts content where its digest says. @returns what refers to it */
  blob(image: string, mediaType: string, content: Buffer): Promise<Part>;
  /** Puts JSON there. */
  json(image: string, mediaType: string, value: unknown): Promise<Part>;
  /** Puts an image of one layer there. @param change what is changed of its manifest */
  image(image: string, layer?: Buffer, change?: (manifest: Manifest) => unknown, configuration?: string): Promise<Part>;
  list(...images: { app?: string; image?: string; digest: string }[]): Promise<void>;
}

export interface Manifest {
  schemaVersion: number;
  mediaType: string;
  config: Part;
  layers: Part[];
}

/** A layer of files that is not packed. */
export async function files(...entries: { header: HeaderArgument; content?: string | Buffer }[]): Promise<Buffer> {
  const archive = pack();
  for (const { header, content = '' } of entries.length === 0 ? [{ header: { name: 'a' }, content: 'b' }] : entries) {
    archive.entry(header, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) {
    chunks.push(v.parse(v.instance(Buffer), chunk));
  }
  return Buffer.concat(chunks);
}

/** Of layers. */
const configurationOf = (...layers: Buffer[]) =>
  JSON.stringify({
    ...{ os: 'linux', architecture: 'arm64' },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${hexOf(unpacked(layer))}`) },
  });

const hexOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** A layer as it is unpacked, or as it is where it cannot be. */
function unpacked(layer: Buffer): Buffer {
  try {
    return gunzipSync(layer);
  } catch {
    return layer;
  }
}

/** An archive as an honest run leaves it, to be filled. */
export async function openTestArchive(): Promise<TestArchive> {
  const root = await mkdtemp(join(tmpdir(), 'ostack-quarantine-'));
  await writeFile(join(root, 'number'), '1\n');
  const archive: TestArchive = {
    root,
    async write(path, content) {
      await mkdir(join(root, path, '..'), { recursive: true });
      await writeFile(join(root, path), content);
    },
    async blob(image, mediaType, content) {
      const hex = hexOf(content);
      await archive.write(`${image}/blobs/sha256/${hex}`, content);
      return { mediaType, digest: `sha256:${hex}`, size: content.length };
    },
    json: (image, mediaType, value) => archive.blob(image, mediaType, Buffer.from(JSON.stringify(value))),
    async image(image, given, change = (manifest) => manifest, configuration = undefined) {
      const layer = given ?? gzipSync(await files());
      const config = await archive.blob(
        image,
        `${OCI}.config.v1+json`,
        Buffer.from(configuration ?? configurationOf(layer)),
      );
      const layers = [await archive.blob(image, GZIP, layer)];
      const manifest = { schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config, layers };
      return archive.json(image, manifest.mediaType, change(manifest));
    },
    async list(...images) {
      const full = images.map((each) => ({ app: 'shop', image: 'shop-web', repository: 'evil.example/x', ...each }));
      await archive.write('images.json', JSON.stringify(full));
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
  return archive;
}
