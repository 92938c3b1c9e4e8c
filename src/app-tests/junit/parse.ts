import sax from 'sax';
import type { Failure, TestCase } from './report.js';

/** Reports larger than this are not read. */
export const LARGEST_BYTES = 32 * 1024 * 1024;

// The parser's own bound, 64 KiB for one attribute, is for streams without an end; reports are bounded as a whole.
Object.assign(sax, { MAX_BUFFER_LENGTH: LARGEST_BYTES });

/** Longest message and details of a failure that are kept, in characters. */
const MOST_MESSAGE = 2000;
const MOST_DETAILS = 8000;

/** Most tests of one report, and most elements inside each other: more are no report, but a way to fill the memory. */
const MOST_CASES = 100_000;
const MOST_DEPTH = 200;

/** State of the parser. */
interface Reading {
  cases: TestCase[];
  /** The element that each of them is in. */
  elements: (Suite | undefined)[];
  suites: Suite[];
  test: OpenCase | undefined;
  failure: Failure | undefined;
  /** Its type, for one that says nothing else. */
  kind: string;
  /** Whether what is read now is what a test printed. */
  printing: boolean;
}

interface Suite {
  name: string;
  file: string | undefined;
  attributes: Attributes;
  /** How many tests there were before it. */
  before: number;
  /** Whether it is the element around all suites. */
  isOuter: boolean;
  /** How many failures the suites in it count. */
  counted: number;
}

/** A test while it is read. */
interface OpenCase extends TestCase {
  /** It is known not to work yet: whatever it does is no failure. */
  todo: boolean;
  /** CTest reports it as not run. */
  ofCTest: boolean;
  /** What it printed, for a failure that says nothing. */
  printed: string;
}

type Attributes = Readonly<Record<string, string>>;

/**
 * Reads a JUnit report: the elements that its many dialects have in common. No schema fits all of them.
 *
 * The parser knows no entities but those of XML itself, expands none that a document declares, and reads no other file.
 *
 * @throws Error naming the line where the text is no XML, or saying that it is no JUnit report
 * @see https://github.com/testmoapp/junitxml
 */
export function parseReport(text: string): TestCase[] {
  return readReport(text).cases;
}

/**
 * The same by suite: tests of one name in two suites are two tests, as those of Playwright in two browsers.
 *
 * @returns at least one list, which is empty where the report has no test
 */
export function parseSuites(text: string): TestCase[][] {
  const { cases, elements } = readReport(text);
  const bySuite = new Map<Suite | undefined, TestCase[]>();
  for (const [index, test] of cases.entries()) {
    const suite = bySuite.get(elements[index]) ?? [];
    bySuite.set(elements[index], suite);
    suite.push(test);
  }
  return bySuite.size === 0 ? [[]] : [...bySuite.values()];
}

function readReport(text: string): Reading {
  const reading: Reading = {
    cases: [],
    elements: [],
    suites: [],
    test: undefined,
    failure: undefined,
    kind: '',
    printing: false,
  };
  const parser = sax.parser(true, { position: true });
  let root: string | undefined;
  let depth = 0;
  parser.onopentag = ({ name, attributes }) => {
    root ??= name;
    depth += 1;
    if (depth > MOST_DEPTH || reading.cases.length > MOST_CASES) {
      throw new Error(
        `line ${parser.line + 1}: it has more than ${MOST_CASES} tests, or more than ${MOST_DEPTH} elements in each other`,
      );
    }
    open(reading, name, textual(attributes));
  };
  parser.onclosetag = (name) => {
    depth -= 1;
    close(reading, name);
  };
  parser.ontext = (piece) => append(reading, piece);
  parser.oncdata = (piece) => append(reading, piece);
  parser.onerror = (error) => {
    throw new Error(`line ${parser.line + 1}: ${error.message.split('\n')[0] ?? ''}`);
  };
  parser.write(readable(text)).close();
  if (root !== 'testsuites' && root !== 'testsuite') {
    throw new Error(`its root is <${root ?? ''}>, expected <testsuites> or <testsuite>`);
  }
  return reading;
}

/** Keeps a test, with the element that it is in. */
function keep({ cases, elements, suites }: Reading, test: TestCase): void {
  cases.push(test);
  elements.push(suites.at(-1));
}

function open(reading: Reading, name: string, attributes: Attributes): void {
  switch (name) {
    case 'testsuites':
    case 'testsuite':
      reading.suites.push({
        name: name === 'testsuite' ? (attributes.name ?? '') : '',
        file: attributes.file ?? reading.suites.at(-1)?.file,
        attributes,
        before: reading.cases.length,
        isOuter: name === 'testsuites',
        counted: 0,
      });
      break;
    case 'testcase':
      reading.test = {
        ...openCase(reading, attributes),
        todo: false,
        ofCTest: attributes.status === 'notrun' && attributes.classname === attributes.name,
        printed: '',
      };
      break;
    case 'system-out':
      reading.printing = reading.test !== undefined;
      break;
    case 'failure':
    case 'error':
      openFailure(reading, attributes);
      break;
    case 'skipped':
    case 'disabled':
      skip(reading, attributes);
      break;
    case 'flakyFailure':
    case 'flakyError':
      if (reading.test !== undefined) {
        reading.test.retried = true;
      }
      break;
  }
}

/**
 * A test that was not run. Node reports one that is to do as skipped and with its failure. CTest reports as skipped, too, what
 * it could not run (without its program, its files, its fixture), and fails for it.
 */
function skip({ test }: Reading, { type, message = '' }: Attributes): void {
  if (test === undefined) {
    return;
  }
  test.todo ||= type === 'todo';
  if (test.outcome !== 'failed') {
    const prevented = test.ofCTest && !CTEST_SKIPS.test(message);
    test.outcome = prevented ? 'failed' : 'skipped';
    test.failure = prevented ? { message: printable(message).slice(0, MOST_MESSAGE), details: '' } : undefined;
  }
}

/** What CTest says of a test that was skipped on purpose. @see https://cmake.org/cmake/help/latest/manual/cmake-properties.7.html#properties-on-tests */
const CTEST_SKIPS = /^(?:SKIP_|Disabled|$)/;

function openCase({ suites }: Pick<Reading, 'suites'>, attributes: Attributes): TestCase {
  const around = suites.map(({ name }) => name).filter((name) => name !== '');
  const { status = '' } = attributes;
  const notRun = /^(?:notrun|skipped|disabled|ignored)$/i.test(status);
  const failed = /^(?:fail|failed|failure|error)$/i.test(status);
  return {
    name: attributes.name ?? '',
    suite: attributes.classname || around.join(' › '),
    file: attributes.file ?? suites.at(-1)?.file,
    line: wholeNumber(attributes.line ?? attributes.lineno),
    outcome: notRun ? 'skipped' : failed ? 'failed' : 'passed',
    retried: false,
    durationMs: milliseconds(attributes.time),
    failure: undefined,
  };
}

/** A failure of a test, or of a suite that could not run its tests. */
function openFailure(reading: Reading, attributes: Attributes): void {
  reading.kind = printable(attributes.type ?? '').slice(0, MOST_MESSAGE);
  if (reading.test === undefined) {
    if (reading.suites.length === 0) {
      return;
    }
    const failure = readFailure(attributes);
    keep(reading, { ...openCase(reading, { name: '(the suite)' }), outcome: 'failed', failure });
    reading.failure = failure;
    return;
  }
  const first = reading.test.failure === undefined;
  const failure = readFailure(attributes);
  reading.test.outcome = 'failed';
  reading.test.failure ??= failure;
  reading.failure = first ? failure : undefined;
}

function readFailure({ message }: Attributes): Failure {
  return { message: printable(message ?? '').slice(0, MOST_MESSAGE), details: '' };
}

function append({ failure, test, printing }: Reading, text: string): void {
  if (failure !== undefined && failure.details.length < MOST_DETAILS) {
    failure.details = (failure.details + printable(text)).slice(0, MOST_DETAILS);
  } else if (printing && test !== undefined) {
    test.printed = (test.printed + printable(text)).slice(-MOST_DETAILS);
  }
}

function close(reading: Reading, name: string): void {
  switch (name) {
    case 'testsuites':
    case 'testsuite':
      closeSuite(reading);
      break;
    case 'testcase':
      closeCase(reading);
      break;
    case 'system-out':
      reading.printing = false;
      break;
    case 'failure':
    case 'error':
      setMissingMessage(reading);
      reading.failure = undefined;
      break;
  }
}

/** Keeps a test that is read. A failure that says nothing has what the test printed, as CTest writes it. */
function closeCase(reading: Reading): void {
  if (reading.test === undefined) {
    return;
  }
  const { todo, printed, ofCTest: _ctest, ...test } = reading.test;
  reading.test = undefined;
  if (todo) {
    keep(reading, { ...test, outcome: 'skipped', failure: undefined });
    return;
  }
  if (test.outcome === 'failed') {
    test.failure ??= { message: '', details: '' };
    if (test.failure.message === '' && test.failure.details === '') {
      test.failure.details = printed;
      setMissingMessage({ failure: test.failure, test, kind: '' });
    }
  }
  keep(reading, test);
}

/**
 * A suite that counts its tests and shows none: each of them without its name. So are the failures that the element around all
 * suites counts beyond those of its suites.
 */
function closeSuite(reading: Reading): void {
  const suite = reading.suites.pop();
  if (suite === undefined) {
    return;
  }
  const count = (name: string) => Math.min(wholeNumber(suite.attributes[name]) ?? 0, MOST_CASES);
  const failed = count('failures') + count('errors');
  const parent = reading.suites.at(-1);
  if (parent !== undefined) {
    parent.counted += Math.max(failed, suite.counted);
  }
  const place = { suites: [...reading.suites, suite] };
  if (suite.before === reading.cases.length) {
    const skipped = Math.max(count('skipped') + count('disabled'), count('skip') + count('ignored'));
    const total = Math.min(Math.max(count('tests'), failed + skipped), MOST_CASES);
    for (let index = 0; index < total; index++) {
      const test = openCase(place, { name: `(${index + 1} of ${total}, not named)` });
      const outcome = index < failed ? 'failed' : index < failed + skipped ? 'skipped' : 'passed';
      keep(reading, { ...test, outcome, failure: outcome === 'failed' ? notShown() : undefined });
    }
  } else if (suite.isOuter) {
    const shown = reading.cases.slice(suite.before).filter(({ outcome }) => outcome === 'failed').length;
    const known = Math.max(shown, suite.counted);
    // Beside failures, gotestsum counts as an error what it shows as one of them: a package that cannot be built.
    for (let index = known; index < (known > 0 ? count('failures') : failed); index++) {
      keep(reading, { ...openCase(place, { name: '(not named)' }), outcome: 'failed', failure: notShown() });
    }
  }
}

function notShown(): Failure {
  return { message: 'The report counts this failure and does not show it.', details: '' };
}

/** A message that says no more than that there is a failure, as gotestsum has for each. */
const SAYS_NOTHING = /^(?:fail(?:ed|ure)?|error)?[.!:]?$/i;

/** A line in which Go says only which test it is about. */
const GO_FRAME = /^\s*(?:=== \w|--- \w)|^\s*$/;

/** What a test of Go says itself, beside what it printed. */
const GO_SAYS = /^\s+[\w.-]{1,200}\.go:\d{1,7}: \S/;

/**
 * A failure whose message says nothing has the first line of its details that tells something as one: not that which says only
 * which test it is, as PHPUnit's first one does. One without details has its type.
 */
function setMissingMessage({
  failure,
  test,
  kind,
}: Pick<Reading, 'failure' | 'kind'> & { test: TestCase | undefined }): void {
  if (failure === undefined) {
    return;
  }
  failure.details = failure.details.trim();
  failure.message = failure.message.trim();
  if (SAYS_NOTHING.test(failure.message)) {
    const lines = failure.details.split('\n');
    const names = test === undefined ? [] : [test.name, `${test.suite}::${test.name}`];
    const told =
      lines.find((line) => GO_SAYS.test(line)) ??
      lines.find((line) => !GO_FRAME.test(line) && !names.includes(line.trim()));
    failure.message = told?.trim().slice(0, MOST_MESSAGE) || failure.message || kind;
  }
}

/** A numbered character, in one of its two ways. */
const NUMBERED = /&#(?:(\d{1,8})|[xX]([0-9a-fA-F]{1,7}));/g;

const ESCAPE = 0x1b;

/**
 * A report without what XML has no way to say and many tools write all the same, such as `&#27;` before a colour.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
function readable(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(NUMBERED, (written, decimal?: string, hexadecimal?: string) => {
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '0', 16) : Number(decimal);
    // That of a colour is taken as it is, so that it goes with its colour.
    return isCharacter(code) ? written : code === ESCAPE ? String.fromCharCode(code) : '';
  });
}

/** Whether XML 1.0 has a character. */
function isCharacter(code: number): boolean {
  const isText = code >= 0x20 && code <= 0x10ffff && code !== 0xfffe && code !== 0xffff;
  return [0x9, 0xa, 0xd].includes(code) || (isText && (code < 0xd800 || code > 0xdfff));
}

function textual(attributes: sax.Tag['attributes'] | sax.QualifiedTag['attributes']): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? value : value.value]),
  );
}

/** The text without colours and other control characters. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to go
  return text.replace(/\x1b\[[0-9;:]*[A-Za-z]/g, '').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,7}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

/** Seconds, some tools write `1,234.5`. */
function milliseconds(text: string | undefined): number {
  const seconds = Number((text ?? '').replace(/,/g, ''));
  return Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : 0;
}
