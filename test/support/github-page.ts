import sax from 'sax';
import { renderMarkdown } from './github-markdown.mjs';

/** What our own summaries, comments and pull requests are made of. Anything else came from outside. */
const OURS = new Set(
  'main a blockquote br code del details em h1 h2 h3 h4 li ol p pre strong sub summary table tbody td th thead tr ul'.split(
    ' ',
  ),
);

/** Inside these GitHub looks for no mention and no reference. */
const QUIET = new Set(['a', 'code', 'pre']);

const LIVE_TEXT: [what: string, pattern: RegExp][] = [
  ['mention', /@[a-z0-9][\w/-]*/gi],
  ['reference', /(#|\bGH-)\d+/gi],
  ['address', /\b(https?|ftp):\/\/\S+|\bwww\.\S+/gi],
];

/**
 * What a Markdown text would do on GitHub beyond being read: people it calls, things it refers to, links and pictures of
 * other servers, elements and comments that are none of ours. An empty list for a text that does nothing.
 *
 * @param servers origins to which links may go
 */
export function livePartsOf(markdown: string, servers: readonly string[]): string[] {
  const found: string[] = [];
  const open: string[] = [];
  const parser = sax.parser(false, { lowercase: true });
  parser.onopentag = ({ name, attributes }) => {
    open.push(name);
    if (!OURS.has(name)) {
      found.push(`element ${name}`);
    }
    for (const [attribute, value] of Object.entries(attributes)) {
      const mayStay = name === 'a' && attribute === 'href' && leadsTo(String(value), servers);
      if (!mayStay && !isLayout(attribute)) {
        found.push(`${name} ${attribute} ${String(value)}`);
      }
    }
  };
  parser.onclosetag = () => void open.pop();
  parser.ontext = (text) => {
    if (!open.some((name) => QUIET.has(name))) {
      found.push(
        ...LIVE_TEXT.flatMap(([what, pattern]) => [...text.matchAll(pattern)].map(([hit]) => `${what} ${hit}`)),
      );
    }
  };
  parser.oncomment = (text) => {
    if (!/^\s*\/?ostack[:-]/.test(text)) {
      found.push(`comment ${text}`);
    }
  };
  // Tags that do not match are part of what is looked for.
  parser.onerror = () => parser.resume();
  // After the end of one element the parser takes everything for text.
  parser.write(`<main>${renderMarkdown(markdown)}</main>`).close();
  return found;
}

/** Pages of this project, to which summaries lead. */
const OUR_PAGES = 'https://github.com/ostack/actions/blob/main/docs/';

function leadsTo(href: string, servers: readonly string[]): boolean {
  return URL.canParse(href) && (servers.includes(new URL(href).origin) || new URL(href).href.startsWith(OUR_PAGES));
}

/** Alignment of table cells, language of code, start of a list. */
function isLayout(attribute: string): boolean {
  return ['align', 'class', 'start'].includes(attribute);
}
