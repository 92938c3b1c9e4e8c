/** The anchor of a message on the page about messages, from the piece of it that no other message has. */
export function anchorOf(mark: string): string {
  return `m-${mark
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`;
}

/**
 * The anchor of a message, by the longest mark that is in it.
 *
 * @param message as people see it, with all values in it
 * @returns `undefined` where none of the marks is in it
 */
export function anchorIn(message: string, marks: readonly string[]): string | undefined {
  const found = marks.filter((mark) => message.includes(mark)).sort((a, b) => b.length - a.length)[0];
  return found === undefined ? undefined : anchorOf(found);
}
