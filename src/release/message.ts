import { CommitParser } from 'conventional-commits-parser';
import { beforeProse, type Footer, readFooters } from './footers.js';
import { ownLines } from './quotes.js';
import { type Reverts, readReverts } from './reverts.js';

/** What the message of a commit, or the title and body of a pull request, says by Conventional Commits. */
export interface Message {
  /** The first line, cut where it is longer than anybody reads. */
  header: string;
  /** In lower case; `undefined` where the header is not conventional. */
  type: string | undefined;
  scope: string | undefined;
  /** The header without type and scope. */
  subject: string | undefined;
  /** What it breaks, one text for each note; empty where it breaks nothing. */
  breaking: readonly string[];
  /** Footers in their order, without those that tell of a break. */
  footers: readonly Footer[];
  /** What it takes back, `undefined` for nothing. */
  reverts: Reverts | undefined;
}

/** Most characters of a header. Git knows no limit, and a line of a generated message may have any length. */
const LONGEST_HEADER = 500;

/** Type, scope, mark of a break and subject. Each part ends where the next begins, so no header takes long. */
const HEADER = /^(\w+)(?:\((.*?)\))?(!?): +(\S.*)$/su;

/** The library's own patterns for these take minutes for a long line. Without keywords it has none. */
const NO_REFERENCES: object = { issuePrefixes: undefined, referenceActions: undefined };

/** Reads headers only: the library takes prose for notes of a break, in any case, where the specification does not. */
const parser = new CommitParser({
  headerPattern: HEADER,
  headerCorrespondence: ['type', 'scope', 'mark', 'subject'],
  ...NO_REFERENCES,
});

/**
 * Reads a message. The time it takes grows with its length and no faster, whatever is in it.
 *
 * @param text the whole message
 * @param quoting whether a bot made it that tells of somebody else's releases: then only what people wrote before its own
 *   text is read
 * @see https://www.conventionalcommits.org/en/v1.0.0/#specification (types are not case-sensitive: item 15)
 */
export function readMessage(text: string, quoting = false): Message {
  const lines = text.trim().split('\n');
  const header = cut((lines[0] ?? '').trim()) || '(no message)';
  const { type, scope, mark, subject } = parser.parse(header);
  const own = ownLines(lines.slice(1));
  const body = quoting ? beforeProse(own) : own;
  const { breaking, footers } = readFooters(body);
  const marked = breaking.length === 0 && mark === '!' && typeof subject === 'string';
  return {
    header,
    type: type?.toLowerCase(),
    scope: scope ?? undefined,
    subject: subject ?? undefined,
    breaking: marked ? [subject] : breaking,
    footers,
    reverts: readReverts(header, body),
  };
}

function cut(header: string): string {
  return header.length > LONGEST_HEADER ? `${header.slice(0, LONGEST_HEADER)}…` : header;
}
