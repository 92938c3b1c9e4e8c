import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { locate } from '../../src/app-tests/location.js';
import { testCase } from './support.js';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ostack-location-'));
  const files = ['apps/a/cart.test.js', 'apps/a/cart.js', 'apps/a/node_modules/x/x.js', 'packages/ui/ui.js'];
  for (const file of [...files, 'apps/a/tests/test_b.py', 'apps/a/pkg/cart/cart_test.go', 'apps/a/my file.js']) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

function at(text: string, more: { file?: string; line?: number; suite?: string } = {}) {
  const failure = { message: '', details: text.replaceAll('ROOT', root) };
  return locate(testCase('t', { ...more, failure }), { root, folder: 'apps/a' });
}

describe('the place of a failure', () => {
  test.each<[string, string, { file?: string; line?: number; suite?: string }, string, number | undefined]>([
    ['a stack of V8', 'Error\n    at Object.<anonymous> (ROOT/apps/a/cart.test.js:5:17)', {}, 'apps/a/cart.test.js', 5],
    ['an address', 'at file://ROOT/apps/a/cart.test.js:8:1', {}, 'apps/a/cart.test.js', 8],
    ['pytest', '>  assert 1\n\ntests/test_b.py:12: AssertionError', {}, 'apps/a/tests/test_b.py', 12],
    ['a traceback of Python', 'File "ROOT/apps/a/my file.js", line 7, in x', {}, 'apps/a/my file.js', 7],
    ['Go', '    cart_test.go:9: no', { suite: 'github.com/acme/a/pkg/cart' }, 'apps/a/pkg/cart/cart_test.go', 9],
    ['a path from the root', 'packages/ui/ui.js:3', {}, 'packages/ui/ui.js', 3],
    ['no dependency', 'node_modules/x/x.js:1:1\n  cart.js:2:1', {}, 'apps/a/cart.js', 2],
    ["the test's own file first", 'cart.js:2:1\ncart.test.js:5:1', { file: 'cart.test.js' }, 'apps/a/cart.test.js', 5],
    ['another file where its own is not in the stack', 'cart.js:2', { file: 'cart.test.js' }, 'apps/a/cart.js', 2],
    ['what the report says', 'no', { file: './cart.test.js', line: 4 }, 'apps/a/cart.test.js', 4],
    ['the file alone', 'no', { file: 'cart.test.js' }, 'apps/a/cart.test.js', undefined],
  ])('%s', async (_, text, more, file, line) => {
    expect(await at(text, more)).toEqual({ file, line });
  });

  test.each(['/etc/hosts.conf:1', '../../../etc/passwd.txt:1', 'http://a.b/c.js:1', 'nope.js:1', '12:30:15', ''])(
    'is not known from %j',
    async (text) => {
      expect(await at(text)).toBeUndefined();
    },
  );
});
