import { readFile, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { LARGEST_BYTES, parseSuites } from './parse.js';
import type { TestCase } from './report.js';

/** The content of the report files of one attempt. */
export interface Reports {
  /** The tests of each suite in the files that were read; an empty file has one without tests. */
  suites: TestCase[][];
  /** Files that could not be read, and why, each a sentence without its full stop. */
  unreadable: string[];
}

/**
 * Reads report files. One that cannot be read is listed in `unreadable`; the others are read all the same.
 *
 * @param root folder that the names of files in problems are relative to
 */
export async function readReports(paths: readonly string[], root: string): Promise<Reports> {
  const reports: Reports = { suites: [], unreadable: [] };
  for (const path of paths) {
    try {
      reports.suites.push(...parseSuites(await readBounded(path)));
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
