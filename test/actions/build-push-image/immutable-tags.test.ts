import { afterEach, expect, test } from '@jest/globals';
import type { ActionResult } from '../../support/run-action.js';
import { images, openWorkshop, release, steady, type Workshop } from './support.js';

const FILES = {
  'apps/shop/Dockerfile': 'FROM scratch\nCOPY . /\n',
  'apps/shop/main.js': '1',
  'apps/shop/web/Dockerfile': 'FROM scratch\nCOPY . /\n',
  'apps/shop/web/index.html': '1',
  'apps/worker/Dockerfile': 'FROM scratch\nCOPY . /\n',
};

let workshop: Workshop | undefined;
afterEach(async () => {
  await workshop?.[Symbol.asyncDispose]();
  workshop = undefined;
});

function digests(result: ActionResult): unknown[] {
  return images(result).map(({ digest }) => digest);
}

test('a registry whose tags may not change: what stands there as the same image is delivered, another one is not', async () => {
  workshop = await openWorkshop(FILES, { immutable: true });
  const sha = await workshop.git('rev-parse', 'HEAD');
  const releases = JSON.stringify([release('shop', '1.4.0', sha), release('worker', '0.1.0', sha)]);
  const first = await workshop.run({ releases });
  expect([first.exitCode, images(first)]).toMatchObject([0, [{ reused: false }, { reused: false }, { reused: false }]]);
  const again = await workshop.run({ releases });
  expect([again.exitCode, images(again)]).toMatchObject([0, [{ reused: false }, { reused: false }, { reused: false }]]);
  expect(digests(again)).toEqual(digests(first));
  // Left over by an earlier step, and no part of the image: it is built again, and the same.
  await workshop.write({ 'apps/shop/node_modules/x': '', 'apps/shop/web/node_modules/x': '' });
  const rebuilt = await workshop.run({ releases });
  expect(rebuilt.exitCode).toBe(0);
  expect(digests(rebuilt)).toEqual(digests(first));

  await workshop.commit({ 'apps/shop/web/index.html': '2', '.gitignore': 'node_modules\n' });
  const changed = await workshop.run({ apps: 'shop\nworker', tags: '1.4.0\nnext' });
  expect(changed.exitCode).toBe(1);
  expect(steady(changed.stdout.match(/^::error::.*$/m)?.[0] ?? '', workshop)).toContain(
    'REGISTRY/acme/shop-web:1.4.0 is there already as DIGEST, this image is DIGEST, and the tag could not be written again. Release a new version, or remove that tag.',
  );
  expect(images(changed).map(({ image }) => image)).toEqual(['worker']);
});

test('what stands there for the same content, and was recorded by nobody, is neither taken nor in the way', async () => {
  workshop = await openWorkshop(FILES, { immutable: true });
  const run = async (version: string, more = {}) => {
    const sha = await workshop?.commit({ 'README.md': `${version}\n` });
    return workshop?.run({ releases: JSON.stringify([release('worker', version, sha ?? '')]), ...more });
  };
  const first = await run('0.1.0');
  const second = await run('0.2.0');
  expect([second?.exitCode, second?.outputs.tag]).toEqual([0, '0.2.0']);
  expect(second?.outputs.digest).not.toBe(first?.outputs.digest);
  expect(second?.stdout).toMatch(
    new RegExp(
      `::notice::.*/acme/worker:content-[0-9a-f]{40} stands for ${first?.outputs.digest}, which nobody recorded, and this image of the same content is ${second?.outputs.digest}`,
    ),
  );
  // Pull requests take it as it is.
  const preview = { space: 'previews' };
  const [built, reused] = [await run('0.3.0', preview), await run('0.4.0', preview)];
  expect(reused?.outputs.digest).toBe(built?.outputs.digest);
});
