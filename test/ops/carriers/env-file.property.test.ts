import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setVersion } from '../../../src/ops/carriers/set-version.js';
import { TAG_ONLY } from './support.js';

const OURS = 'ghcr.io/acme/my-app:1.3.0';

const line = fc.oneof(
  fc
    .record({
      ours: fc.constant(true),
      key: fc.constantFrom('WEB', 'WEB_IMAGE', 'a.b-c'),
      quote: fc.constantFrom('', '"', "'"),
      indent: fc.constantFrom('', '  '),
    })
    .map(({ key, quote, indent }) => `${indent}${key}=${quote}${OURS}${quote}`),
  fc.constantFrom(
    '',
    '# WEB=ghcr.io/acme/my-app:1.3.0',
    'OTHER=ghcr.io/acme/my-app-worker:1.3.0',
    'NOTHING',
    'X= a=b ',
    '=',
    'URL=http://my-app:1',
  ),
  fc.string({ maxLength: 8 }).map((text) => `TEXT=${text.replaceAll(/[\r\n]/g, '')}`),
);

test('whatever the lines of variables, the image changes and no other byte', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      (lines, eol, isClosed) => {
        const text = [`FIRST=${OURS}`, ...lines].join(eol) + (isClosed ? eol : '');
        const after = setVersion(text, 'web.env', TAG_ONLY).text;
        const isComment = (each: string) => each.startsWith('#');
        const expected = text
          .split(eol)
          .map((each) => (isComment(each) ? each : each.replace(OURS, OURS.replace('1.3.0', '1.4.0'))))
          .join(eol);
        expect(after).toBe(expected);
        expect(setVersion(after, 'web.env', TAG_ONLY)).toEqual({ text: after, changes: [] });
      },
    ),
    { numRuns: 200 },
  );
});
