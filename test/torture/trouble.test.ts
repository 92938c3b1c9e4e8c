import { describe, expect, test } from '@jest/globals';
import { type Case, casesOf, type OwnRequest, REFUSED, TROUBLES } from './trouble.js';

const READ: OwnRequest = { text: 'GET /api/v3/x ', writes: false, ofGit: false };
const WRITE: OwnRequest = { text: 'POST /api/v3/x {}', writes: true, ofGit: false };
const RUN = [READ, READ, READ, READ, READ, WRITE, READ];

const strikes = ({ at }: Case, number: number) =>
  at === number || (at === 'every read' && RUN[number]?.writes === false);
const passing = TROUBLES.filter(({ strikes: where }) => where(READ));

describe('the cases of a verb', () => {
  test.each(passing)('strike each request with $name', ({ name }) => {
    const cases = casesOf('promote', RUN).filter(({ trouble }) => trouble.name === name);
    for (const number of RUN.keys()) {
      expect({ number, struck: cases.filter((one) => strikes(one, number)).length > 0 }).toEqual({
        number,
        struck: true,
      });
    }
  });

  test('strike each read by itself, too', () => {
    const alone = casesOf('promote', RUN).map(({ at }) => at);
    expect(alone).toEqual(expect.arrayContaining([...RUN.keys()]));
  });

  test('strike a write with everything, by itself', () => {
    const names = casesOf('promote', RUN).flatMap(({ at, trouble }) => (at === 5 ? [trouble.name] : []));
    expect(names).toEqual([...TROUBLES.map(({ name }) => name), REFUSED]);
  });

  test('leave git out of limits that only the API has', () => {
    const run = [{ ...WRITE, ofGit: true }];
    const limited = casesOf('tag-release', run).filter(({ trouble }) => trouble.fault.kind === 'secondary-limit');
    expect(limited).toEqual([]);
  });

  test('can be one of any, by its name', () => {
    for (const name of ['promote/502/0', 'promote/timeout/every read', 'promote/refused for good/3']) {
      expect(casesOf('promote', RUN, name).map((one) => one.name)).toEqual([name]);
    }
  });
});
