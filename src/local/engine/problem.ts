/** A build error that is the repository's fault, worded as BuildKit words it. */
export class BuildProblem extends Error {
  /** What is printed before the message: the lines of the Dockerfile around the one at fault. */
  readonly excerpt: string;

  constructor(message: string, excerpt = '') {
    super(message);
    this.excerpt = excerpt;
  }
}

/**
 * Marks a line of a Dockerfile.
 *
 * @param file as shown
 * @param line counted from 1
 */
export function excerptOf(file: string, text: string, line: number): string {
  const rule = '-'.repeat(20);
  const lines = text
    .split('\n')
    .map((content, index) => `${String(index + 1).padStart(4)} | ${index + 1 === line ? '>>>' : '   '} ${content}`)
    .slice(Math.max(0, line - 3), line + 2);
  return [`${file}:${line}`, rule, ...lines, rule].join('\n');
}
