import { expect, test } from '@jest/globals';
import { deployedStage, run, STAGING } from '../rollback/support.js';
import { at, opsFiles, opsStage, overlay, promote } from './support.js';

const NOTES = 'overlays/production/my-app/notes.md';

test('what people pushed to a promotion stays, and what is promoted next comes on top of it', async () => {
  await using world = await opsStage(opsFiles());
  const branch = 'ostack-promote/production';
  await promote(world, { apps: 'my-app' });
  const theirs = await world.push(branch, { [NOTES]: 'look at the queue\n' });
  const same = await promote(world, { apps: 'my-app' });
  expect([same.error, same.outputs.action]).toEqual(['', 'unchanged']);

  await world.push('main', { [at('staging')]: overlay('1.4.0') }, 'my-app 1.4.0');
  const newer = await promote(world, { apps: 'my-app' });
  expect([newer.error, newer.outputs.action, newer.outputs.number]).toEqual(['', 'updated', '1']);
  expect(await world.ops.read(branch, at('production'))).toBe(overlay('1.4.0'));
  expect(await world.ops.read(branch, NOTES)).toBe('look at the queue\n');
  expect((await world.ops.log(branch)).map(({ sha }) => sha)).toContain(theirs);
  expect(await world.pulls()).toMatchObject([{ state: 'OPEN', title: 'Promote my-app 1.4.0 to production' }]);
});

test('what people pushed to a rollback stays, and waits for a person with it, for nobody has judged it', async () => {
  await using world = await deployedStage();
  await run(world, 'rollback', { merge: 'false' });
  const branch = 'ostack-rollback/staging/my-app';
  await world.push(branch, { [NOTES]: 'what went wrong\n', [STAGING]: overlay('1.5.0') });
  const again = await run(world, 'rollback', { merge: 'true' });
  expect([again.exitCode, again.outputs.action]).toEqual([0, 'updated']);
  expect(await world.ops.read(branch, STAGING)).toBe(overlay('1.4.0'));
  expect(await world.ops.read(branch, NOTES)).toBe('what went wrong\n');
  expect(await world.ops.read('main', NOTES)).toBeUndefined();
});
