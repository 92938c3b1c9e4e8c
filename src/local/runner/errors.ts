/** A position in a file; lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** A workflow or action file that GitHub would refuse: every problem with its position. */
export class InvalidFile extends Error {
  /** @param problems one line each, `file:line:column: what is wrong` */
  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
    this.name = 'InvalidFile';
  }
}

/** Something that GitHub supports and the local runner does not; it fails the run. */
export class Unsupported extends Error {
  /**
   * @param what the unsupported part, as it is written in the file
   * @param place its position in the file
   */
  constructor(
    readonly what: string,
    readonly place?: Place,
  ) {
    const prefix = place === undefined ? '' : `${placeText(place)}: `;
    super(`${prefix}${what} is not supported by the local runner.`);
    this.name = 'Unsupported';
  }
}

/** A workflow that cannot run as it is written: the whole run fails with this message. */
export class RunError extends Error {
  constructor(
    message: string,
    readonly place?: Place,
  ) {
    super(place === undefined ? message : `${placeText(place)}: ${message}`);
    this.name = 'RunError';
  }
}

/** `file:line:column`, the form editors make clickable. */
export function placeText(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** The message of an error; any other thrown value as text. */
export function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}

/** The `code` of a system error, such as `ENOENT`. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
