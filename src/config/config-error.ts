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

/** Most of a place and of a message that is shown: a value may have any length, and people read the beginning and the advice. */
const [MOST_OF_PATH, MOST_OF_MESSAGE] = [200, 2000];

function describe(file: string, { line, column, path, message }: ConfigProblem): string {
  const place = path === '' ? '' : `${shortened(path, MOST_OF_PATH)}: `;
  return `${file}:${line}:${column}: ${place}${shortened(message, MOST_OF_MESSAGE)}`;
}

/** A text without its middle where it is too long. */
function shortened(text: string, most: number): string {
  const half = Math.floor(most / 2);
  return text.length <= most
    ? text
    : `${text.slice(0, half).toWellFormed()} […] ${text.slice(text.length - half).toWellFormed()}`;
}
