import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { images, openWorkshop, type Workshop } from './support.js';

const FILES = {
  'apps/shop/Dockerfile.web': 'FROM scratch\nCOPY . /\n',
  'apps/shop/Dockerfile.api': 'FROM scratch\nCOPY . /api\n',
  'apps/mailer/Dockerfile': 'FROM scratch\nCOPY . /\n',
  'apps/tool/README.md': 'no image\n',
};

describe('the images of apps, without a release', () => {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await openWorkshop(FILES);
  });
  afterAll(async () => {
    await workshop[Symbol.asyncDispose]();
  });

  test('get the tags that are given, and only those apps are built', async () => {
    const result = await workshop.run({ apps: '["shop", "tool"]', tags: 'pr-7-abc' });
    expect(result.exitCode).toBe(0);
    expect(images(result)).toMatchObject([
      { app: 'shop', image: 'shop-api', tag: 'pr-7-abc', reused: false },
      { app: 'shop', image: 'shop-web', tag: 'pr-7-abc', reused: false },
    ]);
    expect(result.stdout).toContain('::notice::App "tool" has no Dockerfile, so there is no image of it.');
    expect(workshop.requests().join('\n')).not.toContain('acme/mailer');
  });

  test('are tagged with the commit when no tag is given, and reuse nothing that nobody recorded', async () => {
    const revision = await workshop.git('rev-parse', 'HEAD');
    const result = await workshop.run({ apps: 'shop' });
    expect(images(result)).toMatchObject([
      { image: 'shop-api', tag: revision, reused: false },
      { image: 'shop-web', tag: revision, reused: false },
    ]);
  });

  test('are named apart from releases in a pull request, and take nothing that stands there', async () => {
    workshop.registry.requests.length = 0;
    const result = await workshop.run({ apps: 'shop' }, { GITHUB_EVENT_NAME: 'pull_request' });
    const [api, web] = ['shop-api', 'shop-web'].map((name) => ({
      image: name,
      repository: `${workshop.registry.address}/acme/previews/${name}`,
      released: `${workshop.registry.address}/acme/${name}`,
      reused: false,
    }));
    expect(images(result)).toMatchObject([{ ...api }, { ...web }]);
    const written = workshop.requests().filter((request) => !request.startsWith('GET') && !request.startsWith('HEAD'));
    expect(written.filter((request) => !request.includes('/v2/acme/previews/'))).toEqual([]);
    expect(images(await workshop.run({ apps: 'shop', space: 'previews' }))).toMatchObject([
      { ...api, reused: true },
      { ...web, reused: true },
    ]);
  });

  test('are none for an empty list', async () => {
    workshop.registry.requests.length = 0;
    const result = await workshop.run({ apps: '[]', tags: 'pr-7-abc' });
    expect([result.exitCode, result.outputs.images, workshop.requests()]).toEqual([0, '[]', []]);
  });
});
