/** One test, as a JUnit report has it. */
export interface TestCase {
  name: string;
  /** Its class, else the suites around it. */
  suite: string;
  /** File and line as the report has them: of any form, from anywhere, or none. */
  file: string | undefined;
  line: number | undefined;
  outcome: 'passed' | 'failed' | 'skipped';
  /** The test framework itself ran it again, and then it passed. */
  retried: boolean;
  durationMs: number;
  /** Why it failed. */
  failure: Failure | undefined;
}

export interface Failure {
  /** One line or a few. */
  message: string;
  /** What else the report says, usually a stack trace. */
  details: string;
}
