import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { images, openWorkshop, release, standInEngine, steady, type Workshop } from './support.js';

const FILES = {
  'apps/shop/Dockerfile': 'FROM node:24\nRUN --mount=type=secret,id=TOKEN true\nCOPY . /\n',
  'apps/shop/page': 'one\n',
  'ostack.yaml': 'apps:\n  shop:\n    shared: [packages/ui]\n',
  'packages/ui/button': 'a button\n',
  '.gitignore': 'apps/shop/node_modules\n',
};

describe('options of build-push-image', () => {
  let workshop: Workshop;
  let releases = '';
  beforeAll(async () => {
    workshop = await openWorkshop(FILES);
    releases = JSON.stringify([release('shop', '1.4.0', await workshop.git('rev-parse', 'HEAD'))]);
  });
  afterAll(async () => {
    await workshop[Symbol.asyncDispose]();
  });

  test('a dry run builds and writes nothing, and says what it would do', async () => {
    const result = await workshop.run({ releases, 'dry-run': 'true' });
    expect([result.exitCode, result.outputs.images]).toEqual([0, '[]']);
    expect(result.stdout).not.toContain('buildx bake');
    expect(workshop.requests()).toEqual(['GET /v2/acme/shop/manifests/CONTENT 404']);
    expect(steady(result.summary, workshop)).toMatchSnapshot();
  });

  test('without a push images are built and reported nowhere', async () => {
    workshop.registry.requests.length = 0;
    const result = await workshop.run({ releases, push: 'false' });
    expect([result.exitCode, result.outputs.images]).toEqual([0, '[]']);
    expect(result.stdout).toContain('buildx bake');
    expect(workshop.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
    expect(result.summary).toContain('built, not pushed');
  });

  test('platforms, and what makes an image be built again', async () => {
    const inputs = { releases, platforms: 'linux/amd64, linux/arm64', space: 'previews' };
    expect(images(await workshop.run(inputs))).toMatchObject([
      { reused: false, platforms: ['linux/amd64', 'linux/arm64'] },
    ]);
    expect(images(await workshop.run(inputs))).toMatchObject([{ reused: true }]);
    expect(images(await workshop.run({ ...inputs, 'build-args': 'MODE=a=b' }))).toMatchObject([{ reused: false }]);
    const sha = await workshop.commit({ 'packages/ui/button': 'another button\n' });
    const next = { ...inputs, releases: JSON.stringify([release('shop', '1.5.0', sha)]) };
    expect(images(await workshop.run(next))).toMatchObject([{ reused: false, tag: '1.5.0' }]);
    await workshop.write({ 'apps/shop/node_modules/x': 'left over' });
    const dirty = await workshop.run(next);
    expect(images(dirty)).toMatchObject([{ reused: false }]);
    expect(dirty.stdout).toContain(
      '::notice::shop is built without looking for one like it: apps/shop/node_modules/ is not as it is in the commit.',
    );
  });

  test('secrets and the login reach the engine in its environment and a private folder, and leave nothing behind', async () => {
    const spy = join(workshop.root, '.git/spy');
    const seen = join(workshop.root, '.git/seen');
    await mkdir(spy);
    await writeFile(
      join(spy, 'docker'),
      `#!/bin/sh\n{ echo "$@"; env; cat "$DOCKER_CONFIG/config.json"; } >> ${seen}\nexit 1\n`,
    );
    await chmod(join(spy, 'docker'), 0o755);
    const temp = join(workshop.root, '.git/temp');
    await mkdir(temp);
    const inputs = {
      releases,
      secrets: 'TOKEN=hush-hush\nOTHER=psst',
      username: 'ada',
      password: 'pass-word',
      engine: 'buildx',
    };
    const { PATH = '' } = await standInEngine();
    const result = await workshop.run(inputs, { PATH: [spy, PATH].join(delimiter), RUNNER_TEMP: temp });
    const text = await readFile(seen, 'utf8');
    expect(text).toContain('OSTACK_SECRET_0=hush-hush\n');
    expect(text).toContain(`"auth":"${Buffer.from('ada:pass-word').toString('base64')}"`);
    expect(text.match(/^buildx .*$/gm)?.join('\n')).not.toMatch(/hush|psst|pass-word/);
    expect(text).not.toContain('INPUT_');
    expect(result.stdout.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/hush|psst|pass-word/);
    expect(await readdir(temp)).toEqual([]);
  });
});
