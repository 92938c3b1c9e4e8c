import { expect, test } from '@jest/globals';
import { tryWithout } from '../torture/privilege/missing.js';
import { lift } from '../torture/privilege/steps.js';

test('lift runs with exactly what is documented, and names what it lacks', async () => {
  const { shortages, exact } = await tryWithout(lift, true);
  expect(shortages.map(({ taken, left, exitCode, named }) => ({ taken, left, exitCode, named }))).toEqual(
    ['contents', 'pull-requests', 'issues'].flatMap((name) =>
      ['none', 'read'].map((left) => ({
        taken: `token ${name}`,
        left,
        exitCode: name === 'issues' ? 0 : 1,
        named: true,
      })),
    ),
  );
  expect(exact.exitCode).toBe(0);
}, 60_000);
