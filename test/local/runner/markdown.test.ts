import { describe, expect, test } from '@jest/globals';
import { renderMarkdown } from '../../../src/local/runner/reporter/markdown.js';
import { type Paint, plain } from '../../../src/local/runner/reporter/paint.js';

describe('a summary in a terminal', () => {
  test.each([
    ['# Title\n\ntext', ['Title', '', 'text']],
    ['| a | b |\n|---|:-:|\n| long cell | `x` |', ['a          b', 'long cell  x']],
    ['- one\n  - [x] two\n* [ ] three', ['• one', '  ☑ two', '☐ three']],
    ['**bold** and [label](https://x/y) and ![badge](https://b)', ['bold and label and badge']],
    ['> [!NOTE]\n> mind', ['│ note', '│ mind']],
    ['```sh\nnpm **test**\n```', ['  npm **test**']],
    ['<details><summary>More</summary>\n\ninside\n</details>', ['▸ More', '', 'inside']],
    ['a &lt;b&gt; &amp; c&#124;d<br>e', ['a <b> & c|d e']],
    ['<a href="https://x">link</a>', ['link']],
    ['\n\n\none\n\n\n\ntwo\n\n', ['one', '', 'two']],
    ['a \\* star', ['a * star']],
    ['---', ['────────────────────']],
    ['| a \\| b | c |', ['a | b  c']],
  ])('%j', (markdown, lines) => {
    expect(renderMarkdown(markdown, plain)).toEqual(lines);
  });

  test('keeps columns aligned where cells are coloured', () => {
    const paint: Paint = (style, text) => (style === 'cyan' ? `\u001b[36m${text}\u001b[39m` : text);
    expect(renderMarkdown('| `a` | b |\n| aaaa | b |', paint)).toEqual(['\u001b[36ma\u001b[39m     b', 'aaaa  b']);
  });
});
