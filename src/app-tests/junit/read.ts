import { readFile, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { LARGEST_BYTES, parseReport } from './parse.js';
import type { TestCase } from './report.js';

/** The content of the report files of one attempt. */
export interface Reports {
  cases: TestCase[];
  /** How many files were read. */
  files: number;
  /** Files that could not be read, and why, each a sentence without its full stop. */
  unreadable: string[];
}

/**
 * Reads report files. One that cannot be read is listed in `problems`; the others are read all the same.
 *
 * @param root folder that the names of files in problems are relative to
 */
export async function readReports(paths: readonly string[], root: string): Promise<Reports> {
  const reports: Reports = { cases: [], files: 0, unreadable: [] };
  for (const path of paths) {
    try {
      reports.cases.push(...parseReport(await readBounded(path)));
      reports.files++;
    } catch (error) {
      reports.unreadable.push(`${relative(root, path)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return reports;
}

async function readBounded(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > LARGEST_BYTES) {
    throw new Error(`it has ${size} bytes, at most ${LARGEST_BYTES} are read`);
  }
  return readFile(path, 'utf8');
}
