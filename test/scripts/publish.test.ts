import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handOver } from '../../scripts/publish/hand-over.js';
import { plainGit, publish, writeTree } from '../../scripts/publish/publish.js';
import { parentOf, tagsOf } from '../../scripts/publish/versions.js';
import { absoluteLinks, publishedTree } from '../../src/local/published-tree.js';
import { archiveNames } from '../support/archive-names.js';

const ROOT = join(import.meta.dirname, '../..');

let scratch: string;
let project: string;

const metadata = (main: string) => `name: A\nruns:\n  using: node24\n  main: ${main} # the bundle\n`;
const files: Record<string, string> = {
  'README.md': '# oStack\n',
  LICENSE: 'Apache\n',
  'package.json': JSON.stringify({
    ...{
      name: '@ostack/actions',
      private: true,
      description: 'Delivery.',
      license: 'Apache-2.0',
      engines: { node: '>=20' },
    },
    ...{ type: 'module', scripts: { prepare: 'build' }, dependencies: { yaml: '2.9.1' } },
  }),
  'src/main.ts': 'source\n',
  'test/a.test.ts': 'test\n',
  'dist/index.js': 'bundle\n',
  'dist/package.json': '{ "type": "module" }\n',
  'dist/ostack.js': 'program\n',
  'dist/tag-release.js': 'stub\n',
  'dist/bump-ops-overlay.js': 'stub\n',
  'actions/tag-release/action.yml': metadata("'../../dist/tag-release.js'"),
  'actions/bump-ops-overlay/action.yml': metadata('../../dist/bump-ops-overlay.js'),
  'actions/setup/action.yml': 'name: S\nruns:\n  using: composite\n  steps:\n    - uses: $/actions/tag-release\n',
  'actions/setup/setup.sh': 'echo hello\n',
  '.github/workflows/release.yml': 'on:\n  workflow_call: {}\njobs: {}\n',
  '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
};

async function write(changes: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(changes)) {
    await mkdir(join(project, path, '..'), { recursive: true });
    await writeFile(join(project, path), content, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
  }
}

const git = (...args: string[]) => plainGit(project)(args);

async function commit(message: string): Promise<void> {
  await git('add', '--all');
  await git('commit', '--quiet', '--message', message);
}

async function release(version: string, { push = false, dryRun = false } = {}) {
  const tree = await publishedTree(project);
  return publish({ git: plainGit(project), tree, version, remote: push ? 'origin' : '.', dryRun });
}

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ostack-publish-test-'));
  project = join(scratch, 'project');
  await mkdir(project);
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('config', 'user.name', 'Ada');
  await git('config', 'user.email', 'ada@example.com');
  await git('config', 'commit.gpgSign', 'false');
  await write(files);
  await commit('first');
});

afterEach(() => rm(scratch, { recursive: true, force: true }));

describe('The published tree', () => {
  test('holds what runners need and nothing else', async () => {
    const tree = await publishedTree(project);
    expect([...tree.keys()]).toEqual([
      '.github/workflows/release.yml',
      'LICENSE',
      'README.md',
      'actions/bump-ops-overlay/action.yml',
      'actions/setup/action.yml',
      'actions/setup/setup.sh',
      'actions/tag-release/action.yml',
      'bump-ops-overlay/action.yml',
      'bump-overlay/action.yml',
      'dist/bump-ops-overlay.js',
      'dist/index.js',
      'dist/ostack.js',
      'dist/package.json',
      'dist/tag-release.js',
      'package.json',
      'setup/action.yml',
      'setup/setup.sh',
      'tag-release/action.yml',
    ]);
    expect(tree.get('setup/setup.sh')?.mode).toBe('100755');
  });

  test('points the actions at the root to the same bundles, and changes no other byte', async () => {
    const tree = await publishedTree(project);
    expect(tree.get('tag-release/action.yml')?.content.toString()).toBe(metadata('../dist/tag-release.js'));
    expect(tree.get('bump-overlay/action.yml')?.content.toString()).toBe(metadata('../dist/bump-ops-overlay.js'));
    expect(tree.get('actions/bump-ops-overlay/action.yml')?.content.toString()).toBe(
      metadata('../../dist/bump-ops-overlay.js'),
    );
    expect(tree.get('.github/workflows/release.yml')?.content.toString()).toBe(files['.github/workflows/release.yml']);
  });

  test('is a package of npm with one program, that fetches and builds nothing', async () => {
    const text = (await publishedTree(project)).get('package.json')?.content.toString() ?? '';
    expect(JSON.parse(text)).toEqual({
      ...{ name: '@ostack/actions', description: 'Delivery.', license: 'Apache-2.0', engines: { node: '>=20' } },
      bin: { ostack: 'dist/ostack.js' },
    });
  });

  test('is refused without the program', async () => {
    await rm(join(project, 'dist', 'ostack.js'));
    await expect(publishedTree(project)).rejects.toThrow('There is no dist/ostack.js. Run "npm run build".');
  });

  test('has a README whose links lead to the documents, which it has not', async () => {
    await write({ 'README.md': '[Trust](docs/trust.md#plans), [one](https://a.example/b), [below](#set-it-up)\n' });
    const readme = (await publishedTree(project)).get('README.md')?.content.toString();
    expect(readme).toBe(
      '[Trust](https://github.com/ostack/actions/blob/main/docs/trust.md#plans), [one](https://a.example/b), [below](#set-it-up)\n',
    );
    expect(absoluteLinks('<img alt="a" src="docs/a.png"> <source srcset="docs/b.png">')).toBe(
      '<img alt="a" src="https://github.com/ostack/actions/raw/main/docs/a.png"> <source srcset="https://github.com/ostack/actions/raw/main/docs/b.png">',
    );
  });

  test('is refused when an action names a bundle that was not built', async () => {
    await write({ 'actions/promote/action.yml': metadata('../../dist/promote.js') });
    await expect(publishedTree(project)).rejects.toThrow(
      'actions/promote/action.yml: runs.main is "../../dist/promote.js", and there is no dist/promote.js. Run "npm run build".',
    );
  });

  test('is refused without dist', async () => {
    await rm(join(project, 'dist'), { recursive: true });
    await expect(publishedTree(project)).rejects.toThrow('Run "npm run build" first.');
  });

  test('is refused when two things want one name', async () => {
    await write({ 'actions/bump-overlay/action.yml': metadata('../../dist/bump-ops-overlay.js') });
    await expect(publishedTree(project)).rejects.toThrow(
      'Two files want to be published as "bump-overlay/action.yml".',
    );
  });

  test('can be written to a folder', async () => {
    const folder = join(scratch, 'out');
    await writeTree(folder, await publishedTree(project));
    const { stdout } = await promisify(execFile)('sh', [join(folder, 'setup', 'setup.sh')]);
    expect(stdout).toBe('hello\n');
  });
});

describe('The tags of a version', () => {
  test.each<[string, string[], string[]]>([
    ['1.2.3', [], ['v1.2.3', 'v1.2', 'v1']],
    ['1.2.4', ['1.2.3', '1.3.0'], ['v1.2.4', 'v1.2']],
    ['1.2.3', ['1.2.4'], ['v1.2.3']],
    ['1.2.3', ['2.0.0'], ['v1.2.3', 'v1.2', 'v1']],
    ['2.0.0-rc.1', ['1.2.3'], ['v2.0.0-rc.1']],
    ['0.3.0', ['0.2.9'], ['v0.3.0', 'v0.3', 'v0']],
  ])('%s after %j are %j', (version, published, expected) => {
    expect(tagsOf(version, published)).toEqual(expected);
  });

  test.each(['v1.2.3', '1.2', 'latest', '1.2.3 '])('%j is no version', (version) => {
    expect(() => tagsOf(version, [])).toThrow(`"${version}" is not a version to publish.`);
  });

  test('follow the newest version below', () => {
    expect(parentOf('1.2.4', ['1.2.3', '1.3.0', '1.2.2'])).toBe('1.2.3');
    expect(parentOf('1.0.0', ['1.2.3'])).toBeUndefined();
  });
});

describe('Publishing', () => {
  test('makes a commit of its own, and says what it was built from', async () => {
    const { commit: first, tags } = await release('1.2.3');
    expect([...tags.keys()]).toEqual(['v1.2.3', 'v1.2', 'v1']);
    expect(await git('rev-parse', 'v1.2.3', 'v1.2', 'v1')).toBe([first, first, first].join('\n'));
    expect(await git('log', '-1', '--format=%an|%P|%B', 'v1')).toBe(
      `Ada||oStack Actions 1.2.3\n\nOstack-Version: 1.2.3\nOstack-Source: ${await git('rev-parse', 'HEAD')}\n`,
    );
    expect(await git('ls-tree', '--name-only', 'v1')).not.toContain('src');
    expect(await git('ls-tree', 'v1', 'setup/setup.sh')).toMatch(/^100755/);
    expect(await git('status', '--porcelain')).toBe('');
  });

  test('twice is the same as once', async () => {
    const once = await release('1.2.3');
    const twice = await release('1.2.3');
    expect(twice).toEqual({ commit: once.commit, tags: new Map() });
  });

  test('sets the floating tags that a killed run left behind', async () => {
    const { commit: first } = await release('1.2.3');
    await git('tag', '--delete', 'v1', 'v1.2');
    expect([...(await release('1.2.3')).tags.keys()]).toEqual(['v1.2', 'v1']);
    expect(await git('rev-parse', 'v1')).toBe(first);
  });

  test('of a newer version follows the one before and moves what floats', async () => {
    const { commit: first } = await release('1.2.3');
    await write({ 'dist/index.js': 'bundle 2\n' });
    await commit('second');
    const { commit: second, tags } = await release('1.3.0');
    expect(tags).toEqual(
      new Map([
        ['v1.3.0', undefined],
        ['v1.3', undefined],
        ['v1', first],
      ]),
    );
    expect(await git('rev-parse', `${second}^`)).toBe(first);
    expect(await git('diff', '--name-only', 'v1.2.3', 'v1.3.0')).toBe('dist/index.js');
    expect(await git('rev-parse', 'v1.2')).toBe(first);
  });

  test('other content under a published version is refused', async () => {
    const { commit: first } = await release('1.2.3');
    await write({ 'dist/index.js': 'bundle 2\n' });
    await commit('second');
    await expect(release('1.2.3')).rejects.toThrow(
      `v1.2.3 is already published as ${first}, with other content. Publish a new version instead.`,
    );
  });

  test('what is not committed is refused', async () => {
    await write({ 'dist/index.js': 'bundle 2\n' });
    await expect(release('1.2.3')).rejects.toThrow('Commit or undo first:\n M dist/index.js');
  });

  test('beside a branch of the same name is refused', async () => {
    await git('branch', 'v1');
    await expect(release('1.2.3')).rejects.toThrow('There is a branch "v1"');
  });

  test('dry sets nothing', async () => {
    const { tags } = await release('1.2.3', { dryRun: true });
    expect(tags.size).toBe(3);
    expect(await git('tag', '--list')).toBe('');
  });

  test('with a push sets the tags of the remote, all or none', async () => {
    await promisify(execFile)('git', ['init', '--quiet', '--bare', join(scratch, 'remote.git')]);
    await git('remote', 'add', 'origin', join(scratch, 'remote.git'));
    const { commit: first } = await release('1.2.3', { push: true });
    await write({ 'dist/index.js': 'bundle 2\n' });
    await commit('second');
    const { commit: second } = await release('1.3.0', { push: true });
    expect((await git('ls-remote', '--tags', 'origin')).split('\n').sort()).toEqual(
      [
        `${first}\trefs/tags/v1.2`,
        `${first}\trefs/tags/v1.2.3`,
        `${second}\trefs/tags/v1`,
        `${second}\trefs/tags/v1.3`,
        `${second}\trefs/tags/v1.3.0`,
      ].sort(),
    );
    expect(await git('tag', '--list')).toBe('');
  });
});

describe('What a build hands over to the job that may push', () => {
  const run = promisify(execFile);
  const push = (version: string) =>
    run(join(ROOT, '.ci/push-published'), [join(scratch, 'out'), version], { cwd: project });
  const remoteTags = async () => (await git('ls-remote', '--tags', 'origin')).split('\n').filter((line) => line !== '');

  async function handedOver(version: string): Promise<string> {
    const tree = await publishedTree(project);
    const published = await publish({ git: plainGit(project), tree, version, remote: 'origin', dryRun: true });
    await handOver(plainGit(project), published, join(scratch, 'out'));
    return published.commit;
  }

  beforeEach(async () => {
    await run('git', ['init', '--quiet', '--bare', join(scratch, 'remote.git')]);
    await git('remote', 'add', 'origin', join(scratch, 'remote.git'));
  });

  test('is pushed with its tags, and once', async () => {
    const commit = await handedOver('1.2.3');
    expect(await remoteTags()).toEqual([]);
    expect((await push('1.2.3')).stdout).toBe(`Published 1.2.3 as ${commit}: v1.2.3 v1.2 v1\n`);
    expect(await remoteTags()).toEqual(['v1', 'v1.2', 'v1.2.3'].map((name) => `${commit}\trefs/tags/${name}`));
    expect(await handedOver('1.2.3')).toBe(commit);
    expect((await push('1.2.3')).stdout).toBe('Everything of 1.2.3 is published already.\n');
  });

  test('is the tree that was built, as an archive too', async () => {
    await handedOver('1.2.3');
    const names = await archiveNames(join(scratch, 'out/published.tar'));
    expect(names).toEqual(expect.arrayContaining(['dist/index.js', 'tag-release/action.yml']));
  });

  test.each([
    ['main', 'main \n'],
    ['another version', 'v2 \n'],
    ['a tag of the sources', 'source-v1.2.3 \n'],
    ['a name that is an option', '--mirror \n'],
  ])('moves nothing else: not %s', async (_what, tags) => {
    await handedOver('1.2.3');
    await writeFile(join(scratch, 'out/tags'), tags);
    await expect(push('1.2.3')).rejects.toThrow('is none of version 1.2.3. Nothing was pushed.');
    expect(await remoteTags()).toEqual([]);
  });

  test('is of the version that was asked for', async () => {
    await handedOver('1.2.3');
    await expect(push('1.2.4')).rejects.toThrow('The bundle holds another version than 1.2.4. Nothing was pushed.');
    expect(await remoteTags()).toEqual([]);
  });

  test('is not pushed where a tag has moved since, and then no tag is', async () => {
    await handedOver('1.2.3');
    const head = await git('rev-parse', 'HEAD');
    await git('push', '--quiet', 'origin', `${head}:refs/tags/v1`);
    await expect(push('1.2.3')).rejects.toThrow('stale info');
    expect(await remoteTags()).toEqual([`${head}\trefs/tags/v1`]);
  });
});

describe('Rebuilding', () => {
  const run = promisify(execFile);
  let bin: string;

  /** An npm whose build makes dist of the sources, and that publishes as ours does. */
  beforeEach(async () => {
    bin = join(scratch, 'bin');
    await mkdir(bin);
    const tsx = join(ROOT, 'node_modules/.bin/tsx');
    const npm = [
      '#!/bin/sh',
      'case "$*" in',
      '  ci*) ;;',
      '  "run build") mkdir dist; for file in index ostack tag-release bump-ops-overlay; do cp "src/$file.js" dist; done; cp src/dist.json dist/package.json ;;',
      `  "run publish:tree"*) exec ${tsx} ${join(ROOT, 'test/scripts/publish-here.ts')} "$5" ;;`,
      'esac',
    ];
    await writeFile(join(bin, 'npm'), npm.join('\n'), { mode: 0o755 });
    const sources = ['index', 'ostack', 'tag-release', 'bump-ops-overlay'].map((name) => [
      `src/${name}.js`,
      files[`dist/${name}.js`] ?? '',
    ]);
    await write({ ...Object.fromEntries(sources), 'src/dist.json': files['dist/package.json'] ?? '' });
    await commit('sources');
  });

  const rebuild = (version: string) =>
    run(join(ROOT, '.ci/rebuild'), [version, project], {
      env: { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` },
    });

  test('a version from its source gives the same bytes', async () => {
    const { commit: published } = await release('1.2.3');
    const source = await git('rev-parse', 'HEAD');
    await write({ 'src/index.js': 'newer\n', 'dist/index.js': 'newer\n' });
    await commit('more');
    await release('1.3.0');
    expect((await rebuild('1.2.3')).stdout).toContain(`v1.2.3 is ${published}, to the last byte what ${source} gives.`);
  });

  test('a version whose bundles are not what the sources give is noticed', async () => {
    await write({ 'dist/index.js': 'something else\n' });
    await commit('sneaked in');
    await release('1.2.3');
    await expect(rebuild('1.2.3')).rejects.toThrow(
      /v1\.2\.3 is not what its source [0-9a-f]{40} gives:\n dist\/index\.js/,
    );
  });

  test('a version from elsewhere, or none, is noticed', async () => {
    await expect(rebuild('1.2.3')).rejects.toThrow('There is no tag v1.2.3 in');
    await git('checkout', '--quiet', '--orphan', 'elsewhere');
    await commit('elsewhere');
    await release('1.2.3');
    await git('checkout', '--quiet', 'main');
    await expect(rebuild('1.2.3')).rejects.toThrow('which is no commit of the default branch.');
  });
});
