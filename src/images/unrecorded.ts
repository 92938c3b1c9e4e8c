import * as v from 'valibot';
import { readBody } from './bounded-body.js';
import type { RegistryClient } from './registry.js';

const REVISION = 'org.opencontainers.image.revision';
const CONFIG_BYTES = 16 * 1024 * 1024;

const manifestSchema = v.object({
  annotations: v.optional(v.record(v.string(), v.unknown())),
  config: v.optional(v.object({ digest: v.string() })),
  manifests: v.optional(v.array(v.object({ digest: v.string() }))),
});
const configSchema = v.object({
  config: v.optional(v.object({ Labels: v.nullish(v.record(v.string(), v.unknown())) })),
});

/**
 * The commit that an image says it was built from, in its annotations or labels. Anybody may write it there.
 *
 * @returns `undefined` where it says none, or cannot be read
 */
export async function claimedRevision(
  registry: Pick<RegistryClient, 'manifest' | 'request'>,
  repository: string,
  content: Buffer,
): Promise<string | undefined> {
  try {
    const top = v.parse(manifestSchema, JSON.parse(content.toString('utf8')));
    const [first] = top.manifests ?? [];
    const child = first && (await registry.manifest(repository, first.digest));
    const { annotations, config } =
      child === undefined ? top : v.parse(manifestSchema, JSON.parse(String(child.content)));
    const said = top.annotations?.[REVISION] ?? annotations?.[REVISION];
    return revisionOf(said ?? (config && (await labelsOf(registry, repository, config.digest))?.[REVISION]));
  } catch {
    return undefined;
  }
}

async function labelsOf(
  registry: Pick<RegistryClient, 'request'>,
  repository: string,
  digest: string,
): Promise<Record<string, unknown> | undefined> {
  const answer = await registry.request({ method: 'GET', repository, path: `blobs/${digest}` });
  const content: unknown = JSON.parse((await readBody(answer, CONFIG_BYTES)).toString('utf8'));
  return v.parse(configSchema, content).config?.Labels ?? undefined;
}

function revisionOf(text: unknown): string | undefined {
  return typeof text === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text) ? text : undefined;
}
