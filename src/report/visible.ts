/**
 * Control characters but for tabs and line breaks, the marks that turn the direction of text, what has no width or fills a place
 * unseen, and tags and variants, in which a whole text can hide. What joins signs or says how they look stays where it does so: in the
 * sign of a family, in Persian and in Hindi, and after what has variants.
 */
const UNSEEN =
  /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}]|\u034f|[\u17b4-\u17b5]|[\u00ad\u115f\u1160\u180e\u200b\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}]|(?<![\p{Emoji}\p{Script=Han}\p{Sm}])[\ufe00-\ufe0f]|(?<!\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier}|[\u0600-\u0dff])[\u200c\u200d]|[\u{e0000}-\u{e0fff}]/gu;

const ESCAPE = '\u001b';

/** What colours a program's output. @see https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
const COLOUR = new RegExp(`(${ESCAPE}\\[[\\d;:]*m)`);

/** What moves the cursor or clears a line or screen, which means nothing in a log. */
const MOVEMENT = new RegExp(`${ESCAPE}\\[[\\d;:?]*[A-HJKSTfhlsu]`, 'g');

/**
 * Untrusted text in which a reader sees all that there is: what a terminal would obey and what would show letters in another
 * order than they are in is named instead, as `⟨U+202E⟩`.
 *
 * @see https://trojansource.codes and https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (sign) => {
    const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `⟨U+${code}⟩`;
  });
}

/** Untrusted text as one line of a list, `visible`: some take a control character for the end of a line. */
export function visibleLine(text: string): string {
  return visible(
    text
      .toWellFormed()
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
  );
}

/** A program's output for a log: its colours stay, its movements of a cursor are left out, the rest is `visible`. */
export function visibleOutput(text: string): string {
  return text
    .replace(MOVEMENT, '')
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('');
}
