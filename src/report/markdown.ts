import { visible } from './visible.js';

/** An invisible character that breaks up mentions, references and bare links. */
const JOINER = '\u2060';

/**
 * Untrusted text as Markdown without effect: its markup, mentions, references, links and HTML are shown as text, on one
 * line. Used for every title, branch name, message and path that reaches a summary, a comment or a pull request.
 *
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function plain(text: string): string {
  return unlinked(escaped(text));
}

/** The text with markup and HTML escaped; GitHub may still turn parts of it into links. */
function escaped(text: string): string {
  return escapedHtml(oneLine(text).replace(/[\\`*_{}[\]()#+!|~>-]/g, '\\$&'));
}

/** Untrusted text for between HTML tags, on one line. */
function plainHtml(text: string): string {
  return unlinked(escapedHtml(oneLine(text)));
}

function oneLine(text: string): string {
  return visible(text.toWellFormed().replace(/\s+/g, ' ').trim());
}

function escapedHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/**
 * Breaks up what GitHub turns into links after rendering Markdown, where backslashes and entities have no effect:
 * mentions, `#1`, `GH-1`, addresses with and without a protocol.
 *
 * @see https://github.com/github/cmark-gfm/issues/181
 */
function unlinked(text: string): string {
  return text
    .replace(/@(?=\S)/g, `@${JOINER}`)
    .replace(/#(?=\d)/g, `#${JOINER}`)
    .replace(/(?:https?|ftp)(?=:)/gi, `$&${JOINER}`)
    .replace(/www(?=\.)/gi, `$&${JOINER}`)
    .replace(/GH(?=\\?-\d)/gi, `$&${JOINER}`);
}

/** Text as an inline code span; it may hold backticks and pipes. */
export function code(text: string): string {
  // In a table a pipe ends the cell, also in code, unless a backslash is before it; the text's own backslashes are kept.
  const line = visible(text.toWellFormed().replace(/\s+/g, ' '))
    .replace(/\\(?=\|)/g, `$&${JOINER}`)
    .replace(/\|/g, '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A link with inert text, in which GitHub makes no further links; a URL that is not http(s) gives the text alone. */
export function link(text: string, url: string): string {
  return URL.canParse(url) && /^https?:\/\//i.test(url) ? `[${escaped(text)}](${inertUrl(url)})` : plain(text);
}

/** The URL, with characters that end a link or a table cell percent-encoded; existing escapes are kept. */
function inertUrl(url: string): string {
  return new URL(url).href.replace(
    /[()|`\\[\]]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A table of cells that are Markdown already (use `plain`, `code` or `link` for them). */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headers), line(headers.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A `<details>` block. @param summary untrusted text @param body Markdown */
export function details(summary: string, body: string): string {
  return `<details><summary>${plainHtml(summary)}</summary>\n\n${body}\n\n</details>`;
}

/**
 * Untrusted Markdown as a quote in ours. The quote ends its fences and lists; HTML, which could close a block of ours, and
 * pictures are removed; so are mentions and bare references, which would notify people or point into the wrong
 * repository. Of links only those of the form `[text](address)` to the server stay.
 *
 * @param page any page of the server, such as `https://github.com/acme/apps`
 */
export function quoted(markdown: string, page: string): string {
  const server = URL.canParse(page) ? `${new URL(page).origin}/` : undefined;
  const stays = (text: string, at: number) => server !== undefined && text.startsWith(`(${server}`, at);
  return visible(markdown.toWellFormed().trim().replace(/\r\n?/g, '\n'))
    .replace(/<(?=[A-Za-z/!?])/g, `<${JOINER}`)
    .replace(/&(?=#?\w+;)/g, `&${JOINER}`)
    .replace(/@(?=\S)/g, `@${JOINER}`)
    .replace(/#(?=\d)/g, `#${JOINER}`)
    .replace(/GH(?=\\?-\d)/gi, `$&${JOINER}`)
    .replace(/!(?=\[)/g, `!${JOINER}`)
    .replace(/\](?=[(:])/g, (sign, at: number, text: string) => (stays(text, at + 1) ? sign : `${sign}${JOINER}`))
    .replace(/(?<!\]\()(?:https?|ftp)(?=\\?:)/gi, `$&${JOINER}`)
    .replace(/www(?=\.)/gi, `$&${JOINER}`)
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

/** A fenced block with a fence longer than any in its content. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${visible(text.toWellFormed()).replace(/\n?$/, '\n')}${fence}`;
}
