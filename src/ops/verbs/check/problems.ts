import { ConfigError } from '../../../config/config-error.js';
import type { Problem } from '../../tree/problem.js';
import { FileError } from '../../yaml/file-error.js';

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

/** The problems, each once: errors before warnings, then by file and line. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const rank = ({ level, file, line }: Problem) => `${level}\0${file}\0${String(line ?? 0).padStart(8, '0')}`;
  return [...unique.values()].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}
