import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Allowance } from '../../src/images/quarantine/allowance.js';
import { checkImage } from '../../src/images/quarantine/check-image.js';
import { readArchiveList } from '../../src/images/quarantine/read-archive.js';
import { openRepository } from '../actions/build-push-image/support.js';
import { engineVariables } from './support.js';

const SHOP = {
  'apps/shop/web/Dockerfile': 'FROM scratch\nCOPY . /srv/\nCOPY index.html /srv/copies/\nCMD ["/srv"]\n',
  'apps/shop/web/index.html': '<h1>Shop</h1>\n',
  [`apps/shop/web/${'long/'.repeat(30)}name`]: 'a path that an old header has no room for\n',
};

test.each(['buildx', 'buildah'])('what %s writes into an archive is let out of quarantine', async (engine) => {
  await using repository = await openRepository(SHOP);
  const archive = await mkdtemp(join(tmpdir(), 'ostack-archive-'));
  try {
    const login = { username: 'ada', password: 'right' };
    const inputs = { apps: 'shop', archive, engine, registry: 'registry.example/acme', ...login };
    const result = await repository.run(inputs, engineVariables());
    expect(result.stdout).not.toContain('::error');
    const listed = await readArchiveList(archive, new Map([['shop-web', 'shop']]));
    expect(listed).toHaveLength(1);
    for (const image of listed) {
      const checked = await checkImage(archive, image, new Allowance(1024 * 1024));
      expect(checked.manifest.digest).toBe(image.digest);
      expect(checked.blobs.length).toBeGreaterThan(1);
    }
  } finally {
    await rm(archive, { recursive: true, force: true });
  }
});
