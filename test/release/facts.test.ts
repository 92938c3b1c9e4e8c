import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { App } from '../../src/apps/app.js';
import { type FactsOptions, gatherFacts } from '../../src/release/facts.js';
import { type Plan, planRelease, type ReleaseRules } from '../../src/release/plan.js';
import { TagFormat } from '../../src/release/tags.js';
import { git } from '../support/git.js';
import { openFolder, type TempRepository, tempRepository } from './support/temp-repository.js';

const app = (name: string, path: string): App => ({ name, path, shared: [], test: undefined, images: [] });
const WEB_AND_API = [app('api', 'apps/api'), app('web', 'apps/web')];

function told(plan: Plan): string {
  switch (plan.kind) {
    case 'release':
      return `${plan.tag}: ${plan.changes.map(({ said }) => said.header).join(', ')}`;
    case 'released':
      return `already ${plan.tag.name}`;
    case 'late':
      return `late: ${plan.newest.name}`;
    case 'blocked':
      return `blocked: ${plan.why}`;
    case 'unchanged':
      return `unchanged since ${plan.last?.name}`;
  }
}

/** What a repository would release, or a clone of it in another folder. */
async function plans(
  repository: TempRepository,
  apps: readonly App[],
  { clone, unheard, ...change }: Partial<ReleaseRules> & { clone?: string; unheard?: FactsOptions['unheard'] } = {},
) {
  const rules: ReleaseRules = {
    format: new TagFormat(undefined, apps.length === 1),
    firstVersion: '0.1.0',
    prerelease: undefined,
    defaultLevel: 'patch',
    ignoredTypes: ['docs', 'test', 'ci', 'style'],
    ...change,
  };
  const facts = await gatherFacts(openFolder(clone ?? repository.folder, repository.folder), {
    head: await repository.git('rev-parse', 'HEAD'),
    apps,
    selected: new Set(apps.map(({ name }) => name)),
    format: rules.format,
    prerelease: rules.prerelease,
    unheard,
  });
  return facts.map((one) => told(planRelease(one, rules)));
}

describe('what a merge changes itself', () => {
  /** A merge of a branch that touched the api, with a change of the web made in the merge. */
  async function merged(message: string, evil: Record<string, string>) {
    const repository = await tempRepository();
    await repository.commit('feat: both', { 'apps/api/a': '1', 'apps/web/a': '1' });
    await repository.git('tag', 'api-v1.0.0');
    await repository.git('tag', 'web-v1.0.0');
    await repository.git('checkout', '--quiet', '-b', 'branch');
    await repository.commit('fix: api', { 'apps/api/a': '2' });
    await repository.git('checkout', '--quiet', 'main');
    await repository.commit('docs: readme', { README: '' });
    await repository.git('merge', '--quiet', '--no-ff', '--no-commit', 'branch');
    await repository.commit(message, evil);
    return repository;
  }

  test.each<[string, string, Record<string, string>, string[]]>([
    ['nothing', "Merge branch 'branch'", {}, ['api-v1.0.1: fix: api', 'unchanged since web-v1.0.0']],
    [
      'a file of another app',
      "Merge branch 'branch'",
      { 'apps/web/a': '2' },
      ['api-v1.0.1: fix: api', "web-v1.0.1: Merge branch 'branch'"],
    ],
    [
      'a new file, with a conventional title',
      'feat: all of it',
      { 'apps/web/b': '' },
      ['api-v1.0.1: fix: api', 'web-v1.1.0: feat: all of it'],
    ],
    [
      'a file that the branch changed too',
      "Merge branch 'branch'",
      { 'apps/api/a': '3' },
      ['api-v1.0.1: fix: api', 'unchanged since web-v1.0.0'],
    ],
    [
      'a file, in a pull request',
      'Merge pull request #7 from acme/branch\n\nfix: things',
      { 'apps/web/a': '2' },
      ['api-v1.0.1: fix: things, fix: api', 'web-v1.0.1: fix: things'],
    ],
  ])('is told as its own: %s', async (_name, message, evil, expected) => {
    await using repository = await merged(message, evil);
    expect(await plans(repository, WEB_AND_API)).toEqual(expected);
  });
});

describe('empty commits', () => {
  test.each([
    ['feat: what it brings', 'v1.1.0: chore: a, feat: what it brings'],
    ['fix!: what it breaks', 'v2.0.0: chore: a, fix!: what it breaks'],
    ['chore: start the build', 'v1.0.1: chore: a'],
    ['Start the build', 'v1.0.1: chore: a'],
    ['docs: none', 'v1.0.1: chore: a'],
  ])('say what a release of the only app is: %s', async (message, expected) => {
    await using repository = await tempRepository();
    await repository.commit('feat: first', { a: '1' });
    await repository.git('tag', 'v1.0.0');
    await repository.commit(message);
    expect(await plans(repository, [app('shop', '.')])).toEqual(['unchanged since v1.0.0']);
    await repository.commit('chore: a', { a: '2' });
    expect(await plans(repository, [app('shop', '.')])).toEqual([expected]);
  });

  test('are for none of several apps', async () => {
    await using repository = await tempRepository();
    await repository.commit('feat: both', { 'apps/api/a': '1', 'apps/web/a': '1' });
    await repository.git('tag', 'api-v1.0.0');
    await repository.git('tag', 'web-v1.0.0');
    await repository.commit('feat: nothing');
    await repository.commit('fix: web', { 'apps/web/a': '2' });
    expect(await plans(repository, WEB_AND_API)).toEqual(['unchanged since api-v1.0.0', 'web-v1.0.1: fix: web']);
  });
});

test.each<[string, readonly App[], readonly string[]]>([
  ['Release-As: shp=1.0.0', WEB_AND_API, ['Release-As: shp=1.0.0']],
  ['Release-As: 1.0.0', WEB_AND_API, ['Release-As: 1.0.0']],
  ['Release-As: soon', WEB_AND_API, ['Release-As: soon']],
  ['Release-As: web=3.0.0', WEB_AND_API, []],
  ['Reviewed-by: Ada', WEB_AND_API, []],
  ['Release-As: 3.0.0', [app('web', 'apps/web')], ['Release-As: 3.0.0']],
  ['Release-As: shp=3.0.0', [app('shop', '.')], ['Release-As: shp=3.0.0']],
  ['Release-As: 3.0.0', [app('shop', '.')], []],
])('a wish of an empty commit that no app hears is told: %s', async (footer, apps, expected) => {
  await using repository = await tempRepository();
  await repository.commit('feat: both', { 'apps/api/a': '1', 'apps/web/a': '1' });
  await repository.commit(`chore: nothing\n\n${footer}`);
  const heard: string[] = [];
  await plans(repository, apps, { unheard: (_commit, wish) => heard.push(wish) });
  expect(heard).toEqual(expected);
});

describe('what belongs to an app outside of its folder', () => {
  const web = app('web', 'apps/web');
  const around = { outside: ['.'], apart: ['apps/api'] };

  test.each<[string, Partial<App>, Record<string, string>, string]>([
    ['a dependency', { dependencies: ['libs/ui'] }, { 'libs/ui/a': '2' }, 'web-v1.0.1: feat: a'],
    ['an innermost dependency', { dependencies: ['.', 'libs/ui'] }, { 'libs/ui/a': '2' }, 'web-v1.0.1: feat: a'],
    ['a context', { outside: ['docker'] }, { 'docker/a': '2' }, 'web-v1.1.0: feat: a'],
    ['a context around it', around, { README: '2' }, 'web-v1.1.0: feat: a'],
    ['another app in a context around it', around, { 'apps/api/a': '2' }, 'unchanged since web-v1.0.0'],
    ['a match of a pattern', { patterns: ['**/*.proto'] }, { 'x/a.proto': '2' }, 'web-v1.1.0: feat: a'],
    ['no match of a pattern', { patterns: ['**/*.proto'] }, { 'x/a': '2' }, 'unchanged since web-v1.0.0'],
  ])('releases it when it changes: %s', async (_name, places, files, expected) => {
    await using repository = await tempRepository();
    await repository.commit('feat: all', { 'apps/api/a': '1', 'apps/web/a': '1', 'libs/ui/a': '1', 'docker/a': '1' });
    await repository.git('tag', 'web-v1.0.0');
    await repository.commit('feat: a', files);
    const all = [{ ...web, ...places }, app('api', 'apps/api')];
    expect((await plans(repository, all))[0]).toBe(expected);
  });

  test.each<[string, Partial<App>, string]>([
    ['a context', { outside: ['docker'] }, 'docker/a'],
    ['a context around it', around, 'README'],
    ['a match of a pattern', { patterns: ['**/*.proto'] }, 'a.proto'],
  ])('does not release it when it is as it was: %s', async (_name, places, file) => {
    await using repository = await tempRepository();
    await repository.commit('feat: all', { 'apps/api/a': '1', 'apps/web/a': '1', [file]: '1' });
    await repository.git('tag', 'web-v1.0.0');
    await repository.commit('feat: a', { [file]: '2' });
    await repository.commit('fix: undo it by hand', { [file]: '1' });
    await repository.commit('fix: api', { 'apps/api/a': '2' });
    const all = [{ ...web, ...places }, app('api', 'apps/api')];
    expect((await plans(repository, all))[0]).toBe('unchanged since web-v1.0.0');
  });
});

describe('releases of the whole repository that count days', () => {
  /** Two apps of which the api came after the last of these releases, in a clone of one commit. */
  async function planned(...tags: string[]) {
    await using server = await tempRepository();
    await server.commit('feat: web', { 'apps/web/a': '1' });
    for (const tag of tags) {
      await server.git('tag', tag);
    }
    await server.commits(30, (number) => `fix: ${number}`);
    await server.commit('feat: api', { 'apps/api/a': '1' });
    await using clone = await cloneOf(server, 1);
    return await plans(server, WEB_AND_API, { clone: clone.folder });
  }

  test.each([
    ['2026.04.28', 'v2025.12.01'],
    ['v1.4', 'v1.3'],
  ])('are those of the apps that it had then: %s', async (newest, older) => {
    expect(await planned(older, newest)).toEqual([
      'api-v0.1.0: feat: api',
      expect.stringContaining(`the tag "${newest}" looks like a release of it`),
    ]);
  });

  test('are no matter for an app that has its own', async () => {
    expect((await planned('2026.04.28', 'web-v1.0.0'))[1]).toBe('unchanged since web-v1.0.0');
  });
});

describe('a second app', () => {
  const SOURCES = {
    Dockerfile: 'FROM scratch\n',
    'package.json': '{ "type": "module" }\n',
    'src/a': 'one\ntwo\n',
    'src/b': 'b\n',
  };

  test('that starts with copies of the first one does not go on from its releases', async () => {
    await using repository = await tempRepository();
    await repository.commit('feat: shop', SOURCES);
    await repository.git('tag', 'v1.4.0');
    for (const path of ['Dockerfile', 'package.json', 'src']) {
      await mkdir(join(repository.folder, 'apps', 'shop'), { recursive: true });
      await repository.git('mv', path, `apps/shop/${path}`);
    }
    const { Dockerfile, ...others } = SOURCES;
    await repository.commit('feat: an api', {
      'apps/api/Dockerfile': Dockerfile,
      'apps/api/package.json': others['package.json'],
      'apps/api/main': 'new\n',
    });
    expect(await plans(repository, [app('api', 'apps/api'), app('shop', 'apps/shop')])).toEqual([
      'api-v0.1.0: feat: an api',
      'shop-v1.5.0: feat: an api',
    ]);
  });
});

/** A clone of a repository's main branch, gone at the end of its block. */
async function cloneOf(server: TempRepository, depth: number) {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-clone-'));
  const args = ['--quiet', '--no-tags', '--single-branch', `--depth=${depth}`, `file://${server.folder}`, folder];
  await server.git('clone', ...args);
  return {
    folder,
    size: async () => Number(await git(folder, ['rev-list', '--count', 'HEAD'])),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const shop = [app('shop', '.')];

describe('a shallow clone', () => {
  /** 300 commits with a release near their end, and another branch from before it. */
  async function released() {
    const server = await tempRepository();
    const shas = await server.commits(300, (number) => `fix: ${number}`);
    await server.git('tag', 'v1.0.0', shas[290] ?? '');
    await server.git('checkout', '--quiet', '-b', 'other', shas[285] ?? '');
    return server;
  }

  test.each<[string, string, string[], string | undefined, string]>([
    ['an abandoned prerelease', 'v2.0.0-beta.1', [], undefined, 'v1.0.1'],
    ['an abandoned prerelease, for a prerelease', 'v2.0.0-beta.1', [], 'rc', 'v1.0.1-rc.1'],
    ['a release of another line', 'v2.0.0', [], undefined, 'v1.0.1'],
    ['releases of other lines', 'v2.1.0', ['v3.0.0', 'v1.0.7', 'v4.0.0-rc.1'], undefined, 'v1.0.1'],
  ])('is not fetched whole for %s that is the highest', async (_name, tag, more, prerelease, expected) => {
    await using server = await released();
    for (const name of [tag, ...more]) {
      await server.commit('feat: elsewhere', { [name]: '' });
      await server.git('tag', name);
    }
    await server.git('checkout', '--quiet', 'main');
    await using clone = await cloneOf(server, 1);
    const [plan = ''] = await plans(server, shop, { clone: clone.folder, prerelease });
    expect(plan).toMatch(new RegExp(`^${expected}: fix: 299`));
    expect(await clone.size()).toBeLessThan(100);
  });

  test.each([
    ['tree', 'HEAD^{tree}'],
    ['file', 'HEAD:line'],
  ])('is not fetched whole for the tag of a %s, which is no release', async (_kind, object) => {
    await using server = await released();
    await server.git('checkout', '--quiet', 'main');
    await server.git('tag', 'v9.0.0', object);
    await server.git('tag', '-a', '-m', 'x', 'v9.0.1', object);
    await using clone = await cloneOf(server, 1);
    expect((await plans(server, shop, { clone: clone.folder }))[0]).toMatch(/^v1\.0\.1: fix: 299/);
    expect(await clone.size()).toBeLessThan(100);
  });

  test('gives the version that a whole one gives, whatever the history is', async () => {
    const kind = fc.constantFrom('fix', 'feat', 'docs', 'feat!');
    const version = fc.constantFrom(
      '0.9.0',
      '1.0.0',
      '1.1.0',
      '1.2.0-rc.1',
      '1.9.0',
      '2.0.0-rc.1',
      '3.0.0-beta.1',
      '3.0.0',
    );
    const step = fc.record({
      length: fc.integer({ min: 1, max: 40 }),
      kind,
      from: fc.nat(),
      into: fc.nat(),
      tag: fc.option(version, { freq: 2 }),
    });
    const cases = fc.record({
      steps: fc.array(step, { minLength: 3, maxLength: 8 }),
      depth: fc.integer({ min: 1, max: 80 }),
      prerelease: fc.constantFrom(undefined, 'rc'),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ steps, depth, prerelease }) => {
        await using server = await tempRepository();
        await git(server.folder, ['fast-import', '--quiet'], { input: historyOf(steps) });
        await server.git('reset', '--quiet', '--hard');
        await using clone = await cloneOf(server, depth);
        // Commits of lines that are side by side may change places.
        const sorted = ([plan = '']: string[]) => plan.split(/[:,] /).sort();
        const whole = await plans(server, shop, { prerelease });
        expect(sorted(await plans(server, shop, { prerelease, clone: clone.folder }))).toEqual(sorted(whole));
      }),
      { numRuns: Number(process.env.HISTORIES ?? 6) },
    );
  }, 600_000);
});

interface Step {
  length: number;
  kind: string;
  from: number;
  into: number;
  tag: string | null;
}

/** Lines of commits, each from the end of an earlier one and merged with another earlier one; the last is main. */
function historyOf(steps: readonly Step[]): string {
  let mark = 0;
  const ends: number[] = [];
  const tags = new Map<string, number>();
  const made = steps.flatMap(({ length, kind, from, into, tag }, line) => {
    const parents = [ends[from % (ends.length || 1)], ends[into % (ends.length || 1)]];
    const [first, second] = parents;
    const commits = Array.from({ length }, (_none, at) => {
      mark++;
      const text = `${at === 0 ? kind : 'fix'}: ${line} ${at}`;
      const merged = second !== undefined && second !== first ? `merge :${second}\n` : '';
      const origin = at > 0 ? `from :${mark - 1}\n` : first === undefined ? '' : `from :${first}\n${merged}`;
      return (
        `commit refs/heads/line${line}\nmark :${mark}\ncommitter Ada <ada@acme.dev> ${1_700_000_000 + mark} +0000\n` +
        `data ${text.length}\n${text}\n${origin}M 644 inline line${line}\ndata ${String(mark).length}\n${mark}\n`
      );
    });
    ends.push(mark);
    if (tag !== null) {
      tags.set(tag, mark);
    }
    return commits;
  });
  const resets = [...tags].map(([tag, at]) => `reset refs/tags/v${tag}\nfrom :${at}\n\n`);
  return `${made.join('')}${resets.join('')}reset refs/heads/main\nfrom :${ends.at(-1)}\n\n`;
}
