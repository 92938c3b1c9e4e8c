/** Between the pieces of a mark: anything. */
export const VALUE = '…';

/** The anchor of a message on the page about messages, from the piece of it that no other message has. */
export function anchorOf(mark: string): string {
  return `m-${mark
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`;
}

/**
 * The anchor of a message, by the mark in it that has most text of its own.
 *
 * @param message as people see it, with all values in it
 * @param marks each one piece of a message, or several with `…` between them, which a message has in that order
 * @returns `undefined` where none of the marks is in it
 */
export function anchorIn(message: string, marks: readonly string[]): string | undefined {
  const found = marks.filter((mark) => isIn(message, mark)).sort((a, b) => ownText(b) - ownText(a))[0];
  return found === undefined ? undefined : anchorOf(found);
}

function isIn(message: string, mark: string): boolean {
  let at = 0;
  return mark.split(VALUE).every((piece) => {
    const found = message.indexOf(piece, at);
    at = found + piece.length;
    return found !== -1;
  });
}

function ownText(mark: string): number {
  return mark.replaceAll(VALUE, '').length;
}
