import * as v from 'valibot';
import { readConfigFile } from '../../config/read-config.js';
import { timeField } from '../../config/time-field.js';
import { isTag, parseReference } from '../carriers/image-reference.js';
import { nameField } from '../tree/name.js';
import { toYaml } from '../yaml/to-yaml.js';
import { PREVIEW_NAME } from './name.js';
import { recordFile } from './paths.js';

const repositoryField = v.pipe(
  v.string(),
  v.check((text) => parseReference(text)?.name === text, 'expected an image repository such as ghcr.io/acme/my-app'),
);

const imageSchema = v.strictObject({
  /** As the app's settings call it: mostly the last part of `repository`. */
  image: nameField,
  /** Without tag or digest. */
  repository: repositoryField,
  /** The repository that it goes to as a release, by which an overlay knows it; missing where it is the same one. */
  released: v.optional(repositoryField),
  tag: v.pipe(v.string(), v.check(isTag, 'expected an image tag')),
  digest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hex digits')),
});

const countField = v.pipe(v.number(), v.integer('expected a whole number'), v.minValue(0, 'expected 0 or more'));

export const recordSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(PREVIEW_NAME, 'expected a name such as pr-35, growth-pr-35 or run-1234')),
  /** `owner/name` of the apps repository. */
  repository: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, 'expected owner/name')),
  /** Either `pullRequest` or `run` is set. */
  pullRequest: v.optional(
    v.strictObject({
      number: v.pipe(v.number(), v.integer('expected a whole number'), v.minValue(1, 'expected 1 or more')),
      title: v.optional(v.string()),
      author: v.optional(v.string()),
      /** Its branch is in another repository: its images are deployed, its manifests are not. */
      fork: v.optional(v.literal(true)),
    }),
  ),
  /** Id of the workflow run, with its attempt where it is not the first. */
  run: v.optional(v.string()),
  head: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'expected the full id of a commit')),
  state: v.picklist(['active', 'queued']),
  /** The long-lived environment whose cluster it is in. */
  host: nameField,
  /** When it was first requested, which is its place in the queue. */
  createdAt: timeField,
  /** When it was last requested: the time of the list of open pull requests that the decision was based on. */
  updatedAt: timeField,
  /** When it is removed, unless a request extends it before. */
  expiresAt: timeField,
  /** Until when somebody asked to keep it, whatever happens to it; missing where nobody did. */
  keptUntil: v.optional(timeField),
  /** Since when it sleeps, scaled to zero; missing while it is awake. */
  asleepAt: v.optional(timeField),
  /** When somebody last asked to deploy it again, which starts its pods anew. */
  restartedAt: v.optional(timeField),
  /** The apps that the pull request changes, with the images built for it. */
  apps: v.array(v.strictObject({ app: nameField, images: v.array(imageSchema) })),
  /** Folders, from the root of the repository, that it was rendered from; missing where nobody knows. */
  uses: v.optional(v.array(v.string())),
  /** How many apps and objects of theirs it had when it was last rendered; missing where nobody knows. */
  size: v.optional(v.strictObject({ apps: countField, objects: countField })),
});

/** One preview. Its files are rendered from this, the ops repository and its policy, and nothing else. */
export type PreviewRecord = v.InferOutput<typeof recordSchema>;
export type PreviewApp = PreviewRecord['apps'][number];
export type PreviewImage = PreviewApp['images'][number];

/** A preview whose record cannot be read. Its files stay as they are, and it takes a slot. */
export interface BrokenRecord {
  name: string;
  file: string;
  /** What is wrong, with file and line; one sentence. */
  message: string;
  /** `owner/name` as the file has it, `undefined` where it has none. */
  repository: string | undefined;
}

/**
 * Reads a record.
 *
 * @param text content of the record's file
 * @param expected name of the preview that the file is named after
 * @param file its path, for messages
 * @throws ConfigError naming file, line and what is wrong
 */
export function readRecord(text: string, expected: string, file = recordFile(expected)): PreviewRecord {
  const config = readConfigFile(recordSchema, text, file);
  const record = config.value;
  if (record.name !== expected) {
    throw config.error(['name'], `expected "${expected}", as the file is named, found "${record.name}".`);
  }
  if ((record.pullRequest === undefined) === (record.run === undefined)) {
    throw config.error([], 'expected either "pullRequest" or "run", which say what the preview is for.');
  }
  return record;
}

/**
 * Writes a record, its keys always in the same order.
 *
 * @throws ValiError where a value may not be in a record
 */
export function writeRecord(record: PreviewRecord): string {
  const {
    name: own,
    repository,
    pullRequest,
    run,
    head,
    state,
    host,
    createdAt,
    updatedAt,
    expiresAt,
    keptUntil,
    asleepAt,
    restartedAt,
    apps,
    uses,
    size,
  } = v.parse(recordSchema, record);
  return toYaml(
    {
      name: own,
      repository,
      ...(pullRequest === undefined ? {} : { pullRequest: inOrder(pullRequest) }),
      ...(run === undefined ? {} : { run }),
      ...{ head, state, host, createdAt, updatedAt, expiresAt },
      ...(keptUntil === undefined ? {} : { keptUntil }),
      ...(asleepAt === undefined ? {} : { asleepAt }),
      ...(restartedAt === undefined ? {} : { restartedAt }),
      apps,
      ...(uses === undefined ? {} : { uses }),
      ...(size === undefined ? {} : { size }),
    },
    'Written by oStack, read by oStack: what it renders from this is in the folder of the same name under previews/.',
  );
}

/** Keys always in the same order, without those that are not set. */
function inOrder({ number, title, author, fork }: NonNullable<PreviewRecord['pullRequest']>): Record<string, unknown> {
  return {
    number,
    ...(title === undefined ? {} : { title: oneLine(title) }),
    ...(author === undefined ? {} : { author }),
    ...(fork === undefined ? {} : { fork }),
  };
}

/** Makes one line of a title: at most 256 characters (code points), without line breaks and lone surrogates. */
export function oneLine(title: string): string {
  return [...title.toWellFormed().replace(/\s+/g, ' ').trim()].slice(0, 256).join('').trim();
}

/**
 * Checks a record made of values from outside.
 *
 * @returns what is wrong with it, one sentence; `undefined` when nothing is
 */
export function recordProblem(record: PreviewRecord): string | undefined {
  const result = v.safeParse(recordSchema, record);
  const [issue] = result.issues ?? [];
  return issue === undefined
    ? undefined
    : `its record does not fit at ${v.getDotPath(issue) ?? record.name}: ${issue.message}, found ${issue.received}.`;
}
