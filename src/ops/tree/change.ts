/** The files that a plan writes and deletes. */
export interface Change {
  /** The whole new text of each file, by path. */
  files: ReadonlyMap<string, string>;
  /** Paths of the files to delete. */
  deletions?: readonly string[];
}

/** The message of a commit. */
export interface CommitMessage {
  /** First line, without line breaks. */
  headline: string;
  /** The rest of the message, with the trailers at its end. */
  body: string;
}
