import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import sanitize from 'sanitize-html';
import { Html } from './html.js';

/** What GitHub leaves of the HTML in a text, as far as pages here need it: no script, no style, no form. */
const ALLOWED: sanitize.IOptions = {
  allowedTags: [
    ...sanitize.defaults.allowedTags,
    'details',
    'summary',
    'img',
    'input',
    'del',
    'ins',
    'picture',
    'source',
  ],
  allowedAttributes: {
    a: ['href', 'title', 'id'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    source: ['srcset', 'media'],
    input: ['type', 'checked', 'disabled'],
    td: ['align'],
    th: ['align'],
    details: ['open'],
    blockquote: ['class'],
  },
  allowedClasses: { code: ['language-*'] },
};

const ALERT = /<blockquote>\n<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\n?/g;

/**
 * Renders a text as GitHub does: its Markdown, its alerts, and of HTML only what cannot do anything.
 *
 * @param isComment whether a line break in the text is one on the page, as in pull requests and comments
 */
export function markdown(text: string, isComment = false): Html {
  const rendered = micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const withAlerts = rendered.replace(ALERT, (_, kind: string) => {
    const word = kind.charAt(0) + kind.slice(1).toLowerCase();
    return `<blockquote class="${kind.toLowerCase()}">\n<p><strong>${word}</strong></p>\n<p>`;
  });
  return new Html(sanitize(isComment ? withBreaks(withAlerts) : withAlerts, ALLOWED));
}

/** Makes line breaks in paragraphs and list items ones of the page. */
function withBreaks(rendered: string): string {
  return rendered.replace(/<p>[\s\S]*?<\/p>/g, (paragraph) => paragraph.replace(/(?<!<br \/>)\n/g, '<br />\n'));
}
