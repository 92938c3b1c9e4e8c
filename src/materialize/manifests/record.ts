import * as v from 'valibot';

/**
 * The file of an output folder that says which files were materialized, so that no other one is ever taken away. Neither Flux
 * nor Argo CD takes a name without an ending for a manifest.
 */
export const RECORD = '.ostack-materialized';

/** What was written to a folder. */
export interface FolderRecord {
  /** `owner/name@commit` that it was made of; missing in a folder of a workspace, which belongs to no commit. */
  source?: string | undefined;
  /** Git's ids of the files, by path in the folder. */
  files: ReadonlyMap<string, string>;
}

const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\][^\\]*$/;
/** `owner/name@commit`. */
export const SOURCE = /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/;
const recordSchema = v.object({
  source: v.optional(v.pipe(v.string(), v.regex(SOURCE))),
  files: v.record(v.pipe(v.string(), v.regex(PATH)), v.string()),
});

/** Reads a record. @throws Error where it is not one of ours */
export function readRecord(text: string, file: string): FolderRecord {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), text);
  if (!parsed.success) {
    throw new Error(
      `${file} is not the list of files that materialize keeps there. Delete the folder, and run it again.`,
    );
  }
  const { source, files } = parsed.output;
  return { source, files: new Map(Object.entries(files)) };
}

/** The content of a record: one form for one set of files. */
export function recordText({ source, files }: FolderRecord): string {
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify({ source, files: Object.fromEntries(sorted) }, null, 2)}\n`;
}

/** Whether two records name the same files. */
export function isSameRecord(one: FolderRecord, other: FolderRecord): boolean {
  return recordText({ files: one.files }) === recordText({ files: other.files });
}
