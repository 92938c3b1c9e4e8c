import { markdownLines } from './markdown-lines.js';

/** Our blocks in a text, with their content: `<!-- ostack:delivery done -->…<!-- /ostack:delivery -->`. */
const OPEN = /<!-- ostack:([a-z-]+)(?: [^\s>]*)? -->/;

/**
 * What of a text may be quoted elsewhere: without our own blocks, which tell of the place that they are in and are kept
 * current only there, and without comments, which nobody is meant to see.
 */
export function quotable(markdown: string): string {
  return withoutComments(withoutBlocks(markdown)).trim();
}

function withoutBlocks(markdown: string): string {
  let [left, kept] = [markdown, ''];
  for (let open = OPEN.exec(left); open !== null; open = OPEN.exec(left)) {
    const close = `<!-- /ostack:${open[1] ?? ''} -->`;
    const end = left.indexOf(close, open.index);
    // A mark alone is no block: it is a comment.
    kept += left.slice(0, open.index);
    left = left.slice(end === -1 ? open.index + open[0].length : end + close.length);
  }
  return kept + left;
}

/** Comments outside of fences; one that nothing ends hides the rest, as it does on GitHub. */
function withoutComments(markdown: string): string {
  return markdownLines(markdown.split('\n'), 'hides')
    .filter(({ text, hid }) => !hid || text.trim() !== '')
    .map(({ text }) => text)
    .join('\n');
}
