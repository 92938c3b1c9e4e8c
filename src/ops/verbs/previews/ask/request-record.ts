import * as v from 'valibot';
import { imageSchema } from '../../../../images/image.js';
import { COMMAND_VERBS } from '../plan/command.js';

/** What an apps repository sends to ops, where ops alone writes previews. Workflows of ops name it. */
export const REQUEST_EVENT = 'ostack-preview';
/** The one file in the artifact of a run that asks. */
export const REQUEST_FILE = 'preview.json';
/** What nobody needs more of: bytes of the file, apps and images in it, characters of a name. */
export const REQUEST_BYTES = 256 * 1024;
const MOST_APPS = 500;
const MOST_IMAGES = 1_000;
const MOST_CHARACTERS = 512;

const text = v.pipe(v.string(), v.minLength(1, 'expected a text'), v.maxLength(MOST_CHARACTERS, 'is too long'));

const recordedImageSchema = v.object({
  ...v.pick(imageSchema, ['digest']).entries,
  ...{ app: text, image: text, repository: text, released: v.optional(text), tag: text },
});

/** What a run says of the preview that it asks for. Whoever may write to the apps repository may have written it. */
export const requestRecordSchema = v.object({
  version: v.literal(1, 'expected version 1'),
  /** Number of the pull request; missing for the environment of the run itself. */
  pullRequest: v.optional(
    v.pipe(v.number(), v.integer('expected a whole number'), v.minValue(1, 'expected 1 or more')),
  ),
  /** Full id of the commit that the images were built from. */
  head: v.pipe(text, v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'expected the full id of a commit')),
  /** The apps that it changes, also those without images; with none it needs no preview any more. */
  affected: v.pipe(v.array(text), v.maxLength(MOST_APPS, `expected at most ${MOST_APPS} apps`)),
  images: v.pipe(v.array(recordedImageSchema), v.maxLength(MOST_IMAGES, `expected at most ${MOST_IMAGES} images`)),
});

export type RequestRecord = v.InferOutput<typeof requestRecordSchema>;

/** The artifact in which a run says what it asks for: one for its pull request, another one for an environment of its own. */
export function requestArtifact(isOfRun: boolean): string {
  return isOfRun ? 'ostack-run-preview' : 'ostack-preview';
}

/** @throws Error saying what of it is no such record */
export function readRequestRecord(content: string): RequestRecord {
  const parsed = v.safeParse(requestRecordSchema, parsedJson(content));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(`${REQUEST_FILE} asks for no preview: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}.`);
  }
  return parsed.output;
}

/** The file of a record. @throws where it would be read as none */
export function writeRequestRecord(record: RequestRecord): string {
  const content = `${JSON.stringify(v.parse(requestRecordSchema, record), undefined, 2)}\n`;
  if (Buffer.byteLength(content) > REQUEST_BYTES) {
    throw new Error(`${REQUEST_FILE} would have more than the ${REQUEST_BYTES} bytes that are read of it.`);
  }
  return content;
}

function parsedJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Error(`${REQUEST_FILE} is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** What is sent to ops: only where to look. Each is read from GitHub again before it means anything. */
export const requestSchema = v.object({
  repository: v.pipe(text, v.regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, 'expected owner/name')),
  run: v.pipe(v.number(), v.safeInteger('expected the id of a run'), v.minValue(1, 'expected the id of a run')),
  pull_request: v.optional(
    v.pipe(v.number(), v.safeInteger('expected the number of a pull request'), v.minValue(1, 'expected 1 or more')),
  ),
  /** Node id of a comment that has a command, or what the label of one asks. */
  comment: v.optional(v.pipe(text, v.regex(/^[\w=-]+$/, 'expected the id of a comment'))),
  label: v.optional(v.picklist(COMMAND_VERBS)),
});

export type PreviewRequest = v.InferOutput<typeof requestSchema>;
