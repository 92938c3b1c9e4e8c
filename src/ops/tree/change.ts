/** Files a plan wants to hold something else. */
export interface Change {
  /** Whole new contents by path. */
  files: ReadonlyMap<string, string>;
  /** Paths of files that go. */
  deletions?: readonly string[];
}

/** A change with the words it is committed under. */
export interface CommitMessage {
  /** First line, without line breaks. */
  headline: string;
  /** What follows, trailers at its end. */
  body: string;
}
