import { createHash } from 'node:crypto';
import * as v from 'valibot';

/**
 * The file of an output folder that says which files were materialized, so that no other one is ever taken away. Neither Flux
 * nor Argo CD takes a name without an ending for a manifest.
 */
export const RECORD = '.ostack-materialized';

/** Digests of the files that were written, by path in the folder. */
export type Written = ReadonlyMap<string, string>;

const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\][^\\]*$/;
const recordSchema = v.object({ files: v.record(v.pipe(v.string(), v.regex(PATH)), v.string()) });

/** What tells a text from another one, for the record. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reads a record. @throws Error where it is not one of ours */
export function readRecord(text: string, file: string): Written {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), text);
  if (!parsed.success) {
    throw new Error(
      `${file} is not the list of files that materialize keeps there. Delete the folder, and run it again.`,
    );
  }
  return new Map(Object.entries(parsed.output.files));
}

/** The content of a record: one form for one set of files. */
export function recordText(written: Written): string {
  const sorted = [...written].sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify({ files: Object.fromEntries(sorted) }, null, 2)}\n`;
}
