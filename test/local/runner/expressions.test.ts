// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { evaluateCondition, evaluateText, type Scope } from '../../../src/local/runner/expressions.js';

const scope: Scope = {
  contexts: {
    github: { ref: 'refs/heads/main', event: { labels: [{ name: 'a' }, { name: 'b' }], 'with-dash': 1 } },
    needs: { build: { result: 'success', outputs: { version: '1.10' } } },
    matrix: { node: 20 },
  },
  status: { success: true, failure: false, cancelled: false },
};
const failed: Scope = { ...scope, status: { success: false, failure: true, cancelled: false } };

function condition(value: string | boolean | number) {
  return { kind: 'scalar' as const, value, place: { file: 'w.yml', line: 3, column: 9 } };
}

describe('text with expressions', () => {
  test.each([
    ['plain text', 'plain text'],
    ['${{ github.ref }}', 'refs/heads/main'],
    ['a ${{ github.ref }} b ${{ matrix.node }}', 'a refs/heads/main b 20'],
    ['${{ matrix.node }}', 20],
    ['${{ matrix.node == 20 }}', true],
    ['${{ github.event.labels.*.name }}', ['a', 'b']],
    ["${{ join(github.event.labels.*.name, '+') }}", 'a+b'],
    ["${{ github.event['with-dash'] }}", 1],
    ['${{ GITHUB.Event.LABELS[1].Name }}', 'b'],
    ['${{ github.nothing.here }}', null],
    ["${{ github.nothing.here || 'else' }}", 'else'],
    ["${{ matrix.node > 18 && 'new' || 'old' }}", 'new'],
    ["${{ 'it''s ''quoted'' twice' }}", "it's 'quoted' twice"],
    ["{x} ${{ 'a }} b' }} {0}", '{x} a }} b {0}'],
    ["${{ format('{0} {{1}} {1}', 'a', 'b') }}", 'a {1} b'],
    ["${{ contains('Hello', 'ELL') }}", true],
    ["${{ startsWith(github.ref, 'refs/heads/') }}", true],
    ["${{ 'A' == 'a' }}", true],
    ["${{ '' == 0 }}", true],
    ['${{ toJSON(matrix) }}', '{\n  "node": 20\n}'],
    ['${{ fromJSON(\'{"a":[1,2]}\').a[1] }}', 2],
    ["${{ fromJSON('[1,2]') }}", [1, 2]],
    ["${{ contains(needs.*.result, 'failure') }}", false],
    ['null is ${{ null }}, true is ${{ true }}', 'null is , true is true'],
    ['${{ needs.build.outputs.version }}', '1.10'],
    ['${{ success() }} ${{ failure() }} ${{ cancelled() }} ${{ always() }}', 'true false false true'],
  ])('%s', (source, value) => {
    expect(evaluateText(source, scope)).toEqual(value);
  });

  test.each([
    ['${{ nothing.here }}', 'The expression "nothing.here" is wrong: Unrecognized named-value: \'nothing\''],
    ['${{ github.ref', 'The expression is not closed: "${{" without "}}".'],
    ['${{ github.ref == }}', 'The expression "github.ref ==" is wrong: Unexpected end of expression'],
  ])('%s is an error', (source, message) => {
    expect(() => evaluateText(source, scope)).toThrow(message);
  });
});

describe('a condition', () => {
  test.each([
    ["github.ref == 'refs/heads/main'", true],
    ["${{ github.ref == 'refs/heads/main' }}", true],
    ["github.ref == 'refs/heads/other'", false],
    ['', true],
    [false, false],
    [true, true],
    ['always()', true],
    ['failure()', false],
    // Text around an expression makes text, and text is true.
    ['${{ false }} && false', true],
  ])('%s after success is %s', (source, value) => {
    expect(evaluateCondition(condition(source), scope)).toBe(value);
  });

  test.each([
    ["github.ref == 'refs/heads/main'", false],
    ["${{ github.ref == 'refs/heads/main' }}", false],
    ['', false],
    ['always()', true],
    ['failure()', true],
    ['!cancelled()', true],
    ["github.ref == 'x' || ALWAYS()", true],
    // The name of a function in a string is no call.
    ["github.ref != 'always()'", false],
  ])('%s after a failure is %s', (source, value) => {
    expect(evaluateCondition(condition(source), failed)).toBe(value);
  });

  test('names the place of what is wrong', () => {
    expect(() => evaluateCondition(condition('nope.x'), scope)).toThrow(
      /^w\.yml:3:9: The expression "nope\.x" is wrong/,
    );
  });
});

test('hashFiles is over the contents of what matches, and empty when nothing does', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'ostack-hash-'));
  try {
    await writeFile(join(workspace, 'a.lock'), 'one');
    await writeFile(join(workspace, 'b.lock'), 'two');
    const hash = (pattern: string) => evaluateText(`\${{ hashFiles(${pattern}) }}`, { ...scope, workspace });
    expect(hash("'*.none'")).toBe('');
    expect(hash("'*.lock'")).toMatch(/^[0-9a-f]{64}$/);
    expect(hash("'**/*.lock', '!b.lock'")).toBe(hash("'a.lock'"));
    expect(hash("'*.lock'")).not.toBe(hash("'a.lock'"));
  } finally {
    await rm(workspace, { recursive: true });
  }
});
