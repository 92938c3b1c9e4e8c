import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkout, config, plain, reporting, results } from './support.js';

const failure = (text: string) => `<failure message="expected 1, got 2">${text}</failure>`;
const flaky = reporting(`<testcase name="adds" classname="cart">${failure('cart.js:3:1')}</testcase>`, 1);

/** One app for each thing that can become of tests. */
const files = {
  'ostack.yaml': config({
    passes: reporting(
      '<testcase name="adds" classname="cart" time="0.2"/><testcase name="skips"><skipped/></testcase>',
    ),
    fails: reporting(
      `<testcase name="adds" classname="cart" time="1.5">${failure('at /nowhere/x.js:1:1&#10;at cart.js:2:5')}</testcase><testcase name="removes" classname="cart"/>`,
      1,
    ),
    flaky: `if [ ! -e tried ]; then touch tried; ${flaky}; fi; ${reporting('<testcase name="adds" classname="cart"/>')}`,
    bare: 'echo no report; exit 4',
    empty: reporting(''),
    swallows: reporting(`<testcase name="a">${failure('')}</testcase>`),
    broken: 'echo "<testsuite>" > junit.xml',
    stale: 'true',
  }),
  'apps/stale/junit.xml': `<testsuite><testcase name="old">${failure('')}</testcase></testsuite>`,
  ...Object.fromEntries(
    ['passes', 'fails', 'flaky', 'bare', 'empty', 'swallows', 'broken', 'stale'].map((app) => [
      `apps/${app}/cart.js`,
      '',
    ]),
  ),
  'apps/none/README.md': '',
};

test('every end that tests can have is told in outputs, log, annotations and summary', async () => {
  await using apps = await checkout(files);
  const run = await apps.run({ retries: '1', 'max-parallel': '1' });
  expect(run.exitCode).toBe(1);
  expect(run.outputs.passed).toBe('false');
  expect(results(run)).toMatchSnapshot('results');
  expect(plain(run.stdout, apps)).toMatchSnapshot('log');
  expect(plain(run.summary, apps)).toMatchSnapshot('summary');
});

test('tests that all pass pass, and no executed test may be an error', async () => {
  await using apps = await checkout(files);
  const run = await apps.run({ apps: '["passes"]', 'zero-tests': 'error' });
  expect([run.exitCode, run.outputs.passed]).toEqual([0, 'true']);
  expect(results(run)).toEqual([
    expect.objectContaining({ app: 'passes', tests: 2, failures: 0, skipped: 1, flaky: 0 }),
  ]);
  const empty = await apps.run({ apps: 'empty', 'zero-tests': 'error' });
  expect([empty.exitCode, empty.outputs.passed]).toEqual([1, 'false']);
  expect(empty.stdout).toContain('::error::Tests failed. empty: no test was executed: the reports have none.');
  const stale = await apps.run({ apps: 'stale', 'zero-tests': 'error' });
  expect([stale.exitCode, stale.outputs.passed]).toEqual([1, 'false']);
  expect(stale.stdout).toContain(
    '::error::Tests failed. stale: no test is known to have been executed: the command wrote no JUnit report that could be read.',
  );
});

test('an app without known tests passes with a warning that says what to write, and fails where that is asked for', async () => {
  await using apps = await checkout({ 'apps/web/index.html': '' });
  const run = await apps.run();
  expect([run.exitCode, run.outputs.passed]).toEqual([0, 'true']);
  const advice = 'no tests of web are known: say `test:` in ostack.yaml, apps: { web: { test: <command> } }';
  expect(run.stdout).toContain(`::warning title=No test was executed::web: ${advice}.`);
  expect(run.stdout).toContain(`- web was not tested: ${advice}`);
  expect(run.summary).toContain('⚠️ 0 of 1 app passed, 1 has no known tests.');
  expect(results(run)).toEqual([expect.objectContaining({ app: 'web', command: '', passed: true, tests: null })]);
  const asked = await apps.run({ 'zero-tests': 'error' });
  expect([asked.exitCode, asked.outputs.passed]).toEqual([1, 'false']);
  expect(asked.stdout).toContain(`::error::Tests failed. web: ${advice}.`);
});

test('a test that its framework ran again until it passed is flaky, and no failure', async () => {
  const twice = `<testcase name="TestA" classname="cart">${failure('cart.js:3:1')}</testcase><testcase name="TestA" classname="cart"/>`;
  await using apps = await checkout({ 'ostack.yaml': config({ web: reporting(twice) }), 'apps/web/cart.js': '' });
  const run = await apps.run();
  expect(run.exitCode).toBe(0);
  expect(results(run)).toEqual([expect.objectContaining({ passed: true, tests: 1, failures: 0, flaky: 1 })]);
});

test('Maven runs with its wrapper, and its reports and the places in them are found', async () => {
  const frames =
    'no&#10;&#9;at org.junit.Assert.fail(Assert.java:89)&#10;&#9;at com.acme.CartTest.adds(CartTest.java:12)';
  const report = `<testsuite name="com.acme.CartTest"><testcase name="adds" classname="com.acme.CartTest">${failure(frames)}</testcase></testsuite>`;
  const wrapper = `#!/bin/sh\nmkdir -p target/surefire-reports\nprintf '%s' '${report}' > target/surefire-reports/TEST-com.acme.CartTest.xml\nexit 1\n`;
  await using apps = await checkout({
    'apps/web/pom.xml': '',
    'apps/web/src/test/java/com/acme/CartTest.java': 'package com.acme;\n',
    mvnw: wrapper,
  });
  await chmod(join(apps.folder, 'mvnw'), 0o755);
  const run = await apps.run();
  expect(results(run)).toMatchObject([{ command: '../../mvnw --batch-mode test', passed: false, failures: 1 }]);
  expect(run.stdout).toContain(
    '::error title=web%3A com.acme.CartTest › adds,file=apps/web/src/test/java/com/acme/CartTest.java,line=12::',
  );
});

test('no app to test is no failure', async () => {
  await using apps = await checkout(files);
  const run = await apps.run({ apps: '[]' });
  expect(run).toMatchObject({ exitCode: 0, outputs: { results: '[]', passed: 'true' } });
  expect(run.summary).toContain('No app is affected, so there was nothing to test.');
});

test('tests that do not end are ended', async () => {
  await using apps = await checkout({ 'ostack.yaml': config({ slow: 'sleep 600' }), 'apps/slow/a': '' });
  const run = await apps.run({ timeout: '1s' });
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toContain('::error::Tests failed. slow: its tests did not end within 1.0 s.');
});

test.each([
  [
    { apps: 'pases' },
    'There is no app "pases" (input "apps"). Did you mean "passes"? The repository has: bare, broken,',
  ],
  [
    { junit: '../**/junit.xml' },
    'Input "junit" has "../**/junit.xml", expected globs relative to the folder of the app',
  ],
  [{ timeout: 'soon' }, 'Input "timeout": expected a duration such as 30m, 2h or 3d, found "soon".'],
  [{ 'max-parallel': '0' }, 'Input "max-parallel" is "0", expected a whole number of at least 1.'],
])('%j is one clear error', async (inputs, message) => {
  await using apps = await checkout(files);
  const run = await apps.run(inputs);
  expect(run.exitCode).toBe(1);
  expect(run.stdout.match(/::error::.*/g)).toEqual([expect.stringContaining(message)]);
});
