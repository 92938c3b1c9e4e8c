import * as v from 'valibot';

/** The artifact of a run in which its release workflow lists what it built. A run has one, and the gate of ops reads it. */
export const BUILD_RECORD_ARTIFACT = 'ostack-images';
/** The one file in it. */
export const BUILD_RECORD_FILE = 'images.json';

/** What nobody needs more of: bytes of the file, images in it, characters of a name. */
export const BUILD_RECORD_BYTES = 1024 * 1024;
export const MOST_IMAGES = 2_000;
/** Images of earlier runs that a record carries on. */
export const MOST_EARLIER = 1_000;
const MOST_CHARACTERS = 512;

const text = v.pipe(v.string(), v.minLength(1, 'expected a text'), v.maxLength(MOST_CHARACTERS, 'is too long'));

const digest = v.pipe(text, v.regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hex digits'));

const recordedImageSchema = v.object({
  app: text,
  /** With its registry, without tag and digest: `ghcr.io/acme/web`. */
  repository: v.pipe(text, v.regex(/^[^/@\s]+\/[^@\s]+$/, 'expected a registry and a path, such as ghcr.io/acme/web')),
  digest,
  /** The version tag: `web-1.4.0`. */
  tag: text,
  /** Key of the content that it was built from; missing where it has none. */
  key: v.optional(text),
  /** Digest of the layers that were kept for the next build; missing where none were. */
  layers: v.optional(digest),
});

/** What an earlier run recorded, for builds to take up. It is no evidence of this run's. */
const earlierImageSchema = v.pick(recordedImageSchema, ['repository', 'digest', 'key', 'layers']);

/** What a run built and pushed, all of one commit. */
export const buildRecordSchema = v.object({
  version: v.literal(1, 'expected version 1'),
  /** The commit that it was built from. */
  commit: v.pipe(text, v.regex(/^[0-9a-f]{40}$/, 'expected 40 hex digits')),
  images: v.pipe(v.array(recordedImageSchema), v.maxLength(MOST_IMAGES, `expected at most ${MOST_IMAGES} images`)),
  /** What the runs before it built, newest first; missing where nothing is known of them. */
  earlier: v.optional(
    v.pipe(v.array(earlierImageSchema), v.maxLength(MOST_EARLIER, `expected at most ${MOST_EARLIER} images`)),
  ),
});

export type BuildRecord = v.InferOutput<typeof buildRecordSchema>;
export type RecordedImage = BuildRecord['images'][number];
export type EarlierImage = NonNullable<BuildRecord['earlier']>[number];

/**
 * Reads a record of images that were built.
 *
 * @param content of the file, from wherever it comes
 * @throws Error saying what of it is no record
 */
export function readBuildRecord(content: string): BuildRecord {
  if (Buffer.byteLength(content) > BUILD_RECORD_BYTES) {
    throw new Error(`${BUILD_RECORD_FILE} has more than the ${BUILD_RECORD_BYTES} bytes that are read of it.`);
  }
  const parsed = v.safeParse(buildRecordSchema, parsedJson(content));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(
      `${BUILD_RECORD_FILE} is no record of images: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}, found ${issue.received}.`,
    );
  }
  return parsed.output;
}

/** The file of a record: images by name, so that the same ones always make the same bytes. @throws where it is no record */
export function writeBuildRecord(record: BuildRecord): string {
  const keyOf = ({ repository, digest, tag }: RecordedImage) => JSON.stringify([repository, tag, digest]);
  const images = [...record.images].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const content = `${JSON.stringify({ ...record, images }, undefined, 2)}\n`;
  readBuildRecord(content);
  return content;
}

function parsedJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Error(`${BUILD_RECORD_FILE} is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
