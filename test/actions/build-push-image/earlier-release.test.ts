import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startStage } from '../../../src/local/stage.js';
import { clone, git } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';
import { images, openRepository, release, standInEngine } from './support.js';

test('a release that an earlier run left undelivered is built from its own commit, fetched into a shallow checkout', async () => {
  await using stage = await startStage();
  const files = { 'apps/shop/Dockerfile': 'FROM scratch\nCOPY . /\n', 'apps/shop/page': 'one\n' };
  const apps = await stage.github.createRepository('acme/apps', { files }, { private: true });
  const earlier = (await apps.log('main'))[0]?.sha ?? '';
  const head = await apps.commit('main', { 'apps/shop/page': 'two\n' }, 'feat: two');
  const token = stage.github.issueToken({ repositories: ['acme/apps'], permissions: { contents: 'read' } });
  const root = await mkdtemp(join(tmpdir(), 'ostack-checkout-'));
  try {
    await clone(stage, apps, root, ['--depth=1']);
    const engine = await standInEngine();
    const run = (inputs: Record<string, string>) =>
      runAction({
        action: 'build-push-image',
        cwd: root,
        inputs: { registry: `${stage.registry}/acme`, ...inputs },
        env: {
          GITHUB_REPOSITORY: 'acme/apps',
          GITHUB_SHA: head,
          GITHUB_SERVER_URL: stage.serverUrl,
          GITHUB_API_URL: stage.apiUrl,
          GITHUB_GRAPHQL_URL: stage.graphqlUrl,
          ...engine,
        },
      });
    const releases = JSON.stringify([release('shop', '1.0.0', earlier), release('shop', '1.1.0', head)]);

    const refused = await run({ releases });
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toMatch(
      new RegExp(
        `::error::Commit ${earlier} is to be built, is not in this checkout, and cannot be fetched: .* "fetch-depth: 0"`,
      ),
    );

    const result = await run({ releases, 'github-token': token });
    expect(result.stdout).not.toContain('::error');
    const delivered = images(result);
    expect(delivered.map(({ tag, reused }) => [tag, reused])).toEqual([
      ['1.0.0', false],
      ['1.1.0', false],
    ]);
    expect(delivered[0]?.digest).not.toBe(delivered[1]?.digest);
    expect((await git(root, ['worktree', 'list'])).split('\n')).toHaveLength(1);
    expect(await readdir(root)).toEqual(['.git', 'apps']);
    expect(result.stdout.replace(`::add-mask::${token}`, '')).not.toContain(token);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

test('a release of before the registry was changed goes to the registry of now, as all images of a run', async () => {
  await using stage = await startStage();
  const config = (registry: string) => ({ 'ostack.yaml': `registry: ${registry}/acme\napps: { shop: {} }\n` });
  await using apps = await openRepository({
    'apps/shop/Dockerfile': 'FROM scratch\nCOPY . /\n',
    ...config('registry.invalid'),
  });
  const earlier = await apps.git('rev-parse', 'HEAD');
  const head = await apps.commit({ 'apps/shop/page': 'two\n', ...config(stage.registry) });
  for (const releases of [
    [release('shop', '1.1.0', head), release('shop', '1.0.0', earlier)],
    [release('shop', '1.0.0', earlier)],
  ]) {
    const result = await apps.run({ releases: JSON.stringify(releases) }, await standInEngine());
    expect(result.stdout).not.toContain('::error');
    expect(images(result).map(({ repository }) => repository)).toEqual(
      releases.map(() => `${stage.registry}/acme/shop`),
    );
  }
});
