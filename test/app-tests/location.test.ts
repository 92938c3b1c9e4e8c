import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { locate } from '../../src/app-tests/location.js';
import { testCase } from './support.js';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ostack-location-'));
  const classes = {
    'apps/a/src/test/java/com/acme/ShopTest.java': 'package com.acme;\n',
    'apps/a/src/main/java/com/acme/Shop.java': '// ours\npackage com.acme;\n',
    'apps/a/core/src/test/kotlin/cart/CartTest.kt': 'package com.acme.`cart`\n',
    'apps/a/src/main/java/com/acme/twice/Twice.java': 'package com.acme.twice;\n',
    'apps/a/other/Twice.java': 'package com.acme.twice;\n',
    'apps/a/target/Shop.java': 'package com.acme;\n',
    'apps/a/Plain.java': '',
    'apps/a/src/main/java/com/acme/build/Plan.java': 'package com.acme.build;\n',
    'apps/a/build/generated/src/com/acme/build/Plan.java': 'package com.acme.build;\n',
  };
  for (const [file, text] of Object.entries(classes)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  const files = [
    'apps/a/Tests/My Tests.cs',
    'apps/a/cart.test.js',
    'apps/a/cart.js',
    'apps/a/node_modules/x/x.js',
    'packages/ui/ui.js',
  ];
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
    [
      "Java, in the test's own class",
      'java.lang.AssertionError: no\n\tat org.junit.Assert.fail(Assert.java:89)\n\tat com.acme.Shop.add(Shop.java:7)\n\tat app//com.acme.ShopTest$Inner.adds(ShopTest.java:42)\n\tat java.base/java.lang.reflect.Method.invoke(Method.java:568)',
      { suite: 'com.acme.ShopTest' },
      'apps/a/src/test/java/com/acme/ShopTest.java',
      42,
    ],
    [
      'Java, in another class',
      'at com.acme.Shop.add(Shop.java:7)',
      { suite: 'com.acme.Nope' },
      'apps/a/src/main/java/com/acme/Shop.java',
      7,
    ],
    ['Java, without a package', 'at Plain.add(Plain.java:3)', {}, 'apps/a/Plain.java', 3],
    [
      'Java, in a package that is called as folders of builds are',
      'at com.acme.build.Plan.of(Plan.java:2)',
      {},
      'apps/a/src/main/java/com/acme/build/Plan.java',
      2,
    ],
    [
      'Kotlin, whose methods have spaces and whose folders are no packages',
      '\tat com.acme.cart.CartTest.adds two numbers, or more(CartTest.kt:9)',
      { suite: 'com.acme.cart.CartTest' },
      'apps/a/core/src/test/kotlin/cart/CartTest.kt',
      9,
    ],
    [
      'C#',
      '   at Acme.Tests.MyTests.Adds() in ROOT/apps/a/Tests/My Tests.cs:line 42\n',
      {},
      'apps/a/Tests/My Tests.cs',
      42,
    ],
    [
      'C#, built the same everywhere',
      ' at A.B() in /_/apps/a/Tests/My Tests.cs:line 4',
      {},
      'apps/a/Tests/My Tests.cs',
      4,
    ],
    ['Rust', "thread 'adds' panicked at packages/ui/ui.js:3:5:\nno", {}, 'packages/ui/ui.js', 3],
    ['Ruby', "./tests/test_b.py:12:in `block'", {}, 'apps/a/tests/test_b.py', 12],
    ['PHP', 'no\n\nROOT/apps/a/cart.js:31', {}, 'apps/a/cart.js', 31],
  ])('%s', async (_, text, more, file, line) => {
    expect(await at(text, more)).toEqual({ file, line });
  });

  test.each([
    'at com.other.Shop.add(Shop.java:7)',
    'at com.acme.twice.Twice.x(Twice.java:1)',
    'at com.acme.Shop.add(Native Method)',
    'at com.acme.Nope.x(Nope.java:1)',
    ' in /etc/x.conf:line 3',
    '/etc/hosts.conf:1',
    '../../../etc/passwd.txt:1',
    'http://a.b/c.js:1',
    'nope.js:1',
    '12:30:15',
    '',
  ])('is not known from %j', async (text) => {
    expect(await at(text)).toBeUndefined();
  });
});
