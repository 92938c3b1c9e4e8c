import { expect, test } from '@jest/globals';
import { tryWithout } from '../torture/privilege/missing.js';
import { lift } from '../torture/privilege/steps.js';

test('lift runs with exactly what is documented, and names what it lacks', async () => {
  const { shortages, exact } = await tryWithout(lift, false);
  expect(shortages.map(({ taken, left, exitCode, named }) => ({ taken, left, exitCode, named }))).toEqual([
    { taken: 'token contents', left: 'none', exitCode: 1, named: true },
    { taken: 'token pull-requests', left: 'read', exitCode: 1, named: true },
    { taken: 'token issues', left: 'none', exitCode: 0, named: true },
  ]);
  expect(exact.exitCode).toBe(0);
}, 60_000);
