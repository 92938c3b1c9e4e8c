/**
 * Text from outside as inert Markdown: no markup, mention, reference, link or HTML of it takes effect, and it stays on
 * one line. Used for every title, branch name, message and path that reaches a summary, a comment or a pull request.
 *
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function plain(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/[\\`*_{}[\]()#+!|~>-]/g, '\\$&')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      // A word joiner after these breaks GitHub's own references, mentions and bare links without changing how they read.
      .replace(/@(?=\w)/g, '@\u2060')
      .replace(/\b(https?|ftp|www)(?=[:.])/gi, '$1\u2060')
      .replace(/\b(GH)-(?=\d)/gi, '$1\u2060-')
  );
}

/** Text as an inline code span, whatever backticks or pipes it holds. */
export function code(text: string): string {
  const line = text.toWellFormed().replace(/\s+/g, ' ').replace(/\|/g, '\\|');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A link with inert text; a URL that is not http(s) gives the text alone. */
export function link(text: string, url: string): string {
  return URL.canParse(url) && /^https?:\/\//i.test(url) ? `[${plain(text)}](${inertUrl(url)})` : plain(text);
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

/** A folded block. `summary` is Markdown-free text, `body` is Markdown. */
export function details(summary: string, body: string): string {
  const title = summary.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** A fenced block that no content of it can close. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.toWellFormed().replace(/\n?$/, '\n')}${fence}`;
}
