import { expect, test } from '@jest/globals';
import { withoutFolder } from '../../../src/ops/tree/hidden-folder.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

test('a tree without a folder has nothing of it, and all else', async () => {
  const tree = withoutFolder(
    objectTree({ 'previews/a.yaml': 'a', 'previews-x/b.yaml': 'b', 'x/previews/c.yaml': 'c' }),
    'previews',
  );
  const read = await Promise.all(['previews/a.yaml', 'previews-x/b.yaml', 'x/previews/c.yaml'].map(tree.read));
  expect(read).toEqual([undefined, 'b', 'c']);
  const names = async (path: string) => (await tree.list(path))?.map(({ name }) => name);
  expect(await names('')).toEqual(['previews-x', 'x']);
  expect([await names('previews'), await names('x')]).toEqual([undefined, ['previews']]);
});
