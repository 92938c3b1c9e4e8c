import type { Problem } from '../../tree/problem.js';

/** The problems, each once: errors before warnings, then by file and line. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const rank = ({ level, file, line }: Problem) => `${level}\0${file}\0${String(line ?? 0).padStart(8, '0')}`;
  return [...unique.values()].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}
