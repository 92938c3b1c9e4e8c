import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { BakeTarget } from '../../images/bake.js';
import { checkDockerfile } from './check-dockerfile.js';
import { listContext, packContext } from './context-files.js';
import { BuildProblem } from './problem.js';

const compress = promisify(gzip);

/** Content with its digest. */
export interface Blob {
  digest: string;
  content: Buffer;
}

/** An image, or an index of one image per platform, ready to be pushed. */
export interface BuiltImage {
  /** Layers and configurations, each to be pushed before the manifests. */
  blobs: Blob[];
  /** Manifests of the platforms that `manifest` lists; empty when it is an image itself. */
  children: (Blob & { mediaType: string })[];
  manifest: Blob & { mediaType: string };
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/**
 * Makes an image of one layer, the build context, with the labels and annotations of its target. Nothing of the
 * Dockerfile is run; it is checked, and it, the build arguments and the base images are part of the image's history, so
 * that a change of them gives another digest.
 *
 * @throws BuildProblem for an error that would fail a real build before any command of it runs
 */
export async function buildImage(name: string, target: BakeTarget): Promise<BuiltImage> {
  const file = join(target.context, target.dockerfile);
  const shown = target.dockerfile.split('/').at(-1) ?? target.dockerfile;
  const dockerfile = await readFile(file, 'utf8').catch(() => {
    throw new BuildProblem(`failed to solve: failed to read dockerfile: open ${shown}: no such file or directory`);
  });
  const files = await listContext(target.context).catch(() => {
    throw new BuildProblem(`failed to solve: unable to prepare context: path "${target.context}" not found`);
  });
  checkDockerfile(dockerfile, shown, name, files);
  const epoch = Number(target.args.SOURCE_DATE_EPOCH ?? 0);
  const packed = new PassThrough();
  const [archive] = await Promise.all([buffer(packed), packContext(target.context, files, epoch, packed)]);
  const layer = blobOf(await compress(archive));
  const made = (target.platforms ?? ['linux/amd64']).map((platform) => {
    const config = blobOf(json(configOf({ target, platform, epoch, dockerfile, archive })));
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...sized(config) },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...sized(layer) }],
      annotations: annotationsFor('manifest', target.annotations),
    };
    return { platform, config, manifest: { ...blobOf(json(manifest)), mediaType: MANIFEST } };
  });
  const blobs = [layer, ...made.map(({ config }) => config)];
  const [only] = made;
  if (only !== undefined && made.length === 1) {
    return { blobs, children: [], manifest: only.manifest };
  }
  const index = {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: made.map(({ platform, manifest }) => ({
      mediaType: MANIFEST,
      ...sized(manifest),
      platform: platformOf(platform),
    })),
    annotations: annotationsFor('index', target.annotations),
  };
  return {
    blobs,
    children: made.map(({ manifest }) => manifest),
    manifest: { ...blobOf(json(index)), mediaType: INDEX },
  };
}

interface ConfigParts {
  target: BakeTarget;
  platform: string;
  epoch: number;
  dockerfile: string;
  archive: Buffer;
}

function configOf({ target, platform, epoch, dockerfile, archive }: ConfigParts): object {
  const created = new Date(epoch * 1000).toISOString();
  const args = Object.entries(target.args).map(([key, value]) => `${key}=${value}`);
  const recipe = createHash('sha256')
    .update(JSON.stringify([dockerfile, args.sort(), Object.entries(target.contexts ?? {}).sort()]))
    .digest('hex');
  return {
    ...platformOf(platform),
    created,
    config: { Labels: target.labels },
    rootfs: { type: 'layers', diff_ids: [blobOf(archive).digest] },
    history: [{ created, created_by: `ostack stand-in engine: the build context, Dockerfile and arguments ${recipe}` }],
  };
}

/** `linux/arm/v7` in its parts. */
function platformOf(platform: string): Record<string, string> {
  const [os = 'linux', architecture = 'amd64', variant] = platform.split('/');
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

/** The annotations of one level out of entries such as `index,manifest:key=value`. */
function annotationsFor(level: string, entries: readonly string[]): Record<string, string> {
  const found = entries.flatMap((entry) => {
    const match = /^([a-z,]+):([^=]+)=(.*)$/s.exec(entry);
    return match?.[1]?.split(',').includes(level) ? [[match[2] ?? '', match[3] ?? '']] : [];
  });
  return Object.fromEntries(found);
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function blobOf(content: Buffer): Blob {
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, content };
}

function sized({ digest, content }: Blob): { digest: string; size: number } {
  return { digest, size: content.length };
}
