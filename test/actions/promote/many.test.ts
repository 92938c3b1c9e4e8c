import { expect, test } from '@jest/globals';
import { at, opsFiles, opsStage, overlay, promote } from './support.js';

test('forty apps are promoted in one pull request, with hardly more requests than one', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `app-${index}`);
  const apps = names.flatMap((app): [string, string][] => [
    [at('staging', app), overlay('1.3.0')],
    [at('production', app), overlay('1.2.0')],
  ]);
  await using world = await opsStage(opsFiles('', Object.fromEntries(apps)));
  const { requests } = world.stage.github;
  const one = requests.length;
  const single = await promote(world, { apps: 'app-0', 'dry-run': 'true' });
  const all = requests.length;
  const every = await promote(world, { apps: '*', 'dry-run': 'true' });
  expect([single.error, every.error]).toEqual(['', '']);
  expect(every.promotions).toHaveLength(41);
  expect(requests.length - all - (all - one)).toBeLessThanOrEqual(3);
});
