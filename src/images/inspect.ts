import * as v from 'valibot';
import { readBody } from './bounded-body.js';
import type { Manifest, RegistryClient } from './registry.js';

/** Platforms and size of an image in the registry. */
export interface ImageFacts {
  /** For example `linux/amd64`, sorted. */
  platforms: string[];
  /** Bytes of layers and configurations, each counted once. */
  size: number;
}

/** Most bytes of a configuration, and most images of an index, that are looked at. */
const CONFIG_BYTES = 16 * 1024 * 1024;
const MOST_IMAGES = 100;

const platformSchema = v.object({
  os: v.optional(v.string(), 'linux'),
  architecture: v.optional(v.string(), 'amd64'),
  variant: v.optional(v.string()),
});
const blobSchema = v.object({ digest: v.string(), size: v.number() });
const indexSchema = v.object({
  manifests: v.array(v.object({ digest: v.string(), platform: v.optional(platformSchema) })),
});
const manifestSchema = v.object({ config: blobSchema, layers: v.array(blobSchema) });

/**
 * Reads platforms and size of an image, an index or a single one. Attestations (platform `unknown/unknown`) are no
 * platform.
 */
export async function inspectImage(
  client: RegistryClient,
  repository: string,
  manifest: Manifest,
): Promise<ImageFacts> {
  const index = v.safeParse(indexSchema, JSON.parse(manifest.content.toString('utf8')));
  if (!index.success) {
    const { config, layers } = v.parse(manifestSchema, JSON.parse(manifest.content.toString('utf8')));
    const answer = await client.request({ method: 'GET', repository, path: `blobs/${config.digest}` });
    const content: unknown = JSON.parse((await readBody(answer, CONFIG_BYTES)).toString('utf8'));
    const platform = platformText(v.parse(platformSchema, content));
    return { platforms: [platform], size: sizeOf([config, ...layers]) };
  }
  const images = index.output.manifests.filter((entry) => entry.platform?.os !== 'unknown');
  if (images.length > MOST_IMAGES) {
    throw new Error(
      `${client.registry}/${repository} has an index of ${images.length} images, at most ${MOST_IMAGES} are looked at.`,
    );
  }
  const platforms: string[] = [];
  const blobs: Blob[] = [];
  for (const { digest, platform } of images) {
    const child = await client.manifest(repository, digest);
    const { config, layers } = v.parse(manifestSchema, JSON.parse(child?.content.toString('utf8') ?? '{}'));
    blobs.push(config, ...layers);
    platforms.push(platformText(platform ?? { os: 'linux', architecture: 'amd64', variant: undefined }));
  }
  return { platforms: platforms.sort(), size: sizeOf(blobs) };
}

type Blob = v.InferOutput<typeof blobSchema>;

function sizeOf(blobs: readonly Blob[]): number {
  return [...new Map(blobs.map(({ digest, size }) => [digest, size])).values()].reduce((sum, size) => sum + size, 0);
}

function platformText({ os, architecture, variant }: v.InferOutput<typeof platformSchema>): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}
