import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseReport, parseSuites } from '../../src/app-tests/junit/parse.js';
import { testCase } from './support.js';

const wrap = (inner: string) =>
  `<?xml version="1.0"?>\n<testsuites><testsuite name="unit">${inner}</testsuite></testsuites>`;

describe('a report', () => {
  test('of Jest', () => {
    const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="2" failures="1" errors="0" time="0.6">
  <testsuite name="cart" errors="0" failures="1" skipped="0" timestamp="2026-01-01T00:00:00" time="0.5" tests="2">
    <testcase classname="cart adds" name="cart adds" time="0.004"></testcase>
    <testcase classname="cart removes" name="cart removes" time="1,000.25">
      <failure>Error: \u001b[31mexpected\u001b[39m 1 &lt; 2
    at Object.&lt;anonymous&gt; (/work/apps/shop/cart.test.js:5:17)</failure>
    </testcase>
  </testsuite>
</testsuites>`;
    expect(parseReport(report)).toEqual([
      testCase('cart adds', { suite: 'cart adds', durationMs: 4 }),
      testCase('cart removes', {
        suite: 'cart removes',
        durationMs: 1_000_250,
        outcome: 'failed',
        failure: {
          message: 'Error: expected 1 < 2',
          details: 'Error: expected 1 < 2\n    at Object.<anonymous> (/work/apps/shop/cart.test.js:5:17)',
        },
      }),
    ]);
  });

  test('of Node, with suites in suites', () => {
    const report = `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testsuite name="outer" time="0.1" disabled="0" errors="0" tests="1" failures="1" skipped="0" hostname="h">
		<testcase name="inner" time="0.002" classname="test" file="/work/a.test.js">
			<failure type="testCodeFailure" message="1 !== 2">[Error [ERR_TEST_FAILURE]: 1 !== 2]</failure>
		</testcase>
	</testsuite>
	<testcase name="later" time="0.1" classname="test"><skipped type="todo" message="true"/></testcase>
</testsuites>`;
    expect(parseReport(report)).toEqual([
      testCase('inner', {
        suite: 'test',
        file: '/work/a.test.js',
        durationMs: 2,
        outcome: 'failed',
        failure: { message: '1 !== 2', details: '[Error [ERR_TEST_FAILURE]: 1 !== 2]' },
      }),
      testCase('later', { suite: 'test', durationMs: 100, outcome: 'skipped' }),
    ]);
  });

  test('of Surefire, which runs a test again by itself', () => {
    const [flaky] = parseReport(
      `<testsuite name="a.B"><testcase classname="a.B" name="c"><flakyFailure message="once"/></testcase></testsuite>`,
    );
    expect(flaky).toEqual(testCase('c', { suite: 'a.B', retried: true }));
  });

  test('of PHPUnit and pytest, with files and lines', () => {
    const cases = parseReport(
      wrap(
        '<testsuite name="in" file="tests/A.php"><testcase name="a" line="12"/><testcase name="b" file="b.py" line="0"/></testsuite>',
      ),
    );
    expect(cases).toEqual([
      testCase('a', { suite: 'unit › in', file: 'tests/A.php', line: 12 }),
      testCase('b', { suite: 'unit › in', file: 'b.py' }),
    ]);
  });

  test('of GoogleTest, with tests that did not run', () => {
    expect(parseReport(wrap('<testcase name="a" status="notrun"/>'))).toEqual([
      testCase('a', { suite: 'unit', outcome: 'skipped' }),
    ]);
  });

  test('of Node, whose tests that are to do may fail', () => {
    const failure = '<failure message="1 == 2">at x</failure>';
    const todo = '<skipped type="todo" message="later"/>';
    const cases = parseReport(
      `<testsuites><testcase name="a">${todo}${failure}</testcase><testsuite name="s" tests="1" failures="1" skipped="1"><testcase name="b">${failure}${todo}</testcase></testsuite><testcase name="c"><skipped/>${failure}</testcase></testsuites>`,
    );
    expect(cases.map(({ name, outcome, failure: why }) => [name, outcome, why?.message])).toEqual([
      ['a', 'skipped', undefined],
      ['b', 'skipped', undefined],
      ['c', 'failed', '1 == 2'],
    ]);
  });

  test('of CTest, with what a test printed as its failure', () => {
    const cases = parseReport(`<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="(empty)" tests="5" failures="2" disabled="1" skipped="2" hostname="" time="2">
	<testcase name="good" classname="good" time="0.0039" status="run"><system-out>hi
</system-out></testcase>
	<testcase name="bad" classname="bad" time="0.005" status="fail">
		<failure message=""/>
		<system-out>/src/x.c:12: assertion failed
more</system-out>
	</testcase>
	<testcase name="away" classname="away" time="0.001" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
	<testcase name="off" classname="off" time="0" status="disabled"><system-out>Disabled</system-out></testcase>
	<testcase name="missing" classname="missing" time="0" status="notrun">
		<skipped message="Unable to find executable"/><system-out>Unable to find executable: /x</system-out>
	</testcase>
	<testcase name="slow" classname="slow" time="1" status="fail"/>
	<testcase name="quiet" classname="quiet" time="0" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>
	<testcase name="unfed" classname="unfed" time="0" status="notrun">
		<skipped message="Required Files Missing"/><system-out>Unable to find required file: /x</system-out>
	</testcase>
	<testcase name="later" classname="later" time="0" status="notrun"><skipped message="Fixture dependency failed"/></testcase>
</testsuite>`);
    const bad = '/src/x.c:12: assertion failed';
    expect(cases.map(({ name, outcome, failure }) => [name, outcome, failure])).toEqual([
      ['good', 'passed', undefined],
      ['bad', 'failed', { message: bad, details: `${bad}\nmore` }],
      ['away', 'skipped', undefined],
      ['off', 'skipped', undefined],
      ['missing', 'failed', { message: 'Unable to find executable', details: '' }],
      ['slow', 'failed', { message: '', details: '' }],
      ['quiet', 'skipped', undefined],
      ['unfed', 'failed', { message: 'Required Files Missing', details: '' }],
      ['later', 'failed', { message: 'Fixture dependency failed', details: '' }],
    ]);
  });

  test.each([
    ['<testsuite name="a" tests="3" failures="1" errors="0" skipped="1"/>', ['failed', 'skipped', 'passed']],
    ['<testsuite name="a" tests="0" errors="1"/>', ['failed']],
    ['<testsuites tests="2" failures="0"/>', ['passed', 'passed']],
    [
      '<testsuites tests="2" failures="1"><testsuite name="a" tests="2" failures="1"/></testsuites>',
      ['failed', 'passed'],
    ],
    [
      '<testsuites tests="9" failures="1"><testsuite name="a" tests="9" failures="1"><testcase name="x"/></testsuite></testsuites>',
      ['passed'],
    ],
    ['<testsuites/>', []],
    ['<testsuite name="a" tests="0" failures="0"/>', []],
    ['<testsuite name="a" tests="-3" failures="x"/>', []],
    ['<testsuites><error message="no"/></testsuites>', ['failed']],
    ['<testsuites><testsuite name="a" tests="0" errors="1"><system-err/><error/></testsuite></testsuites>', ['failed']],
  ])('that shows no tests counts what it counts: %s', (report, outcomes) => {
    expect(parseReport(report).map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  test('with an error that keeps a whole suite from running', () => {
    expect(parseReport(wrap('<error message="cannot import"/>'))).toEqual([
      testCase('(the suite)', { suite: 'unit', outcome: 'failed', failure: { message: 'cannot import', details: '' } }),
    ]);
  });

  test('of PHPUnit, whose failures have a type, and the name of the test before what they say', () => {
    const [found] = parseReport(
      wrap(
        '<testcase name="testAdd" classname="CartTest"><failure type="Failed\\Expectation">CartTest::testAdd\nFailed asserting that 1 is 2.\n\n/w/CartTest.php:14</failure></testcase>',
      ),
    );
    expect(found?.failure?.message).toBe('Failed asserting that 1 is 2.');
  });

  test.each([
    ['', 'AssertionError'],
    ['no', 'no'],
  ])('has the type of a failure that says %j', (text, expected) => {
    const [found] = parseReport(wrap(`<testcase name="a"><failure type="AssertionError">${text}</failure></testcase>`));
    expect(found?.failure?.message).toBe(expected);
  });

  test('of Playwright, in which two browsers have tests of one name', () => {
    const suite = (browser: string, inner: string) =>
      `<testsuite name="a.spec.ts" hostname="${browser}"><testcase name="works" classname="a.spec.ts">${inner}</testcase></testsuite>`;
    const text = `<testsuites>${suite('chromium', '<failure message="no"/>')}${suite('firefox', '')}</testsuites>`;
    expect(parseSuites(text).map((tests) => tests.map(({ outcome }) => outcome))).toEqual([['failed'], ['passed']]);
    expect(parseSuites('<testsuites/>')).toEqual([[]]);
  });

  test('keeps the first of several failures, and what is not in one out', () => {
    const [found] = parseReport(
      wrap('<testcase name="a"><failure>one</failure><error>two</error><system-out>three</system-out></testcase>'),
    );
    expect(found?.failure).toEqual({ message: 'one', details: 'one' });
  });

  test.each([
    ['Failed', '=== RUN   TestA\n    a_test.go:7: bad 1\n--- FAIL: TestA (0.00s)', 'a_test.go:7: bad 1'],
    ['Failed', '=== RUN   TestA\nprinted\n    a_test.go:7: bad 1\n--- FAIL: TestA (0.00s)', 'a_test.go:7: bad 1'],
    ['Failed', '=== RUN   TestA\n--- FAIL: TestA (0.00s)\npanic: nil map', 'panic: nil map'],
    ['Failed', '=== RUN   TestA\n--- FAIL: TestA (0.00s)', 'Failed'],
    ['FAIL', 'why', 'why'],
    ['error: x', 'why', 'error: x'],
    ['Failed to connect', 'why', 'Failed to connect'],
    ['', '\n\nwhy', 'why'],
  ])('whose message is "%s" has one that says something', (message, text, expected) => {
    const [found] = parseReport(wrap(`<testcase name="a"><failure message="${message}">${text}</failure></testcase>`));
    expect(found?.failure?.message).toBe(expected);
  });

  test('with a long message keeps its beginning', () => {
    const [found] = parseReport(wrap(`<testcase name="a"><failure message="${'x'.repeat(300_000)}"/></testcase>`));
    expect(found?.failure?.message).toBe('x'.repeat(2000));
  });
});

describe('characters that XML does not have', () => {
  const shown = (text: string) =>
    parseReport(
      `<testsuite name="s"><testcase name="a"><failure message="${text}">${text}</failure></testcase></testsuite>`,
    )[0]?.failure;

  test.each<[string, string, string]>([
    ['the escape of a colour by its number', '&#27;[31mred&#27;[0m', 'red'],
    ['in hexadecimal', '&#x1B;[31mred&#x1b;[0m', 'red'],
    ['with zeros before it', '&#0027;[31mred', 'red'],
    ['as it is', '\u001b[31mred\u001b[0m', 'red'],
    ['nothing', 'a&#0;b&#x0;c', 'abc'],
    ['half of a pair', 'a&#xD83D;b', 'ab'],
    ['no character of Unicode', 'a&#xFFFF;b&#9999999;c', 'abc'],
  ])('are left out: %s', (_name, text, expected) => {
    expect(shown(text)).toEqual({ message: expected, details: expected });
  });

  test.each([
    ['a letter', '&#65;', 'A'],
    ['a picture', '&#x1F600;', '\u{1f600}'],
    ['an entity of XML', '&lt;&amp;&gt;', '<&>'],
  ])('and others are kept: %s', (_name, text, expected) => {
    expect(shown(text)).toEqual({ message: expected, details: expected });
  });
});

describe('failures that the element around all suites counts', () => {
  const failed = (text: string) =>
    parseReport(text).flatMap(({ name, outcome }) => (outcome === 'failed' ? [name] : []));
  const passed = '<testcase name="a"/>';
  const fails = '<testcase name="b"><failure message="no"/></testcase>';

  test.each<[string, string, string[]]>([
    ['and no suite shows', `<testsuites failures="1"><testsuite>${passed}</testsuite></testsuites>`, ['(not named)']],
    [
      'as errors',
      `<testsuites errors="2"><testsuite>${passed}</testsuite></testsuites>`,
      ['(not named)', '(not named)'],
    ],
    ['and one suite shows', `<testsuites failures="1"><testsuite>${fails}</testsuite></testsuites>`, ['b']],
    [
      'beyond those that are shown',
      `<testsuites failures="2"><testsuite>${fails}</testsuite></testsuites>`,
      ['b', '(not named)'],
    ],
    [
      'and a suite counts for a test that is to do',
      '<testsuites failures="1"><testsuite failures="1"><testcase name="c"><skipped type="todo"/><failure/></testcase></testsuite></testsuites>',
      [],
    ],
    [
      'and as an error again, as gotestsum does for a package that cannot be built',
      `<testsuites failures="1" errors="1"><testsuite>${fails}</testsuite></testsuites>`,
      ['b'],
    ],
    ['where there is no suite', '<testsuites failures="1" tests="1"/>', ['(1 of 1, not named)']],
    ['none', `<testsuites failures="0"><testsuite failures="0">${passed}</testsuite></testsuites>`, []],
  ])('are not lost: %s', (_name, text, expected) => {
    expect(failed(text)).toEqual(expected);
  });
});

describe('what is no report', () => {
  test.each([
    ['', 'its root is <>, expected <testsuites> or <testsuite>'],
    ['<html/>', 'its root is <html>, expected <testsuites> or <testsuite>'],
    ['<testsuite>\n<testcase>\n</testsuite>', 'line 3: Unexpected close tag'],
    ['<testsuite>\n&nope;</testsuite>', 'line 2: Invalid character entity'],
    ['<testsuite', 'line 1: Unexpected end'],
    [
      '<!DOCTYPE testsuite [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<testsuite name="x">&a;</testsuite>',
      'line 2: Invalid character entity',
    ],
  ])('%j: %s', (text, message) => {
    expect(() => parseReport(text)).toThrow(message);
  });

  test.each([
    ['elements in each other', '<a>'.repeat(300)],
    ['tests', '<testcase/>'.repeat(100_002)],
  ])('is one with too many %s', (_name, inner) => {
    expect(() => parseReport(`<testsuite>${inner}</testsuite>`)).toThrow(
      'line 1: it has more than 100000 tests, or more than 200 elements in each other',
    );
  });

  test('gives an error and nothing else, whatever it is', () => {
    const pieces = fc.constantFrom(
      '<testsuite name="',
      '"',
      '>',
      '<testcase',
      '</testcase>',
      '<failure>',
      '<![CDATA[',
      '&lt;',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        try {
          expect(Array.isArray(parseReport(`<testsuite>${parts.join('')}`))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
