import { expect, test } from '@jest/globals';
import { removeAll } from '../../../src/infra/space/remove-all.js';
import { FakeSpace } from './fake-space.js';

test('What makes objects whole is deleted first, wherever it stands', async () => {
  await using fake = await FakeSpace.start();
  const gone: string[] = [];
  const remove = async (key: string) => {
    gone.push(key);
  };
  await removeAll({ ...fake.space, remove }, ['a/dump', 'a/manifest.json', 'a/sum'], 'a/manifest.json');
  expect(gone).toEqual(['a/manifest.json', 'a/dump', 'a/sum']);
});
