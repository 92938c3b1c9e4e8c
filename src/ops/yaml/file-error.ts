/** What is wrong in one place of a file. The message begins with that place, for whoever reads only it. */
export class FileError extends Error {
  /** Path of the file, as its reader was given it. */
  readonly file: string;
  /** From 1; `undefined` where it is about the whole file. */
  readonly line: number | undefined;

  constructor(message: string, file: string, line?: number) {
    super(message);
    this.file = file;
    this.line = line;
  }
}
