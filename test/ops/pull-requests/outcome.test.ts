import { describe, expect, test } from '@jest/globals';
import { combine, type Outcome } from '../../../src/ops/pull-requests/outcome.js';

type Result = Outcome<{ action: string }>;

const settled = (action: string): Result => ({ state: 'settled', result: { action } });
const again = (action?: string): Result => ({
  state: 'again',
  reason: 'main moved',
  ...(action === undefined ? {} : { result: { action } }),
});
const failed: Result = { state: 'failed', error: new Error('no') };

describe('what two looks came to together', () => {
  test.each<[string, Result | undefined, Result, Result]>([
    ['the first look alone', undefined, settled('created'), settled('created')],
    ['what was done, where the second finds nothing more', again('created'), settled('unchanged'), settled('created')],
    ['what the second did', again('created'), settled('merged'), settled('merged')],
    ['what the second found in the hands of others', again('created'), settled('skipped'), settled('skipped')],
    ['what was done, as long as it moves', again('created'), again(), again('created')],
    ['the newest of what was done', again('created'), again('updated'), again('updated')],
    ['a failure', again('created'), failed, failed],
    ['the second look, where the first did nothing', again(), settled('unchanged'), settled('unchanged')],
  ])('is %s', (_name, before, now, expected) => {
    expect(combine(before, now)).toEqual(expected);
  });
});
