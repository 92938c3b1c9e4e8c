import { appendFile } from 'node:fs/promises';
import { cutMarkdown } from './cut.js';

/** GitHub refuses a step's summary of more than 1 MiB. @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
const LIMIT_BYTES = 1024 * 1024;

/**
 * Appends Markdown to the job summary. Outside a job (no `GITHUB_STEP_SUMMARY`) it does nothing; text over GitHub's
 * limit is cut at a line, with a last line that says so.
 */
export async function writeSummary(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY ?? '';
  if (file !== '') {
    await appendFile(file, `${cutMarkdown(markdown, LIMIT_BYTES - 1024, 'The log has the rest.')}\n`);
  }
}

/** Cuts plain text to at most `limit` bytes of UTF-8 at a line end, and says that it did. */
export function cutToBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) {
    return text;
  }
  const notice = `\n\n_Cut here: the whole is ${bytes.length} bytes, the limit ${limit}._\n`;
  const room = limit - Buffer.byteLength(notice);
  const head = room < 0 ? '' : bytes.subarray(0, room).toString('utf8');
  return room < 0 ? '' : `${head.slice(0, Math.max(0, head.lastIndexOf('\n')))}${notice}`;
}
