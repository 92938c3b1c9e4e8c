import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalRegistry, startRegistry } from '../../../src/local/registry/registry.js';
import { git } from '../../support/git.js';
import { type AppsRepository, images, openRepository, release, standInEngine } from './support.js';

const PULL_REQUEST = 'refs/pull/7/merge';

describe("The registry's password", () => {
  let apps: AppsRepository;
  let ours: LocalRegistry;
  let theirs: LocalRegistry;
  let server: string;

  const run = async (ref: string, inputs: Record<string, string> = {}) =>
    apps.run(
      {
        releases: JSON.stringify([release('shop', '1.4.0', await apps.git('rev-parse', 'HEAD'))]),
        ...{ username: 'ada', password: 'pass-word' },
        ...inputs,
      },
      { ...(await standInEngine()), GITHUB_SERVER_URL: pathToFileURL(server).href, GITHUB_REF: ref },
    );
  const registryIs = (registry: string) => ({ 'ostack.yaml': `registry: ${registry}\n` });

  beforeAll(async () => {
    ours = await startRegistry({ users: { ada: 'pass-word' } });
    theirs = await startRegistry();
    apps = await openRepository({
      ...registryIs(`${ours.address}/acme`),
      'apps/shop/Dockerfile': 'FROM node:24\nCOPY . /\n',
    });
    server = await mkdtemp(join(tmpdir(), 'ostack-server-'));
    const bare = join(server, 'acme/apps');
    await mkdir(dirname(bare), { recursive: true });
    await git(server, ['clone', '--quiet', '--bare', apps.root, bare]);
  });

  beforeEach(() => {
    ours.requests.length = 0;
    theirs.requests.length = 0;
  });

  afterAll(async () => {
    await ours.close();
    await theirs.close();
    await rm(server, { recursive: true, force: true });
    await apps[Symbol.asyncDispose]();
  });

  test('goes where the default branch says, from a pull request too', async () => {
    const result = await run(PULL_REQUEST);
    expect(images(result)).toMatchObject([{ repository: `${ours.address}/acme/shop`, tag: '1.4.0' }]);
  });

  test('goes to no registry that a pull request names for its previews', async () => {
    await apps.commit({
      'ostack.yaml': `registry: ${ours.address}/acme\npreview-images: ${theirs.address}/x/{image}\n`,
    });
    const inputs = { releases: '', apps: 'shop', space: 'previews' };
    for (const more of [{}, { registry: `${ours.address}/acme` }]) {
      const result = await run(PULL_REQUEST, { ...inputs, ...more });
      expect(result.stdout).toContain(
        `::error::ostack.yaml here sends images to ${theirs.address}/x, and that of main to`,
      );
      expect(theirs.requests).toEqual([]);
    }
  });

  test('goes to no registry that a pull request names', async () => {
    await apps.commit(registryIs(`${theirs.address}/acme`));
    const result = await run(PULL_REQUEST);
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain(
      `ostack.yaml here sends images to ${theirs.address}/acme, and that of main to ${ours.address}/acme.`,
    );
    expect([...ours.requests, ...theirs.requests]).toEqual([]);
  });

  test('goes to no other space of the same registry either', async () => {
    await apps.commit(registryIs(`${ours.address}/acme/other`));
    const result = await run(PULL_REQUEST);
    expect([result.exitCode, ours.requests]).toEqual([1, []]);
  });

  test('goes where the input of the workflow says, whatever a pull request names', async () => {
    const result = await run(PULL_REQUEST, { registry: `${ours.address}/acme` });
    expect(images(result)).toMatchObject([{ repository: `${ours.address}/acme/shop` }]);
  });

  test('goes where a commit of the default branch says', async () => {
    await apps.commit(registryIs(`${theirs.address}/acme`));
    const result = await run('refs/heads/main');
    expect(images(result)).toMatchObject([{ repository: `${theirs.address}/acme/shop` }]);
  });
});
