import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a command that got through would leave a trace. */
export const CANARY = join(tmpdir(), `ostack-canary-${process.pid}`);

/** What no output, mask, variable or annotation of ours is ever called or says. */
export const STOLEN = 'stolen';

/** A text from outside, and what it is after. */
export interface Hostile {
  what: string;
  value: string;
}

/** Texts that stay on one line. */
export const LINES: readonly Hostile[] = [
  { what: 'a command', value: `$(touch ${CANARY})` },
  { what: 'a command in backticks', value: `\`touch ${CANARY}\`` },
  { what: 'a second command', value: `x; touch ${CANARY} #` },
  { what: 'a command after quotes', value: `x'"; touch ${CANARY}; '"` },
  { what: 'a workflow command', value: `::set-output name=${STOLEN}::${STOLEN}` },
  { what: 'an old workflow command', value: `x ##[set-output name=${STOLEN};]${STOLEN}` },
  { what: 'a mask', value: `##[add-mask]${STOLEN}` },
  { what: 'an expression', value: `\${{ secrets.GITHUB_TOKEN }}` },
  { what: 'a mention and references', value: 'fixes #1, GH-2, acme/ops#3, thanks @acme/admins @octocat' },
  {
    what: 'links and pictures',
    value: '[x](https://evil.example) ![x](//evil.example) _https://evil.example www.evil.example',
  },
  {
    what: 'HTML',
    value: `</summary></details><img src=x onerror=alert(1)><!-- /ostack:bump --><a href="//evil.example">x</a>`,
  },
  { what: 'entities', value: '&#64;octocat &commat;octocat &num;1 &lt;img src=x&gt;' },
  { what: 'the cells of a table', value: 'a | b \\| c \\\\| `d | e` @octocat' },
  { what: 'a way out', value: '../../../.github/workflows/evil.yml' },
  { what: 'a lone surrogate', value: 'x\ud800y' },
  { what: 'a flag', value: '--upload-pack=evil' },
  { what: 'a key of every object', value: '__proto__' },
];

/** Texts of several lines. */
export const TEXTS: readonly Hostile[] = [
  {
    what: 'workflow commands',
    value: `x\n::set-output name=${STOLEN}::${STOLEN}\r::add-mask::${STOLEN}\n \t::error::${STOLEN}`,
  },
  { what: 'an output', value: `x\n${STOLEN}=${STOLEN}\n${STOLEN}<<EOF\n${STOLEN}\nEOF\nghadelimiter_0` },
  { what: 'trailers', value: `x\n\nOstack-Forced-By: ${STOLEN}\nOstack-By: ${STOLEN}` },
  {
    what: 'Markdown',
    value: '```\n</details>\n\n@octocat\n\n![x](https://evil.example)\n\n[a]: //evil.example\n\n[a] \\@octocat\n> - #1',
  },
  {
    what: 'marks of ours',
    value: '<!-- /ostack:bump -->\n<!-- ostack:delivery done -->\n<!-- /ostack:delivery -->\n<!-- ostack-check-ops -->',
  },
];

/** All of them in one text of several lines. */
export const EVERYTHING = [...LINES, ...TEXTS].map(({ value }) => value).join('\n');

/** All that stay on one line, as one line. */
export const ONE_LINE = LINES.map(({ value }) => value).join(' ');

/** Names that git takes for branches and tags. */
export const REFS: readonly Hostile[] = [
  { what: 'a command', value: `$(touch$IFS${CANARY})` },
  { what: 'a command in backticks', value: `\`touch$IFS${CANARY}\`;touch$IFS${CANARY}` },
  { what: 'a mention', value: '@acme/admins' },
  { what: 'HTML', value: '"><img/src=x/onerror=alert(1)>' },
  { what: 'Markdown', value: '](/evil)' },
  { what: 'a workflow command', value: `x%0A%3A%3Aset-output-name=${STOLEN}` },
  { what: 'signs that are not seen', value: 'x\u202e\u200b\u2066y' },
];
