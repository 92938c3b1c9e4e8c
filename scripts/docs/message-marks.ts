/** What tells a message from all others, for links to its own place on the page about messages. */
import { anchorIn, anchorOf, VALUE } from '../../src/runtime/message-anchor.js';

/** Most characters of a mark, and the fewest that say enough. */
const LONGEST = 60;
const SHORTEST = 16;

/** What ends a piece of a message that is the same each time: a value, quotes, a line. */
const ENDS = /[…"'`\\\n]/;

/**
 * The mark of each message: a piece of its own fixed text that no other message has, the longest that there is. A message made of
 * little but values has all of its pieces, with `…` between them.
 *
 * @param messages with `…` for what differs
 * @returns marks by message; their anchors differ too. A message of values alone has none.
 */
export function marksOf(messages: Iterable<string>): Map<string, string> {
  const all = [...new Set(messages)];
  const anchors = new Set<string>();
  const marks = new Map<string, string>();
  for (const message of all) {
    const own = longPiecesOf(message).find(
      (piece) => !anchors.has(anchorOf(piece)) && all.every((other) => other === message || !other.includes(piece)),
    );
    const mark = own ?? allPiecesOf(message);
    if (mark !== '') {
      anchors.add(anchorOf(mark));
      marks.set(message, mark);
    }
  }
  return withoutMisled(marks);
}

/** Where another mark in a message has more text than its own, it gets all of its pieces, of which there is no more. */
function withoutMisled(marks: ReadonlyMap<string, string>): Map<string, string> {
  const all = [...marks.values()];
  return new Map(
    [...marks].map(([message, mark]) => {
      const isFound = anchorIn(message.replaceAll(VALUE, 'a value'), all) === anchorOf(mark);
      return [message, isFound ? mark : allPiecesOf(message)];
    }),
  );
}

/** The fixed pieces of a message, in order; empty where it has no words. */
function allPiecesOf(message: string): string {
  const pieces = message.split(ENDS).map((piece) => piece.trim());
  return pieces.filter((piece) => /[A-Za-z]{2}/.test(piece)).join(VALUE);
}

/** The fixed pieces of a message that say enough by themselves, longest first. */
function longPiecesOf(message: string): string[] {
  return message
    .split(ENDS)
    .map(shortened)
    .filter((piece) => piece.length >= SHORTEST && piece.includes(' '))
    .sort((a, b) => b.length - a.length);
}

/** At most as long as a mark may be, in whole words. */
function shortened(text: string): string {
  const cut = text.length > LONGEST ? text.slice(0, text.lastIndexOf(' ', LONGEST)) : text;
  return cut.replace(/^[^\w]+/, '').trim();
}

/** The source that actions find marks in. */
export function marksSource(marks: ReadonlyMap<string, string>): string {
  const lines = [...marks.values()].sort((one, other) => (one < other ? -1 : 1)).map((mark) => `  '${mark}',\n`);
  return (
    '// Made by "npm run docs" from the messages in the sources.\n\n' +
    '/** Pieces of messages that no other message has: each has its own place on the page about messages. */\n' +
    `export const MESSAGE_MARKS: readonly string[] = [\n${lines.join('')}];\n`
  );
}
