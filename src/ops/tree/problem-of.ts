import { ConfigError } from '../../config/config-error.js';
import { FileError } from '../yaml/file-error.js';
import type { Problem } from './problem.js';

/**
 * The problem that an error of reading a file is, with the line that the error names.
 *
 * @param file path of the file that was read, for errors that name none
 */
export function problemOf(error: unknown, file: string): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ConfigError) {
    return { level: 'error', file: error.file, line: error.problems[0].line, message };
  }
  const place = error instanceof FileError ? error : { file, line: undefined };
  return { level: 'error', file: place.file, line: place.line, message };
}
