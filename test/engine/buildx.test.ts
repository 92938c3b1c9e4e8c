import { copyFile, utimes } from 'node:fs/promises';
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
let repository: AppsRepository | undefined;
beforeEach(async () => {
  registry = await startRealRegistry();
  records = await KeptRecords.start();
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await records[Symbol.asyncDispose]();
  await repository?.[Symbol.asyncDispose]();
  repository = undefined;
});

async function open(files: Record<string, string>): Promise<AppsRepository> {
  repository = await openRepository(files);
  return repository;
}

async function run(inputs: Record<string, string>, { address } = registry): Promise<ActionResult> {
  if (repository === undefined) {
    throw new Error('Open a repository first.');
  }
  const opened = repository;
  const all = { registry: `${address}/acme`, engine: 'buildx', ...inputs };
  return records.run((token, env) => opened.run({ 'github-token': token, ...all }, { ...engineVariables(), ...env }));
}

function digests(result: ActionResult): unknown[] {
  return images(result).map(({ digest }) => digest);
}

describe('docker buildx', () => {
  test('two Dockerfiles of one app are two images, built in one session, with labels, annotations and commit time', async () => {
    const { git } = await open(SHOP);
    const result = await run({ releases: JSON.stringify([release('shop', '1.4.0', await git('rev-parse', 'HEAD'))]) });
    expect(result.stdout).not.toContain('::error');
    expect(images(result)).toMatchObject([
      { app: 'shop', image: 'shop-api', tag: '1.4.0', reused: false, platforms: ['linux/amd64'] },
      { app: 'shop', image: 'shop-web', tag: '1.4.0', reused: false, platforms: ['linux/amd64'] },
    ]);
    const manifest = await fromRegistry(registry.address, 'acme/shop-web/manifests/1.4.0');
    expect(manifest).toMatchObject({ annotations: { 'org.opencontainers.image.version': '1.4.0' } });
    const config = /"config":\{[^}]*"digest":"(sha256:[0-9a-f]{64})"/.exec(JSON.stringify(manifest))?.[1];
    expect(await fromRegistry(registry.address, `acme/shop-web/blobs/${config}`)).toMatchObject({
      created: '2026-03-01T12:00:00Z',
      config: { Labels: { 'org.opencontainers.image.source': 'http://127.0.0.1:1/acme/apps' } },
    });
  });

  test('building one commit twice, without any cache and with touched files, gives the same digests', async () => {
    const { git, root } = await open(SHOP);
    const releases = JSON.stringify([release('shop', '1.4.0', await git('rev-parse', 'HEAD'))]);
    const first = await run({ releases });
    await engine('docker', 'buildx', 'prune', '--all', '--force');
    await utimes(join(root, 'apps/shop/api/main.js'), 1, 1);
    await using other = await startRealRegistry();
    const second = await run({ releases, cache: 'none' }, other);
    expect(images(second)).toMatchObject([{ reused: false }, { reused: false }]);
    expect(digests(second)).toEqual(digests(first));
  });

  test('a second run builds nothing and gives the same digest new tags', async () => {
    const { git, commit } = await open(SHOP);
    const first = await run({ releases: JSON.stringify([release('shop', '1.4.0', await git('rev-parse', 'HEAD'))]) });
    const sha = await commit({ 'README.md': 'Nothing of the shop.\n' });
    const second = await run({ releases: JSON.stringify([release('shop', '1.4.1', sha)]) });
    expect(second.stdout).not.toContain('buildx bake');
    expect(images(second)).toMatchObject([
      { reused: true, tag: '1.4.1' },
      { reused: true, tag: '1.4.1' },
    ]);
    expect(digests(second)).toEqual(digests(first));
  });

  test('a base image that changed makes the image built again', async () => {
    await open({ 'base/Dockerfile': 'FROM scratch\nCOPY . /base/\n', 'base/a': '1' });
    const base = { image: 'base', context: 'base', tags: 'stable' };
    await run(base);
    await repository?.commit({ 'web/Dockerfile': `FROM ${registry.address}/acme/base:stable\nCOPY . /web/\n` });
    const web = { image: 'web', context: 'web', tags: '1.0.0' };
    const first = await run(web);
    const second = await run(web);
    expect([images(first), images(second)]).toMatchObject([[{ reused: false }], [{ reused: true }]]);
    await repository?.commit({ 'base/a': '2' });
    await run(base);
    const third = await run(web);
    expect(images(third)).toMatchObject([{ reused: false, tag: '1.0.0' }]);
  });

  test('several platforms with provenance are one index, and platforms build the same twice', async () => {
    const { git } = await open(SHOP);
    const releases = JSON.stringify([release('shop', '1.4.0', await git('rev-parse', 'HEAD'))]);
    const inputs = { releases, platforms: 'linux/amd64,linux/arm64' };
    const plain = await run(inputs);
    const proven = await run({ ...inputs, provenance: 'true' });
    expect(images(proven)).toMatchObject([{ reused: false, platforms: ['linux/amd64', 'linux/arm64'] }, {}]);
    const children = async (result: ActionResult) => {
      const text = JSON.stringify(
        await fromRegistry(registry.address, `acme/shop-api/manifests/${digests(result)[0]}`),
      );
      return [...text.matchAll(/"digest":"(sha256:[0-9a-f]{64})"/g)].map((match) => match[1]).slice(0, 2);
    };
    expect(await children(proven)).toEqual(await children(plain));
  });

  test('arguments and secrets reach the build, and secrets reach nothing else', async () => {
    const dockerfile = [
      'FROM scratch AS build',
      'COPY busybox /bin/sh',
      'ARG GREETING',
      'RUN --network=none --mount=type=secret,id=TOKEN echo "$GREETING $(cat /run/secrets/TOKEN | wc -c)" > /out',
      'FROM scratch',
      'COPY --from=build /out /out',
    ].join('\n');
    const { root } = await open({ 'web/Dockerfile': dockerfile, '.gitignore': 'busybox\n' });
    await copyFile(process.env.OSTACK_ENGINE_BUSYBOX ?? '', join(root, 'web/busybox'));
    const inputs = { image: 'web', context: 'web', cache: 'none', 'build-args': `GREETING=\${hello} %{world}` };
    const result = await run({ ...inputs, secrets: 'TOKEN=quite-a-secret' });
    expect(result.stdout).toContain('web/busybox is not as it is in the commit');
    expect(result.stdout).not.toContain('::error');
    expect(result.stdout.replace('::add-mask::quite-a-secret', '')).not.toContain('quite-a-secret');
    await engine('docker', 'pull', '--quiet', String(result.outputs.image));
    const container = (await engine('docker', 'create', '--network', 'none', String(result.outputs.image), 'x')).trim();
    const archive = await engine('docker', 'cp', `${container}:/out`, '-');
    await engine('docker', 'rm', container);
    expect(archive).toContain(`\${hello} %{world} 14`);
  });
});

describe('a failing build', () => {
  test.each([
    ['a missing file', 'COPY nope /\n', 'COPY nope /: "/nope": not found'],
    ['an unknown instruction', 'COPPY a /\n', 'dockerfile parse error on line 3: unknown instruction: COPPY'],
    ['a command', 'RUN --network=none ["/bin/sh", "-c", "exit 3"]\n', 'did not complete successfully: exit code: 3'],
  ])('because of %s names the Dockerfile and line; the other app is delivered', async (_name, line, expected) => {
    const { git, root } = await open({
      ...SHOP,
      'apps/bad/Dockerfile': `FROM scratch\nCOPY busybox /bin/sh\n${line}`,
      'apps/bad/busybox': '',
    });
    await copyFile(process.env.OSTACK_ENGINE_BUSYBOX ?? '', join(root, 'apps/bad/busybox'));
    const sha = await git('rev-parse', 'HEAD');
    const result = await run({
      releases: JSON.stringify([release('bad', '1.0.0', sha), release('shop', '1.4.0', sha)]),
    });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/::error::No image of bad is usable\. apps\/bad\/Dockerfile:3 \(image "bad"\): /);
    expect(result.stdout.match(/^::error::.*$/m)?.[0]).toContain(expected);
    expect(images(result).map(({ image }) => image)).toEqual(['shop-api', 'shop-web']);
  });

  test('one image alone', async () => {
    await open({ 'Dockerfile.web': 'FROM scratch\n\nCOPY nope /\n' });
    const result = await run({ image: 'web', file: 'Dockerfile.web' });
    expect(result.stdout).toContain(
      '::error::No image of web is usable. Dockerfile.web:3 (image "web"): COPY nope /: ',
    );
  });
});

test('a wrong password is told of clearly, before the build; the right one pushes', async () => {
  await using guarded = await startRealRegistry({ login: true });
  await open(SHOP);
  const inputs = { image: 'web', context: 'apps/shop/web', username: 'ada' };
  const wrong = await run({ ...inputs, password: 'wrong' }, guarded);
  expect(wrong.stdout).toContain(
    `::error::The registry ${guarded.address} refuses the login (401). It does not take the password of "ada".`,
  );
  expect(wrong.stdout).not.toContain('buildx bake');
  const right = await run({ ...inputs, password: 'right' }, guarded);
  expect([right.exitCode, right.outputs.digest]).toEqual([0, expect.stringMatching(/^sha256:/)]);
});
