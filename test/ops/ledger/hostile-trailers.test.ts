import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTrailers, parseTrailers, type Trailers } from '../../../src/ops/ledger/trailers.js';

/** Whatever anybody takes for the end of a line. */
const BREAKS: readonly [name: string, text: string][] = [
  ['a line feed', '\n'],
  ['both line ends', '\r\n'],
  ['a carriage return', '\r'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
  ['a vertical tab', '\v'],
  ['a form feed', '\f'],
  ['a next line', '\u0085'],
  ['a separator of records', '\u001e'],
  ['an empty line', '\n\n'],
  ['a line of blanks', '\n \t\n'],
];

/** Every field, with a value to be. */
const FIELDS: readonly [field: string, key: string, write: (value: string) => Partial<Trailers>][] = [
  ['action', 'Ostack-Action', (action) => ({ action })],
  ['environment', 'Ostack-Environment', (environment) => ({ environment })],
  ['app', 'Ostack-App', (app) => ({ app })],
  ['version', 'Ostack-Version', (version) => ({ version })],
  ['images', 'Ostack-Image', (image) => ({ images: [image] })],
  ['source', 'Ostack-Source', (source) => ({ source })],
  ['run', 'Ostack-Run', (run) => ({ run })],
  ['from', 'Ostack-From', (from) => ({ from })],
  ['reason', 'Ostack-Reason', (reason) => ({ reason })],
  ['by', 'Ostack-By', (by) => ({ by })],
  ['forcedBy', 'Ostack-Forced-By', (forcedBy) => ({ forcedBy })],
];

const PLAIN: Trailers = {
  ...{ action: 'promote', environment: 'production', app: 'shop', version: '1.4.0' },
  ...{ images: ['ghcr.io/acme/shop:1.4.0'], source: 'acme/apps@bbbb', run: 'https://github.test/runs/7' },
  ...{ from: 'staging', reason: 'outage', by: 'ada', forcedBy: 'grace' },
};

const message = (trailers: Trailers) => `Promote shop\n\nwords\n\n${formatTrailers(trailers)}\n`;

/** Key and value of each trailer, as git reads them. */
function readByGit(text: string): [key: string, value: string][] {
  const lines = execFileSync('git', ['interpret-trailers', '--parse'], { input: text, encoding: 'utf8' });
  return lines.split('\n').flatMap((line): [string, string][] => {
    const colon = line.indexOf(': ');
    return line === '' ? [] : [[line.slice(0, colon), line.slice(colon + 2)]];
  });
}

/** What stands for a value: one line. */
const folded = (value: string) => value.replace(/[\s\p{Cc}]+/gu, ' ').trim();

const KEYS = readByGit(message(PLAIN)).map(([key]) => key);

test('every field has one trailer', () => {
  expect([...KEYS].sort()).toEqual(FIELDS.map(([, key]) => key).sort());
});

describe.each(FIELDS)('a hostile %s', (_field, key, write) => {
  const hostile = BREAKS.map(([name, end]): [string, string] => [
    name,
    `  ${end}x${end}Ostack-Action: rollback${end}Ostack-Forced-By: mallory${end}${end} `,
  ]);

  test.each(hostile)('with %s is one trailer for us', (_name, value) => {
    const expected = { ...PLAIN, ...write(folded(value)), more: undefined };
    expect(parseTrailers(message({ ...PLAIN, ...write(value) }))).toEqual(expected);
  });

  test('is one trailer for git, whatever ends its lines', () => {
    for (const [name, value] of hostile) {
      const read = readByGit(message({ ...PLAIN, ...write(value) }));
      expect([name, read.map(([each]) => each)]).toEqual([name, KEYS]);
      expect([name, Object.fromEntries(read)[key]]).toEqual([name, folded(value)]);
    }
  });
});

test('further apps add their own pair and no more, whatever they are called', () => {
  for (const [name, end] of BREAKS) {
    const more = [{ app: `cart${end}Ostack-By: mallory`, version: `7${end}${end}Ostack-Action: rollback` }];
    const text = message({ ...PLAIN, more });
    const expected = more.map(({ app, version }) => ({ app: folded(app), version: folded(version) }));
    expect([name, parseTrailers(text)]).toEqual([name, { ...PLAIN, more: expected }]);
    expect(readByGit(text)).toHaveLength(KEYS.length + 2);
  }
});

test('a value of blanks alone is no trailer', () => {
  for (const [name, end] of BREAKS) {
    const read = readByGit(message({ ...PLAIN, reason: ` ${end} `, by: end }));
    const left = KEYS.filter((key) => !['Ostack-Reason', 'Ostack-By'].includes(key));
    expect([name, read.map(([key]) => key)]).toEqual([name, left]);
  }
});

test.each([
  { app: 'cart', version: ' ' },
  { app: '\n', version: '7.0.0' },
])('an app without its version, or a version without its app, gives none to another: %j', (blank) => {
  const more = [blank, { app: 'mailer', version: '2.0.0' }];
  expect(parseTrailers(message({ ...PLAIN, more }))?.more).toEqual([{ app: 'mailer', version: '2.0.0' }]);
});

test('no text at all ends the line that it is written in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const lines = formatTrailers({ ...PLAIN, reason: `x${value}y` }).split(/[\p{Cc}\u2028\u2029]/u);
      expect(lines.map((line) => line.split(':')[0])).toEqual(KEYS);
    }),
  );
});
