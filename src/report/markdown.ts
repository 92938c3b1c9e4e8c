/** Sits between the signs of a mention, a reference or a bare link: it is not seen, and nothing reads them as one. */
const JOINER = '\u2060';

/**
 * Text from outside as inert Markdown: no markup, mention, reference, link or HTML of it takes effect, and it stays on
 * one line. Used for every title, branch name, message and path that reaches a summary, a comment or a pull request.
 *
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function plain(text: string): string {
  return unlinked(escaped(text));
}

/** Without markup and HTML; GitHub may still make links of it. */
function escaped(text: string): string {
  return escapedHtml(oneLine(text).replace(/[\\`*_{}[\]()#+!|~>-]/g, '\\$&'));
}

/** Text from outside between the tags of HTML, on one line. */
function plainHtml(text: string): string {
  return unlinked(escapedHtml(oneLine(text)));
}

function oneLine(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').trim();
}

function escapedHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/**
 * Breaks what GitHub makes links of after Markdown has been rendered, where a backslash or an entity no longer counts:
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

/** Text as an inline code span, whatever backticks or pipes it holds. */
export function code(text: string): string {
  // In a table a bar ends the cell, also in code, unless it has a backslash before it: one of the text's own is kept apart.
  const line = text
    .toWellFormed()
    .replace(/\s+/g, ' ')
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

/** The URL with what would end a link or a table cell percent-encoded; escapes that it has already stay as they are. */
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

/** A folded block. `summary` is text from outside, without Markdown; `body` is Markdown. */
export function details(summary: string, body: string): string {
  return `<details><summary>${plainHtml(summary)}</summary>\n\n${body}\n\n</details>`;
}

/**
 * Somebody's Markdown inside ours: quoted, so that no fence or list of it runs on; without HTML, so that nothing in it
 * opens a tag or closes a block of ours; without mentions and bare references, which would notify people or point into
 * the wrong repository; without pictures; and without links, but for those of the form `[text](address)` to the server.
 *
 * @param page any page of the server, such as `https://github.com/acme/apps`
 */
export function quoted(markdown: string, page: string): string {
  const server = URL.canParse(page) ? `${new URL(page).origin}/` : undefined;
  const stays = (text: string, at: number) => server !== undefined && text.startsWith(`(${server}`, at);
  return markdown
    .toWellFormed()
    .trim()
    .replace(/\r\n?/g, '\n')
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

/** A fenced block that no content of it can close. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.toWellFormed().replace(/\n?$/, '\n')}${fence}`;
}
