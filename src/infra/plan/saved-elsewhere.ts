import { readFile } from 'node:fs/promises';
import * as v from 'valibot';

const bookmarkSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ remote_plan_format: v.number(), hostname: v.string() }),
);

/** Bytes of a bookmark, which has three short values. */
const MOST_BYTES = 4096;

/**
 * Where a plan is that its file only names, as the tool writes it for a root whose runs are elsewhere.
 *
 * @returns the host; `undefined` for a plan, or for no file
 */
export async function hostOfBookmark(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const parsed = bytes.length > MOST_BYTES ? undefined : v.safeParse(bookmarkSchema, bytes.toString('utf8'));
  return parsed?.success === true ? parsed.output.hostname : undefined;
}
