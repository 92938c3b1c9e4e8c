import { expect, test } from '@jest/globals';
import { tryWithout } from '../torture/privilege/missing.js';
import { lift } from '../torture/privilege/steps.js';

test('lift runs with exactly what is documented, and names what it lacks', async () => {
  const { shortages, exact } = await tryWithout(lift);
  expect(shortages.map(({ taken, exitCode, named }) => ({ taken, exitCode, named }))).toEqual([
    { taken: 'token contents', exitCode: 1, named: true },
    { taken: 'token pull-requests', exitCode: 1, named: true },
    { taken: 'token issues', exitCode: 0, named: true },
  ]);
  expect(exact.exitCode).toBe(0);
}, 60_000);
