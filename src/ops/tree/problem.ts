/** Something that a person should know before a change of the ops repository is merged. */
export interface Problem {
  /** An error keeps the check from passing. */
  level: 'error' | 'warning';
  /** Path in the repository; empty for what concerns no file. */
  file: string;
  /** From 1. */
  line: number | undefined;
  /** A sentence: what was expected, what was found, what to do. Never holds a secret. */
  message: string;
}
