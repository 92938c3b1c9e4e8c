/** One thing wrong in a configuration file. */
export interface ConfigProblem {
  /** Where it is, 1-based; the top of the file when the place is unknown. */
  line: number;
  column: number;
  /** The place in the document, for example `apps.my-app.path`; empty for the document itself. */
  path: string;
  /** What was expected and what was found, without the place. */
  message: string;
}

/**
 * An invalid configuration file. The message has one line per problem, each beginning with `file:line:column`, the most
 * helpful one first.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly file: string;
  readonly problems: readonly [ConfigProblem, ...ConfigProblem[]];

  constructor(file: string, problems: readonly [ConfigProblem, ...ConfigProblem[]]) {
    super(problems.map((problem) => describe(file, problem)).join('\n'));
    this.file = file;
    this.problems = problems;
  }
}

function describe(file: string, { line, column, path, message }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;
}
