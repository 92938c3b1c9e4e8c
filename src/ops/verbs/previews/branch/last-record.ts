import * as v from 'valibot';
import { ConfigError } from '../../../../config/config-error.js';
import type { Connected } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { operationIn } from '../../../../github/try-operation.js';
import { trailerValues } from '../../../ledger/trailers.js';
import { recordFile } from '../../../preview-records/paths.js';
import { type PreviewRecord, readRecord } from '../../../preview-records/record.js';

const fileSchema = v.nullable(v.object({ object: v.nullable(v.object({ text: v.optional(v.nullable(v.string())) })) }));
const parentSchema = v.nullable(v.object({ file: fileSchema }));
const nodeSchema = v.nullable(
  v.object({
    ...{ committedDate: v.string(), messageBody: v.string(), file: fileSchema },
    parents: v.object({ nodes: v.nullable(v.array(parentSchema)) }),
  }),
);
const answerSchema = v.object({
  repository: v.nullable(
    v.object({
      ref: v.nullable(
        v.object({ target: v.object({ history: v.object({ nodes: v.nullable(v.array(nodeSchema)) }) }) }),
      ),
    }),
  ),
});

const DOCUMENT = `query LastRecord($owner: String!, $name: String!, $ref: String!, $path: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) {
      target { ... on Commit { history(first: 1, path: $path) { nodes {
        committedDate messageBody
        file(path: $path) { object { ... on Blob { text } } }
        parents(first: 1) { nodes { file(path: $path) { object { ... on Blob { text } } } } }
      } } } }
    }
  }
}`;

/** A preview that has gone. */
export interface LastRecord {
  record: PreviewRecord;
  /** When it went; where somebody asked for that, when. */
  goneAt: Date;
  /** Why, for people, as the run that removed it said; `undefined` where no run did. */
  reason: string | undefined;
}

/**
 * The last record of a preview that has gone, from the history of the branch of previews: what it ran can be run again without building
 * it. One request.
 *
 * @param branch that previews are on
 * @param name of the preview
 * @returns `undefined` where it never was there, is there, or nobody can read what it was
 * @throws Error for people when the history cannot be read
 */
export async function lastRecord(
  { github, repository }: Connected,
  branch: string,
  name: string,
): Promise<LastRecord | undefined> {
  const { owner, name: repo } = repository;
  const operation = operationIn(repository, `read the history of ${branch}`, 'contents: read');
  const variables = { owner, name: repo, ref: `refs/heads/${branch}`, path: recordFile(name) };
  const answer = await attempt(operation, () => github.query(answerSchema, DOCUMENT, variables));
  const [commit] = answer.repository?.ref?.target.history.nodes ?? [];
  const text = commit?.parents.nodes?.[0]?.file?.object?.text;
  if (!commit || commit.file !== null || text === undefined || text === null) {
    return undefined;
  }
  try {
    const reason = removalReason(commit.messageBody, name);
    return { record: readRecord(text, name), goneAt: goneAt(commit.messageBody, name, commit.committedDate), reason };
  } catch (error) {
    if (error instanceof ConfigError) {
      return undefined;
    }
    throw error;
  }
}

/**
 * The record that a command may bring back: a command that is sent again brings nothing back that was removed since. GitHub has times
 * of whole seconds; in the same one, nobody knows, and the command counts.
 *
 * @param at when it was given
 */
export function recordFor(at: Date, { record, goneAt }: LastRecord): PreviewRecord | undefined {
  const secondOf = (time: Date) => Math.floor(time.getTime() / 1000);
  return secondOf(goneAt) > secondOf(at) ? undefined : record;
}

/**
 * Why a preview has gone that was last reported at a commit, for people.
 *
 * @param head full id of that commit
 * @returns `undefined` where it is there, never was at that commit, or nobody can read what it was
 * @throws Error for people when the history cannot be read
 */
export async function goneReason(
  ops: Connected,
  branch: string,
  name: string,
  head: string,
): Promise<string | undefined> {
  const last = await lastRecord(ops, branch, name);
  return last?.record.head === head ? (last.reason ?? `its record was deleted from ${branch}.`) : undefined;
}

/** The trailer that says for which preview somebody gave the command that a commit obeys, and when. */
export const ASKED_TRAILER = 'Ostack-Asked';

/**
 * When a preview went by the commit that removed it. A command that is given while the one before is obeyed comes after that, although
 * the commit is later than both.
 */
export function goneAt(body: string, name: string, committedAt: string): Date {
  const [of, asked = ''] = trailerValues(body, ASKED_TRAILER)[0]?.split(' ') ?? [];
  return of === name && !Number.isNaN(Date.parse(asked)) ? new Date(asked) : new Date(committedAt);
}

const GONE = ['removed', 'expired'];

/** What the message of a commit says of a preview that it removes, as `commitMessage` writes it. */
export function removalReason(body: string, name: string): string | undefined {
  const starts = GONE.map((action) => `- ${name} ${action}: `);
  const lines = body.split(/\r?\n/).flatMap((line) => {
    const start = starts.find((each) => line.startsWith(each));
    return start === undefined ? [] : [line.slice(start.length)];
  });
  return lines[0];
}
