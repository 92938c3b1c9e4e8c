import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { images, openWorkshop } from './support.js';

const SHOP = {
  'apps/shop/web/Dockerfile': 'FROM scratch\nCOPY index.html /srv/\n',
  'apps/shop/web/index.html': '<h1>Shop</h1>\n',
  'apps/shop/api/Dockerfile': 'FROM scratch\nCOPY . /app/\n',
};

test('images go into a folder, as the registry would have them, and to no registry', async () => {
  await using shop = await openWorkshop(SHOP, { users: { ada: 'right' } });
  const result = await shop.run({ apps: '["shop"]', tags: 'pr-1', archive: 'out' });
  expect(result.stdout).not.toContain('::error');
  expect(shop.registry.requests).toEqual([]);
  expect(images(result)).toMatchObject([{ image: 'shop-api' }, { image: 'shop-web', tag: 'pr-1', reused: false }]);
  const list: unknown = JSON.parse(await readFile(join(shop.root, 'out/images.json'), 'utf8'));
  expect(list).toEqual(images(result));
  const [, web] = images(result);
  const blobs = await readdir(join(shop.root, 'out/shop-web/blobs/sha256'));
  expect(blobs).toHaveLength(3);
  expect(blobs.map((hex) => `sha256:${hex}`)).toContain(web?.digest);
  expect(result.summary).toContain('built, not pushed');

  await shop.write({ 'login.txt': '' });
  const pushed = await shop.run({ apps: '["shop"]', tags: 'pr-1', username: 'ada', password: 'right' });
  expect(images(pushed).map(({ digest }) => digest)).toEqual(images(result).map(({ digest }) => digest));
});

test.each([
  [
    'a folder that is in use',
    'apps',
    'Input "archive" is ".*/apps", which has "shop" in it. Name a folder that is new',
  ],
  ['a folder that would end a list', 'a,b', 'Input "archive" is "a,b", expected a folder without commas'],
])('%s takes no images', async (_name, archive, message) => {
  await using shop = await openWorkshop(SHOP);
  const result = await shop.run({ apps: '["shop"]', archive });
  expect(result.exitCode).toBe(1);
  expect(decodeURIComponent(result.stdout)).toMatch(new RegExp(`::error::${message}`));
});
