import { readFile } from 'node:fs/promises';
import * as v from 'valibot';

const bookmarkSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ remote_plan_format: v.number(), run_id: v.optional(v.string(), ''), hostname: v.string() }),
);

/** A run elsewhere, as the tool names it in the place of a saved plan. */
export interface Bookmark {
  runId: string;
  host: string;
}

/** Bytes of a bookmark, which has three short values. */
const MOST_BYTES = 4096;

/**
 * What a file says of a plan that it only names, as the tool writes it for a root whose runs are elsewhere.
 *
 * @returns `undefined` for a plan, or for no file
 */
export async function readBookmark(file: string): Promise<Bookmark | undefined> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const parsed = bytes.length > MOST_BYTES ? undefined : v.safeParse(bookmarkSchema, bytes.toString('utf8'));
  return parsed?.success === true ? { runId: parsed.output.run_id, host: parsed.output.hostname } : undefined;
}

/**
 * The text of a file that names a run, as Terraform since 1.6 and OpenTofu read it: by it the tool shows any run that its token may
 * read, and applies one that was made to be applied.
 *
 * @see https://github.com/opentofu/opentofu/blob/v1.9.4/internal/cloud/cloudplan/saved_plan.go
 */
export function bookmarkText({ runId, host }: Bookmark): string {
  return JSON.stringify({ remote_plan_format: 1, run_id: runId, hostname: host });
}
