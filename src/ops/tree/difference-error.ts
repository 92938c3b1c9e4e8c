/** Something is refused for what it would change. The message has the difference too, for the log. */
export class DifferenceError extends Error {
  /** The message without the difference. */
  readonly reason: string;
  /** Lines of the difference, each part under a heading. */
  readonly diff: string;

  constructor(reason: string, diff: string) {
    super(`${reason}\n${diff}`);
    this.reason = reason;
    this.diff = diff;
  }
}
