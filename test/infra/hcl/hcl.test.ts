import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { literalOf, objectOf, readBody } from '../../../src/infra/hcl/blocks.js';
import { readJsonBlocks } from '../../../src/infra/hcl/json-blocks.js';
import { type Token, tokensOf } from '../../../src/infra/hcl/tokens.js';

/** A literal as one of the language writes it. */
function quoted(text: string): string {
  const json = JSON.stringify(text).replace(/\\([bf])/g, (_all, sign) => (sign === 'b' ? '\\u0008' : '\\u000c'));
  return json.replace(/[$%](?=\{)/g, '$&$&');
}

/** `§{` stands for the sign of an insertion, which lint takes for a mistake. */
const written = (text: string) => text.replaceAll('§{', '${');

describe('tokens', () => {
  test.each([
    ['a comment to the end of its line', 'a # } "\nb', ['a', 'b']],
    ['the other comment to the end of its line', 'a // {\nb', ['a', 'b']],
    ['a comment over lines', 'a /* "\n} */ b', ['a', 'b']],
    ['a comment that nothing ends', 'a /* b', ['a']],
    ['a text', '"x y"', ['"x y"']],
    ['a quote in a text', '"x\\"y"', ['"x"y"']],
    ['an escape of a text', '"\\u0041\\n"', ['"A\n"']],
    ['a doubled sign, which is no insertion', '"$§{a}"', ['"§{a}"']],
    ['a sign alone', '"$a %b"', ['"$a %b"']],
    ['a comment sign in a text', '"# //"', ['"# //"']],
    ['a text that a line ends', '"a\nb', ['"a"', 'b']],
    ['a heredoc', '<<EOT\nx "y\nEOT\nb', ['"x "y\n"', 'b']],
    ['an indented heredoc', '<<-EOT\n  x\n  EOT\nb', ['"  x\n"', 'b']],
    ['a heredoc with its name inside of a line', '<<A\nx A\nA\nb', ['"x A\n"', 'b']],
    ['a heredoc that nothing ends', '<<A\nx\ny', ['"x\ny"']],
    ['a shift of two words, which is no heredoc', 'a << b\nc', ['a', '<', '<', 'b', 'c']],
    ['names with dashes', 'my-name = 1', ['my-name', '=', '1']],
  ])('%s', (_what, text, expected) => {
    const shown = (token: Token) =>
      token.kind === 'text' ? `"${token.parts.join('')}"` : token.kind === 'end' ? '' : token.text;
    expect(
      tokensOf(written(text))
        .map(shown)
        .filter((each) => each !== ''),
    ).toEqual(expected.map(written));
  });

  test('an insertion has tokens of its own, with texts and braces in them', () => {
    const [token] = tokensOf(written('"a§{f({ x = "}" })}b"'));
    expect(token).toMatchObject({
      kind: 'text',
      parts: ['a', expect.arrayContaining([{ kind: 'word', text: 'f' }]), 'b'],
    });
  });

  test('any literal is read as what it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(literalOf(readBody(`x = ${quoted(text.toWellFormed())}`).attributes.get('x'))).toBe(text.toWellFormed());
      }),
    );
  });

  test('any text is taken, and what surrounds a whole block does not hide it', () => {
    const noise = fc.string({
      unit: fc.constantFrom('"', '$', '{', '}', '\n', '<', 'E', ' ', '#', '/', '*', '\\', '=', '%'),
    });
    fc.assert(
      fc.property(noise, (text) => {
        const value = quoted(`\n${text}`);
        const { blocks } = readBody(`locals {\n x = ${value}\n y = [${value}]\n}\nmodule "a" { source = "./a" }\n`);
        expect(blocks.map(({ type, labels }) => [type, ...labels])).toEqual([['locals'], ['module', 'a']]);
        expect(Array.isArray(tokensOf(text))).toBe(true);
        expect(Array.isArray(readBody(text).blocks)).toBe(true);
        expect(Array.isArray(readJsonBlocks(text))).toBe(true);
      }),
    );
  });

  test.each(['{', '"§{', '[', '<<A\n', 'a {', '"§{"'])(
    '%j a hundred thousand times takes no longer than its length',
    (part) => {
      expect(Array.isArray(readBody(written(part).repeat(100_000)).blocks)).toBe(true);
    },
  );
});

describe('blocks', () => {
  test('have labels, attributes and blocks', () => {
    const [block] = readBody(
      'resource "a" "b" {\n  x = [\n    1,\n    2\n  ]\n  y = {\n    z = 1\n  }\n  lifecycle { prevent_destroy = true }\n}',
    ).blocks;
    expect(block).toMatchObject({ type: 'resource', labels: ['a', 'b'], body: { blocks: [{ type: 'lifecycle' }] } });
    expect([...(block?.body.attributes.keys() ?? [])]).toEqual(['x', 'y']);
    expect(literalOf(block?.body.blocks[0]?.body.attributes.get('prevent_destroy'))).toBe('true');
  });

  test.each([
    ['lines', '{\n  a = "1"\n  b = "2"\n}'],
    ['commas', '{ a = "1", b = "2" }'],
    ['colons and quotes', '{ "a" : "1", "b" : "2" }'],
  ])('an object is read with %s', (_what, text) => {
    const object = objectOf(readBody(`x = ${text}`).attributes.get('x'));
    expect([...object].map(([name, tokens]) => [name, literalOf(tokens)])).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  test.each([
    ['an object', '{"resource":{"a":{"b":{"x":1}}},"terraform":{"backend":{"s3":{"key":"k"}}}}'],
    ['lists of objects', '[{"resource":[{"a":[{"b":[{"x":1}]}]}]},{"terraform":[{"backend":[{"s3":{"key":"k"}}]}]}]'],
  ])('the JSON form is read as %s', (_what, text) => {
    const blocks = readJsonBlocks(text);
    expect(blocks.map(({ type, labels }) => [type, ...labels])).toEqual([['resource', 'a', 'b'], ['terraform']]);
    expect(literalOf(blocks[1]?.body.blocks[0]?.body.attributes.get('key'))).toBe('k');
  });
});
