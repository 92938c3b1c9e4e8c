import * as v from 'valibot';

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';
export const GZIP_LAYER = `${LAYER}+gzip`;

/** Limits on an image: above what people build, below what would keep the machine busy. */
const MOST_PLATFORMS = 16;
const MOST_LAYERS = 256;

const annotations = v.optional(v.record(v.string(), v.string()));

/**
 * A reference to content. Unknown keys are refused: with `urls` a cluster would fetch unchecked content from another
 * host, and `data` is unchecked content of its own.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md
 */
function descriptor<const T extends readonly string[]>(types: T) {
  return v.strictObject({
    mediaType: v.picklist(types),
    digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hex digits')),
    size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    annotations,
  });
}

/** Without `manifests`, so that it cannot be read as an index too: CVE-2021-41190. */
const manifestSchema = v.strictObject({
  schemaVersion: v.literal(2),
  mediaType: v.optional(v.literal(MANIFEST), MANIFEST),
  config: descriptor([CONFIG]),
  layers: v.pipe(v.array(descriptor([LAYER, GZIP_LAYER])), v.maxLength(MOST_LAYERS)),
  annotations,
});

const indexSchema = v.strictObject({
  schemaVersion: v.literal(2),
  mediaType: v.literal(INDEX),
  manifests: v.pipe(
    v.array(
      v.strictObject({
        ...descriptor([MANIFEST]).entries,
        platform: v.strictObject({
          os: v.string(),
          architecture: v.string(),
          variant: v.optional(v.string()),
          'os.version': v.optional(v.string()),
          'os.features': v.optional(v.array(v.string())),
        }),
      }),
    ),
    v.minLength(1),
    v.maxLength(MOST_PLATFORMS),
  ),
  annotations,
});

export type Descriptor = v.InferOutput<ReturnType<typeof descriptor<readonly string[]>>>;
export type ImageManifest = v.InferOutput<typeof manifestSchema>;
export type ImageIndex = v.InferOutput<typeof indexSchema>;

const typeSchema = v.object({ mediaType: v.optional(v.string()) });

/**
 * Reads an untrusted manifest: an image of tar layers, or an index of such images.
 *
 * @throws Error naming what is not allowed, and where it is
 */
export function readManifest(content: Buffer): ImageManifest | ImageIndex {
  const value = parseJson(content, 'manifest');
  const said = v.safeParse(typeSchema, value);
  const isIndex = said.success && said.output.mediaType === INDEX;
  const result = v.safeParse(isIndex ? indexSchema : manifestSchema, value);
  if (result.success) {
    return result.output;
  }
  const issue = result.issues[0];
  throw new Error(`its ${isIndex ? 'index' : 'manifest'} at "${v.getDotPath(issue) ?? '(top)'}": ${issue.message}`);
}

/** What every machine reads of a configuration. @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md */
const configSchema = v.looseObject({
  os: v.string(),
  architecture: v.string(),
  rootfs: v.object({ type: v.literal('layers'), diff_ids: v.array(v.string()) }),
});

/**
 * Checks an untrusted configuration.
 *
 * @param layers digests of what the layers of the manifest unpack to: machines look for layers that they have by what is said here
 * @throws Error naming what is not allowed, and where it is
 */
export function checkConfiguration(content: Buffer, layers: readonly string[]): void {
  const result = v.safeParse(configSchema, parseJson(content, 'configuration'));
  if (!result.success) {
    const issue = result.issues[0];
    throw new Error(`its configuration at "${v.getDotPath(issue) ?? '(top)'}": ${issue.message}`);
  }
  const listed = result.output.rootfs.diff_ids;
  if (listed.length !== layers.length) {
    throw new Error(`its configuration lists ${listed.length} layers, and its manifest ${layers.length}`);
  }
  const other = layers.findIndex((layer, index) => layer !== listed[index]);
  if (other !== -1) {
    throw new Error(
      `its configuration says that layer ${other + 1} is ${JSON.stringify(listed[other])} unpacked, and it is ${layers[other]}`,
    );
  }
}

function parseJson(content: Buffer, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw new Error(`its ${what} is not JSON`);
  }
}
