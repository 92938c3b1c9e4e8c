import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openBuildx } from '../../src/images/buildx.js';
import type { BuildSettings, PlannedImage } from '../../src/images/plan.js';

/** A docker with its own builder and without containerd, that notes what it is asked for and what it sees. */
const DOCKER = `#!/bin/sh
echo "$*" >> "$DOCKER_NOTES/asked"
env >> "$DOCKER_NOTES/seen"
case "$*" in
  'buildx inspect') echo 'Driver: docker' ;;
  info*) echo '[]' ;;
  'buildx create'*) echo 'own-builder' ;;
  'buildx bake'*) cat "$DOCKER_NOTES/left" > "$DOCKER_NOTES/metadata.json" ;;
esac
`;

const before = { ...process.env };
let folder: string;

beforeAll(async () => {
  // Jest's own never says when it has written.
  jest.spyOn(process.stdout, 'write').mockImplementation((...args: unknown[]) => {
    const done = args.at(-1);
    if (typeof done === 'function') {
      done();
    }
    return true;
  });
  folder = await mkdtemp(join(tmpdir(), 'ostack-docker-'));
  await writeFile(join(folder, 'docker'), DOCKER);
  await chmod(join(folder, 'docker'), 0o755);
  process.env.PATH = `${folder}${delimiter}${process.env.PATH ?? ''}`;
  process.env.ACTIONS_RUNTIME_TOKEN = 'of-the-runner';
  process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = 'of-the-identity';
});

beforeEach(async () => {
  await writeFile(join(folder, 'asked'), '');
  await writeFile(join(folder, 'seen'), '');
  await writeFile(join(folder, 'left'), '{ "web": { "containerimage.digest": "sha256:0" } }');
});

afterAll(async () => {
  process.env = before;
  jest.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const notes = async (name: 'asked' | 'seen') => (await readFile(join(folder, name), 'utf8')).trim().split('\n');

const settings: BuildSettings = {
  ...{ root: tmpdir(), revision: 'a'.repeat(40), createdAt: 0, source: 'https://github.com/acme/apps' },
  ...{ platforms: [], buildArgs: {}, secrets: [], cache: 'none', provenance: false, sbom: false },
  ...{ push: true, space: 'release' },
};

const image: PlannedImage = {
  ...{ app: 'web', image: 'web', repository: 'ghcr.io/acme/web', version: '1.0.0', tags: ['1.0.0'] },
  ...{ context: '.', file: 'Dockerfile', shared: [] },
};

async function open(registryIsHere: boolean) {
  const engine = await openBuildx({ folder, env: { DOCKER_NOTES: folder }, authFile: undefined, registryIsHere });
  if ('reason' in engine) {
    throw new Error(engine.reason);
  }
  return engine;
}

describe('A builder that is made for a run', () => {
  test.each([
    [false, 'buildx create --driver docker-container'],
    [true, 'buildx create --driver docker-container --driver-opt network=host'],
  ])('where the registry is on this machine: %s', async (registryIsHere, made) => {
    await open(registryIsHere);
    expect((await notes('asked')).filter((line) => line.includes('create'))).toEqual([made]);
  });

  test.each([
    ['none', []],
    ['gha', ['ACTIONS_RUNTIME_TOKEN=of-the-runner']],
  ] as const)('with the cache "%s" it sees of the step', async (cache, seen) => {
    const engine = await open(false);
    await engine.build([image], { ...settings, cache });
    expect((await notes('seen')).filter((line) => /^ACTIONS_/.test(line))).toEqual([...seen]);
  });
});

describe('The layers that a build keeps', () => {
  const digest = `sha256:${'c'.repeat(64)}`;
  const descriptor = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 7 };
  test.each([
    ['JSON in a text, as BuildKit gives it', JSON.stringify(descriptor), digest],
    ['a descriptor', descriptor, digest],
    ['nothing', undefined, undefined],
    ['a text without a digest', 'cached', undefined],
    ['a digest cut short', JSON.stringify({ ...descriptor, digest: 'sha256:c' }), undefined],
  ])('are told by %s', async (_, manifest, expected) => {
    const left = { web: { 'containerimage.digest': 'sha256:0', 'cache.manifest': manifest } };
    await writeFile(join(folder, 'left'), JSON.stringify(left));
    const { layers } = await (await open(false)).build([image], settings);
    expect(layers?.get(image.repository)).toBe(expected);
  });
});
