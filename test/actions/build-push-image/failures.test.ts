import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { images, openWorkshop, release, steady, type Workshop } from './support.js';

const GOOD = { 'apps/worker/Dockerfile': 'FROM scratch\nCOPY worker.js /\n', 'apps/worker/worker.js': '' };

let workshop: Workshop | undefined;
afterEach(async () => {
  await workshop?.[Symbol.asyncDispose]();
  workshop = undefined;
});

/** The one error of the step, which GitHub shows; annotations of lines come before it. */
function failure(stdout: string): string {
  return stdout.match(/^::error::.*$/gm)?.join('\n') ?? '';
}

describe('an image that does not build', () => {
  test('names its Dockerfile and line, and takes its own app with it, no other', async () => {
    workshop = await openWorkshop({
      ...GOOD,
      'apps/shop/Dockerfile': 'FROM scratch\nCOPY shop.js /\n',
      'apps/shop/shop.js': '',
      'apps/shop/web/Dockerfile': 'FROM scratch\n\nCOPY dist /srv\n',
    });
    const sha = await workshop.git('rev-parse', 'HEAD');
    const result = await workshop.run({
      releases: JSON.stringify([release('shop', '1.4.0', sha), release('worker', '0.1.0', sha)]),
    });
    expect(result.exitCode).toBe(1);
    expect(failure(result.stdout)).toBe(
      '::error::No image of shop is usable. apps/shop/web/Dockerfile:3 (image "shop-web"): COPY dist /srv: failed to calculate checksum: "/dist": not found',
    );
    expect(result.stdout).toContain('::error title=Image shop-web,file=apps/shop/web/Dockerfile,line=3::');
    expect(images(result).map(({ image }) => image)).toEqual(['worker']);
    expect(steady(result.summary, workshop)).toMatchSnapshot();
  });

  test('because of an instruction that does not exist is found by its line', async () => {
    workshop = await openWorkshop({ ...GOOD, 'apps/shop/Dockerfile': 'FROM scratch\nCOPPY a /\n' });
    const sha = await workshop.git('rev-parse', 'HEAD');
    const result = await workshop.run({
      releases: JSON.stringify([release('shop', '1.4.0', sha), release('worker', '0.1.0', sha)]),
    });
    expect(failure(result.stdout)).toBe(
      '::error::No image of shop is usable. apps/shop/Dockerfile:2 (image "shop"): COPPY a /: dockerfile parse error on line 2: unknown instruction: COPPY',
    );
    expect(images(result).map(({ image }) => image)).toEqual(['worker']);
  });

  test('for want of a Dockerfile fails before anything is built', async () => {
    workshop = await openWorkshop(GOOD);
    const result = await workshop.run({ image: 'web', context: 'apps/worker', file: 'apps/worker/Dockerfile.web' });
    expect(failure(result.stdout)).toBe(
      '::error::No image of web is usable. apps/worker/Dockerfile.web: there is no such Dockerfile (image "web" of app "web"). Name it with the input "file", or under "images" in ostack.yaml.',
    );
    expect(result.stdout).not.toContain('buildx bake');
  });
});

describe('a registry', () => {
  test.each(['basic', 'token'] as const)(
    'that does not take the password (%s) is told of before the build',
    async (flow) => {
      workshop = await openWorkshop(GOOD, { users: { ada: 'right-password' }, flow });
      const inputs = { image: 'web', context: 'apps/worker', username: 'ada' };
      const wrong = await workshop.run({ ...inputs, password: 'wrong-password' });
      expect(wrong.exitCode).toBe(1);
      expect(steady(failure(wrong.stdout), workshop)).toBe(
        '::error::The registry REGISTRY refuses the login (401). It does not take the password of "ada". Check the inputs "username" and "password", and that a token has not expired.',
      );
      expect(wrong.stdout).not.toContain('buildx bake');
      const right = await workshop.run({ ...inputs, password: 'right-password' });
      expect([right.exitCode, right.outputs.tag]).toEqual([0, await workshop.git('rev-parse', 'HEAD')]);
      expect(right.stdout.replace('::add-mask::right-password', '')).not.toContain('right-password');
    },
  );

  test('that wants a login and gets none is told of', async () => {
    workshop = await openWorkshop(GOOD, { users: { ada: 'right' } });
    const result = await workshop.run({ image: 'web', context: 'apps/worker' });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain('There is no login for it. Set the inputs "username" and "password"');
  });

  test('that cannot be reached is told of', async () => {
    workshop = await openWorkshop(GOOD);
    await workshop.registry.close();
    const result = await workshop.run({ image: 'web', context: 'apps/worker', username: 'a', password: 'b' });
    expect(steady(failure(result.stdout), workshop)).toBe(
      '::error::The registry REGISTRY cannot be reached: connect ECONNREFUSED REGISTRY. Check the name of the registry and the network.',
    );
  });

  test('that fails while content is looked up makes the image built, never skipped', async () => {
    workshop = await openWorkshop(GOOD);
    const inputs = { image: 'web', context: 'apps/worker', space: 'previews' };
    await workshop.run(inputs);
    workshop.registry.faults.push({ method: 'GET', path: /manifests\/content-/, status: 500 });
    const again = await workshop.run(inputs);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toMatch(/::notice::web is built, because looking for one like it failed: .* answers 500/);
    expect(images(again)).toMatchObject([{ reused: false }]);
  });

  test('that has another digest than was pushed is told of', async () => {
    workshop = await openWorkshop(GOOD);
    const first = await workshop.run({ image: 'web', context: 'apps/worker', tags: '1.0.0' });
    expect(first.exitCode).toBe(0);
    workshop.registry.faults.push({ method: 'PUT', path: /manifests\/1\.0\.0/, status: 201 });
    await workshop.commit({ 'apps/worker/worker.js': 'changed' });
    const second = await workshop.run({ image: 'web', context: 'apps/worker', tags: '1.0.0' });
    expect(second.exitCode).toBe(1);
    expect(steady(failure(second.stdout), workshop)).toMatchInlineSnapshot(
      `"::error::REGISTRY/acme/web:1.0.0 was pushed as DIGEST, and the registry has DIGEST. Something else writes this tag, or the registry loses writes; nothing of it is reported."`,
    );
    expect(images(second)).toEqual([]);
  });
});

test('without an engine both are named with why they do not work', async () => {
  workshop = await openWorkshop(GOOD);
  const onlyGit = await workshop.git('--exec-path');
  const result = await workshop.run({ image: 'web', context: 'apps/worker' }, { PATH: onlyGit });
  expect(failure(result.stdout)).toBe(
    '::error::No build engine works here (buildx: docker is not installed; buildah: buildah is not installed). Use a runner with docker and buildx and a running daemon, or with buildah.',
  );
});

describe('inputs', () => {
  let shared: Workshop;
  beforeAll(async () => {
    shared = await openWorkshop(GOOD);
  });
  afterAll(async () => {
    await shared[Symbol.asyncDispose]();
  });

  test.each([
    ['nothing to build', {}, 'Inputs "releases", "apps" and "image" are all empty.'],
    [
      'two of them',
      { releases: '[]', image: 'web' },
      'More than one of the inputs "releases", "apps" and "image" is given.',
    ],
    [
      'apps that are no names',
      { apps: '[1]' },
      'Input "apps" does not fit at "0": Invalid type: Expected string but received 1',
    ],
    ['an app that is not there', { apps: 'wroker' }, 'There is no app "wroker" (input "apps"). Did you mean "worker"?'],
    ['a tag that is none', { apps: 'worker', tags: 'pr 1' }, 'Input "tags" has "pr 1", expected letters'],
    ['releases that are no JSON', { releases: '[{' }, 'Input "releases" is not JSON: '],
    ['a release without its commit', { releases: '[{"app":"a"}]' }, 'Input "releases" does not fit at "0.version": '],
    ['a name with a tag', { image: 'acme/web:1' }, 'Input "image" is "acme/web:1", expected a name without a tag.'],
    ['a tag that is none', { image: 'web', tags: 'a b' }, 'Input "tags" has "a b", expected letters, digits'],
    ['a context outside', { image: 'web', context: '../x' }, 'Input "context" is "../x", expected a path inside'],
    ['a platform that is none', { image: 'web', platforms: 'arm' }, 'Input "platforms" has "arm", expected entries'],
    ['a registry with a scheme', { image: 'web', registry: 'https://x' }, 'expected it without https://'],
    ['an unknown engine', { image: 'web', engine: 'kaniko' }, 'expected one of auto, buildx, buildah'],
    ['a secret without a name', { image: 'web', secrets: 'hush' }, 'Input "secrets" has a line that is not NAME=value'],
    ['a password without a user', { image: 'web', password: 'x' }, 'Input "username" is missing: '],
  ])('%s', async (_name, inputs, expected) => {
    const result = await shared.run(inputs);
    expect(result.exitCode).toBe(1);
    expect(failure(result.stdout)).toContain(expected);
    expect(result.stdout).not.toContain('hush');
  });

  test('a release of an app that is not there', async () => {
    const sha = await shared.git('rev-parse', 'HEAD');
    const result = await shared.run({ releases: JSON.stringify([release('shop', '1.4.0', sha)]) });
    expect(steady(failure(result.stdout), shared)).toBe(
      '::error::Release shop-v1.4.0 is of app "shop", and commit COMMIT has no such app. It has: worker.',
    );
  });
});
