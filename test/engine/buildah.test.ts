import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AppsRepository, images, openRepository, release } from '../actions/build-push-image/support.js';
import type { ActionResult } from '../support/run-action.js';
import { KeptRecords } from './kept-records.js';
import { engine, engineVariables, fromRegistry, type RealRegistry, startRealRegistry } from './support.js';

const SHOP = {
  'apps/shop/web/Dockerfile': 'FROM scratch\nCOPY index.html /srv/\nCMD ["/srv"]\n',
  'apps/shop/web/index.html': '<h1>Shop</h1>\n',
  'apps/shop/api/Dockerfile': 'FROM scratch\nCOPY . /app/\n',
  'apps/shop/api/main.js': 'console.log(1)\n',
};

let registry: RealRegistry;
let records: KeptRecords;
let repository: AppsRepository;
beforeEach(async () => {
  records = await KeptRecords.start();
  registry = await startRealRegistry({ login: true });
  repository = await openRepository(SHOP);
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await records[Symbol.asyncDispose]();
  await repository[Symbol.asyncDispose]();
});

async function run(inputs: Record<string, string>, { address } = registry): Promise<ActionResult> {
  const login = { username: 'ada', password: 'right' };
  const all = { registry: `${address}/acme`, engine: 'buildah', ...login, ...inputs };
  return records.run((token, env) =>
    repository.run({ 'github-token': token, ...all }, { ...engineVariables(), ...env }),
  );
}

async function released(version: string): Promise<string> {
  return JSON.stringify([release('shop', version, await repository.git('rev-parse', 'HEAD'))]);
}

describe('buildah', () => {
  test('builds and pushes both images of an app, with labels and commit time', async () => {
    const result = await run({ releases: await released('1.4.0') });
    expect(result.stdout).not.toContain('::error');
    expect(images(result)).toMatchObject([
      { image: 'shop-api', tag: '1.4.0', reused: false, platforms: ['linux/amd64'] },
      { image: 'shop-web', tag: '1.4.0', reused: false, platforms: ['linux/amd64'] },
    ]);
  });

  test('building one commit twice gives the same digests, and a second run reuses', async () => {
    const releases = await released('1.4.0');
    const first = await run({ releases });
    const again = await run({ releases: await released('1.4.1') });
    expect(again.stdout).not.toContain('buildah build');
    expect(images(again)).toMatchObject([{ reused: true }, { reused: true }]);
    await engine('buildah', 'rmi', '--all', '--force');
    await utimes(join(repository.root, 'apps/shop/api/main.js'), 1, 1);
    await using other = await startRealRegistry({ login: true });
    const second = await run({ releases }, other);
    const digests = (result: ActionResult) => images(result).map(({ digest }) => digest);
    expect(images(second)).toMatchObject([{ reused: false }, { reused: false }]);
    expect(digests(second)).toEqual(digests(first));
    expect(digests(again)).toEqual(digests(first));
  });

  test('several platforms are one index', async () => {
    await using open = await startRealRegistry();
    const inputs = { platforms: 'linux/amd64,linux/arm64', image: 'web', context: 'apps/shop/web', tags: '1.0.0' };
    const result = await run(inputs, open);
    expect(images(result)).toMatchObject([{ platforms: ['linux/amd64', 'linux/arm64'] }]);
    expect(await fromRegistry(open.address, 'acme/web/manifests/1.0.0')).toMatchObject({ manifests: [{}, {}] });
  });

  test('names the Dockerfile and line of a failing build', async () => {
    await repository.commit({ 'apps/shop/web/Dockerfile': 'FROM scratch\n\nCOPY index.html \\\n  nope /\n' });
    const result = await run({ releases: await released('1.4.0') });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(
      /::error::No image of shop is usable\. apps\/shop\/web\/Dockerfile:3 \(image "shop-web"\): COPY index\.html nope \/: .*no such file/,
    );
    expect(images(result)).toEqual([]);
  });

  test('tells of a wrong password', async () => {
    const result = await run({ releases: await released('1.4.0'), password: 'wrong' });
    expect(result.stdout).toContain('refuses the login (401). It does not take the password of "ada".');
  });
});
