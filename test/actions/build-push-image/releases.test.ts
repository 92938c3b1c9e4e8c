import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../support/run-action.js';
import { images, openWorkshop, release, steady, type Workshop } from './support.js';

const FILES = {
  'apps/shop/web/Dockerfile': 'FROM node:24 AS build\nCOPY . .\n',
  'apps/shop/web/index.html': '<h1>Shop</h1>\n',
  'apps/shop/Dockerfile.api': 'FROM node:24\nCOPY api.js /\n',
  'apps/shop/api.js': 'console.log(1)\n',
  'apps/worker/Dockerfile': 'FROM scratch\nCOPY worker.js /\n',
  'apps/worker/worker.js': 'console.log(2)\n',
};

describe('the images of releases, where a tag is as good as a record', () => {
  let workshop: Workshop;
  let first: ActionResult;
  let second: ActionResult;

  beforeAll(async () => {
    workshop = await openWorkshop(FILES);
    const sha = await workshop.git('rev-parse', 'HEAD');
    first = await workshop.run({
      space: 'previews',
      releases: JSON.stringify([release('shop', '1.4.0', sha), release('worker', '0.1.0', sha)]),
    });
    workshop.registry.requests.length = 0;
    const next = await workshop.commit({ 'apps/worker/worker.js': 'console.log(3)\n' });
    second = await workshop.run({
      space: 'previews',
      releases: JSON.stringify([release('shop', '1.4.1', next), release('worker', '0.2.0', next)]),
    });
  });
  afterAll(async () => {
    await workshop[Symbol.asyncDispose]();
  });

  test('are built in one session, one for each Dockerfile', () => {
    expect(first.stdout).not.toContain('::error');
    expect(first.exitCode).toBe(0);
    expect(first.stdout.match(/docker buildx bake /g)).toHaveLength(1);
    expect(images(first).map(({ app, image, tag, reused }) => [app, image, tag, reused])).toEqual([
      ['shop', 'shop-api', '1.4.0', false],
      ['shop', 'shop-web', '1.4.0', false],
      ['worker', 'worker', '0.1.0', false],
    ]);
    expect(steady(first.summary, workshop)).toMatchSnapshot();
  });

  test('whose content is in the registry get its digest under the new tags', () => {
    const digest = (result: ActionResult, name: string) => images(result).find(({ image }) => image === name)?.digest;
    expect(second.exitCode).toBe(0);
    expect(images(second).map(({ image, tag, reused }) => [image, tag, reused])).toEqual([
      ['shop-api', '1.4.1', true],
      ['shop-web', '1.4.1', true],
      ['worker', '0.2.0', false],
    ]);
    expect(digest(second, 'shop-api')).toBe(digest(first, 'shop-api'));
    expect(digest(second, 'worker')).not.toBe(digest(first, 'worker'));
    expect(steady(second.summary, workshop)).toMatchSnapshot();
    expect(workshop.requests()).toMatchSnapshot();
  });
});

test('no release means nothing to do, without a registry or an engine', async () => {
  await using workshop = await openWorkshop(FILES);
  const result = await workshop.run({ releases: '[]' }, { PATH: process.env.PATH ?? '' });
  expect([result.exitCode, result.outputs.images, result.summary]).toEqual([
    0,
    '[]',
    '## Images\n\nNothing to build.\n\n',
  ]);
  expect(workshop.requests()).toEqual([]);
});
