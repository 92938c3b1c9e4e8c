import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bakeDefinition, bakeText } from '../../../src/images/bake.js';
import type { BuildSettings, PlannedImage } from '../../../src/images/plan.js';
import { RegistryClient } from '../../../src/images/registry.js';
import { standInEnvironment } from '../../../src/local/engine/environment.js';
import { type LocalRegistry, startRegistry } from '../../../src/local/registry/registry.js';
import { buildSettings } from '../../support/build-settings.js';

const run = promisify(execFile);
let folder = '';
let registry: LocalRegistry;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-engine-'));
  registry = await startRegistry();
});
afterEach(async () => {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  ok: boolean;
  output: string;
}

async function docker(...args: string[]): Promise<Outcome> {
  const { path, env } = await standInEnvironment();
  try {
    const { stdout, stderr } = await run(join(path[0] ?? '', 'docker'), args, {
      cwd: folder,
      env: { PATH: process.env.PATH, DOCKER_CONFIG: folder, ...env },
    });
    return { ok: true, output: stdout + stderr };
  } catch (error) {
    return {
      ok: false,
      output: String(typeof error === 'object' && error !== null && 'stderr' in error && error.stderr),
    };
  }
}

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function bake(change: Partial<BuildSettings> = {}, image: Partial<PlannedImage> = {}): Promise<Outcome> {
  const planned: PlannedImage = {
    app: 'shop',
    image: 'shop',
    repository: `${registry.address}/acme/shop`,
    version: '1.4.0',
    tags: ['1.4.0', 'also'],
    context: 'shop',
    file: 'shop/Dockerfile',
    shared: [],
    ...image,
  };
  const settings = buildSettings(folder, {
    source: 'https://github.test/acme/apps',
    createdAt: 1_700_000_000,
    ...change,
  });
  await writeFile(join(folder, 'bake.json'), bakeText(bakeDefinition([planned], settings, 'docker')));
  return docker('buildx', 'bake', '--file', 'bake.json', '--metadata-file', 'meta.json', '--progress', 'plain');
}

async function digestOf(tag: string): Promise<string | undefined> {
  return (await new RegistryClient({ registry: registry.address }).manifest('acme/shop', tag))?.digest;
}

const SHOP = { 'shop/Dockerfile': 'FROM scratch\nCOPY main.js /\n', 'shop/main.js': 'hello\n' };

describe('the stand-in engine', () => {
  test('pushes one image under every tag, announces itself, and builds the same image twice', async () => {
    await write(SHOP);
    const first = await bake();
    expect(first.output).toContain('ostack stand-in engine: no build engine on this machine.');
    expect(first.ok).toBe(true);
    const digest = await digestOf('1.4.0');
    expect([digest, await digestOf('also')]).toEqual([expect.stringMatching(/^sha256:/), digest]);
    await utimes(join(folder, 'shop/main.js'), 1, 1);
    await bake({}, { tags: ['again'] });
    expect(await digestOf('again')).toBe(digest);
    await bake({ buildArgs: { MODE: 'other' } }, { tags: ['other'] });
    expect(await digestOf('other')).not.toBe(digest);
  });

  test('makes an index of one image for each platform', async () => {
    await write(SHOP);
    await bake({ platforms: ['linux/amd64', 'linux/arm64'] });
    const index = await new RegistryClient({ registry: registry.address }).manifest('acme/shop', '1.4.0');
    expect(JSON.parse(index?.content.toString() ?? '')).toMatchObject({
      annotations: { 'org.opencontainers.image.version': '1.4.0' },
      manifests: [
        { platform: { os: 'linux', architecture: 'amd64' } },
        { platform: { os: 'linux', architecture: 'arm64' } },
      ],
    });
  });

  test.each([
    ['an unknown instruction', 'FROM scratch\n\nCOPPY a /\n', /Dockerfile:3\n[\s\S]*unknown instruction: COPPY/],
    ['a source that is not there', 'FROM scratch\nCOPY main.js nope /x/\n', /Dockerfile:2\n[\s\S]*"\/nope": not found/],
    ['no FROM', 'COPY main.js /\n', /no build stage in current context/],
  ])('fails on %s, with its line', async (_name, dockerfile, expected) => {
    await write({ ...SHOP, 'shop/Dockerfile': dockerfile });
    const outcome = await bake();
    expect(outcome.ok).toBe(false);
    expect(outcome.output).toMatch(expected);
    expect(await digestOf('1.4.0')).toBeUndefined();
  });

  test('takes wildcards, several stages, heredocs and variables for what they are', async () => {
    const lines = [
      'FROM scratch AS build',
      'COPY *.js ./lib/',
      'COPY ["main.js", "/y"]',
      'COPY --from=build /out /out',
      'COPY $FILE /x',
      'COPY <<END /etc/motd',
      'hello',
      'END',
    ];
    await write({ ...SHOP, 'shop/Dockerfile': `${lines.join('\n')}\n` });
    expect(await bake()).toMatchObject({ ok: true });
  });

  test('fails without a Dockerfile', async () => {
    await write({ 'shop/main.js': '' });
    expect(await bake()).toMatchObject({ ok: false, output: expect.stringContaining('open Dockerfile: no such file') });
  });

  test('refuses a command that it does not know', async () => {
    expect(await docker('run', 'x')).toMatchObject({ ok: false, output: expect.stringContaining('docker run x') });
  });
});
