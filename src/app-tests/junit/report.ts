/** One test, as a JUnit report has it. */
export interface TestCase {
  name: string;
  /** Its class, else the suites around it. */
  suite: string;
  /** File and line as the report has them: of any form, from anywhere, or none. */
  file: string | undefined;
  line: number | undefined;
  outcome: 'passed' | 'failed' | 'skipped';
  /** The test framework ran it again after a failure, and it passed. */
  retried: boolean;
  durationMs: number;
  /** Why it failed. */
  failure: Failure | undefined;
}

export interface Failure {
  /** One line or a few. */
  message: string;
  /** The rest of the failure, usually a stack trace. */
  details: string;
}

/** What identifies a test: its file, suite and name. Several may share it. */
export function caseKey({ file, suite, name }: TestCase): string {
  return JSON.stringify([file ?? '', suite, name]);
}
