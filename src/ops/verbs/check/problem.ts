/** Something that a person should know before a change of the ops repository is merged. */
export interface Problem {
  /** An error keeps the check from passing. */
  level: 'error' | 'warning';
  /** Path in the repository. */
  file: string;
  /** From 1. */
  line: number | undefined;
  /** A sentence: what was expected, what was found, what to do. Never holds a secret. */
  message: string;
}

/** The problems, each once, errors first. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const rank = ({ level, file, line }: Problem) => `${level}\0${file}\0${String(line ?? 0).padStart(8, '0')}`;
  return [...seen.values()].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}
