import sax from 'sax';
import type { Failure, TestCase } from './report.js';

/** Reports larger than this are not read. */
export const LARGEST_BYTES = 32 * 1024 * 1024;

// The parser's own bound, 64 KiB for one attribute, is for streams without an end; reports are bounded as a whole.
Object.assign(sax, { MAX_BUFFER_LENGTH: LARGEST_BYTES });

/** Longest message and details of a failure that are kept, in characters. */
const MOST_MESSAGE = 2000;
const MOST_DETAILS = 8000;

/** State of the parser. */
interface Reading {
  cases: TestCase[];
  suites: { name: string; file: string | undefined }[];
  test: TestCase | undefined;
  failure: Failure | undefined;
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
  const reading: Reading = { cases: [], suites: [], test: undefined, failure: undefined };
  const parser = sax.parser(true, { position: true });
  let root: string | undefined;
  parser.onopentag = ({ name, attributes }) => {
    root ??= name;
    open(reading, name, textual(attributes));
  };
  parser.onclosetag = (name) => close(reading, name);
  parser.ontext = (piece) => append(reading, piece);
  parser.oncdata = (piece) => append(reading, piece);
  parser.onerror = (error) => {
    throw new Error(`line ${parser.line + 1}: ${error.message.split('\n')[0] ?? ''}`);
  };
  parser.write(text.replace(/^\uFEFF/, '')).close();
  if (root !== 'testsuites' && root !== 'testsuite') {
    throw new Error(`its root is <${root ?? ''}>, expected <testsuites> or <testsuite>`);
  }
  return reading.cases;
}

function open(reading: Reading, name: string, attributes: Attributes): void {
  switch (name) {
    case 'testsuite':
      reading.suites.push({ name: attributes.name ?? '', file: attributes.file ?? reading.suites.at(-1)?.file });
      break;
    case 'testcase':
      reading.test = openCase(reading, attributes);
      reading.cases.push(reading.test);
      break;
    case 'failure':
    case 'error':
      openFailure(reading, attributes);
      break;
    case 'skipped':
    case 'disabled':
      if (reading.test?.outcome === 'passed') {
        reading.test.outcome = 'skipped';
      }
      break;
    case 'flakyFailure':
    case 'flakyError':
      if (reading.test !== undefined) {
        reading.test.retried = true;
      }
      break;
  }
}

function openCase({ suites }: Reading, attributes: Attributes): TestCase {
  const around = suites.map(({ name }) => name).filter((name) => name !== '');
  const notRun = /^(?:notrun|skipped|disabled|ignored)$/i.test(attributes.status ?? '');
  return {
    name: attributes.name ?? '',
    suite: attributes.classname || around.join(' › '),
    file: attributes.file ?? suites.at(-1)?.file,
    line: wholeNumber(attributes.line ?? attributes.lineno),
    outcome: notRun ? 'skipped' : 'passed',
    retried: false,
    durationMs: milliseconds(attributes.time),
    failure: undefined,
  };
}

/** A failure of a test, or of a suite that could not run its tests. */
function openFailure(reading: Reading, attributes: Attributes): void {
  if (reading.test === undefined) {
    if (reading.suites.length === 0) {
      return;
    }
    reading.cases.push({
      ...openCase(reading, { name: '(the suite)' }),
      outcome: 'failed',
      failure: readFailure(attributes),
    });
    reading.failure = reading.cases.at(-1)?.failure;
    return;
  }
  const first = reading.test.failure === undefined;
  const failure = readFailure(attributes);
  reading.test.outcome = 'failed';
  reading.test.failure ??= failure;
  reading.failure = first ? failure : undefined;
}

function readFailure({ message, type }: Attributes): Failure {
  return { message: printable(message || type || '').slice(0, MOST_MESSAGE), details: '' };
}

function append({ failure }: Reading, text: string): void {
  if (failure !== undefined && failure.details.length < MOST_DETAILS) {
    failure.details = (failure.details + printable(text)).slice(0, MOST_DETAILS);
  }
}

function close(reading: Reading, name: string): void {
  switch (name) {
    case 'testsuite':
      reading.suites.pop();
      break;
    case 'testcase':
      reading.test = undefined;
      break;
    case 'failure':
    case 'error':
      setMissingMessage(reading.failure);
      reading.failure = undefined;
      break;
  }
}

/** A failure without a message has the first line of its details as one. */
function setMissingMessage(failure: Failure | undefined): void {
  if (failure !== undefined) {
    failure.details = failure.details.trim();
    failure.message = failure.message.trim() || (failure.details.split('\n')[0] ?? '').slice(0, MOST_MESSAGE);
  }
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
