import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bakeDefinition, bakeText } from '../../src/images/bake.js';
import { buildArguments } from '../../src/images/buildah.js';
import { pinnedDockerfile } from '../../src/images/pins.js';
import type { BuildSettings, PlannedImage } from '../../src/images/plan.js';
import { startRegistry } from '../../src/local/registry/registry.js';
import { type AppsRepository, images, openRepository, release } from '../actions/build-push-image/support.js';
import { buildSettings } from '../support/build-settings.js';
import { engine, engineVariables, fromRegistry, type RealRegistry, startRealRegistry } from './support.js';

const execute = promisify(execFile);

/** Taken by a registry that asks for no login; buildah wants a file of logins. */
const LOGIN = { username: 'ada', password: 'right' };

let registry: RealRegistry;
let folder: string;
let repository: AppsRepository | undefined;
beforeEach(async () => {
  registry = await startRealRegistry();
  folder = await mkdtemp(join(tmpdir(), 'ostack-engine-'));
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await repository?.[Symbol.asyncDispose]();
  repository = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function open(files: Record<string, string>): Promise<AppsRepository> {
  repository = await openRepository(files);
  return repository;
}

/** buildah takes a registry on this machine for one with TLS, unless its settings say otherwise. */
async function variables(): Promise<Record<string, string>> {
  const settings = join(folder, 'registries.conf');
  await writeFile(settings, `[[registry]]\nlocation = "${registry.address}"\ninsecure = true\n`);
  return { ...engineVariables(), CONTAINERS_REGISTRIES_CONF: settings };
}

const WEB: PlannedImage = {
  app: 'web',
  image: 'web',
  repository: '',
  version: '1.0.0',
  tags: [],
  context: '.',
  file: 'web/Dockerfile',
  shared: [],
};

function settingsOf(root: string): BuildSettings {
  return buildSettings(root, { source: 'https://example.test', createdAt: 1_772_366_400 });
}

/** Builds with a definition of ours. @returns the layers */
async function withBuildx(root: string, image: PlannedImage): Promise<string[]> {
  const definition = join(folder, 'bake.json');
  await writeFile(definition, bakeText(bakeDefinition([image], settingsOf(root), 'docker')));
  await inFolder(root, 'docker', ['buildx', 'bake', '--file', definition], {});
  return layersOf(image);
}

/** Builds with a Dockerfile and arguments of ours. @returns the layers */
async function withBuildah(root: string, image: PlannedImage, env: Record<string, string>): Promise<string[]> {
  const dockerfile = join(folder, 'Dockerfile');
  const text = await readFile(join(root, image.file), 'utf8');
  await writeFile(dockerfile, pinnedDockerfile(text, {}, image.pins ?? {}));
  const authFile = join(folder, 'auth.json');
  await writeFile(authFile, '{}');
  await inFolder(root, 'buildah', buildArguments(image, settingsOf(root), { authFile, dockerfile }), env);
  const name = `${image.repository}:${image.tags[0]}`;
  await inFolder(
    root,
    'buildah',
    ['push', '--authfile', authFile, '--tls-verify=false', name, `docker://${name}`],
    env,
  );
  return layersOf(image);
}

async function inFolder(cwd: string, command: string, args: string[], env: Record<string, string>): Promise<void> {
  await execute(command, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 });
}

/** The layers of an image in the registry. */
async function layersOf({ tags }: PlannedImage): Promise<string[]> {
  const manifest = JSON.stringify(await fromRegistry(registry.address, `acme/web/manifests/${tags[0]}`));
  return [...manifest.matchAll(/"digest":"(sha256:[0-9a-f]{64})"/g)].map((match) => match[1] ?? '').slice(1);
}

describe.each(['buildx', 'buildah'] as const)('%s', (name) => {
  test('takes the base images that were looked up, however the Dockerfile names them', async () => {
    const base = `${registry.address}/acme/base:stable`;
    const dockerfile = [
      `ARG BASE=${base}`,
      `FROM \${BASE} AS one`,
      'FROM scratch',
      'COPY --from=one /a /from-argument',
      `COPY --from=${base} /a /copied`,
      'COPY busybox /bin/sh',
      // This docker has no network for containers, and this buildah not the word for it.
      `RUN ${name === 'buildx' ? '--network=none ' : ''}--mount=type=bind,from=${base},target=/base read x < /base/a; echo "$x" > /mounted`,
    ].join('\n');
    const { root, commit, run } = await open({ 'base/Dockerfile': 'FROM scratch\nCOPY a /a\n', 'base/a': '1\n' });
    await copyFile(process.env.OSTACK_ENGINE_BUSYBOX ?? '', join(root, 'busybox'));
    await commit({ 'web/Dockerfile': dockerfile });
    const env = await variables();
    const common = { registry: `${registry.address}/acme`, engine: name, cache: 'none', ...LOGIN };
    const [old] = images(await run({ ...common, image: 'base', context: 'base', tags: 'stable' }, env));
    await commit({ 'base/a': '2\n' });
    await run({ ...common, image: 'base', context: 'base', tags: 'stable' }, env);
    const build = name === 'buildx' ? withBuildx : withBuildah;
    const pins = { [base]: String(old?.digest) };
    const before = await build(root, { ...WEB, repository: `${registry.address}/acme/web`, tags: ['old'], pins }, env);
    const after = await build(root, { ...WEB, repository: `${registry.address}/acme/web`, tags: ['new'] }, env);
    // Of three files of the base image and busybox, only busybox is the same.
    expect(before.filter((layer) => after.includes(layer))).toHaveLength(1);
    expect(before.length).toBeGreaterThan(3);
  });

  test('gives one commit one digest under any umask', async () => {
    const { root, git, run } = await open({
      'apps/shop/Dockerfile': 'FROM scratch\nCOPY . /app/\n',
      'apps/shop/lib/run': '#!/bin/sh\n',
    });
    const releases = JSON.stringify([release('shop', '1.4.0', await git('rev-parse', 'HEAD'))]);
    const digests: unknown[] = [];
    for (const umask of [0o022, 0o077, 0o000]) {
      await chmod(join(root, 'apps/shop/lib/run'), 0o666 & ~umask);
      await chmod(join(root, 'apps/shop/lib'), 0o777 & ~umask);
      await using other = await startRealRegistry();
      const inputs = { registry: `${other.address}/acme`, engine: name, cache: 'none', releases, ...LOGIN };
      digests.push(images(await run(inputs, engineVariables()))[0]?.digest);
      await (name === 'buildx'
        ? engine('docker', 'buildx', 'prune', '--all', '--force')
        : engine('buildah', 'rmi', '--all', '--force'));
    }
    expect(digests).toEqual([expect.stringMatching(/^sha256:/), digests[0], digests[0]]);
  });

  test('makes no layer again with other arguments, wherever they are used', async () => {
    const { run } = await open({
      Dockerfile: 'FROM scratch\nCOPY . /\nARG A\nLABEL a=$A\n',
      '.dockerignore': '.git\n',
    });
    const label = async (value: string) => {
      const common = { registry: `${registry.address}/acme`, engine: name, image: 'web', ...LOGIN };
      const inputs = { ...common, 'build-args': `A=${value}` };
      const digest = images(await run({ ...inputs, tags: `v${value}` }, engineVariables()))[0]?.digest;
      const manifest = JSON.stringify(await fromRegistry(registry.address, `acme/web/manifests/${digest}`));
      const config = /"config":\{[^}]*"digest":"(sha256:[0-9a-f]{64})"/.exec(manifest)?.[1];
      return fromRegistry(registry.address, `acme/web/blobs/${config}`);
    };
    expect(await label('1')).toMatchObject({ config: { Labels: { a: '1' } } });
    expect(await label('2')).toMatchObject({ config: { Labels: { a: '2' } } });
  });

  test('delivers what stands in a registry whose tags may not change', async () => {
    await using immutable = await startRegistry({ immutable: true });
    const { git, write, commit, run } = await open({
      'apps/shop/Dockerfile': 'FROM scratch\nCOPY main.js /\n',
      'apps/shop/main.js': '1',
      'apps/shop/.dockerignore': 'left-over\n',
    });
    const releases = JSON.stringify([release('shop', '1.4.0', await git('rev-parse', 'HEAD'))]);
    const inputs = { registry: `${immutable.address}/acme`, engine: name, cache: 'none', releases, ...LOGIN };
    const first = await run(inputs, engineVariables());
    await write({ 'apps/shop/left-over': '' });
    const again = await run(inputs, engineVariables());
    expect([again.exitCode, images(again)]).toMatchObject([0, [{ reused: false, digest: images(first)[0]?.digest }]]);
    await commit({ 'apps/shop/main.js': '2' });
    const changed = await run({ ...inputs, releases: '', apps: 'shop', tags: '1.4.0' }, engineVariables());
    expect(changed.exitCode).toBe(1);
    expect(changed.stdout).toMatch(/^::error::.*\/acme\/shop:1\.4\.0 is there already as sha256:/m);
  });
});
