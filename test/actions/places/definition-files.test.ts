/** A release of an application with a definition, into `hld/config` in whatever form its files are, and its promotion from there. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { git } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';
import { errorsOf, stageEnv } from '../bump-ops-overlay/support.js';

/** Files in `hld/config`, with APP for the name of the application. */
type Files = Record<string, string>;

const IMAGE = 'config:\n  image:\n    repository: r/APP\n    tag: v1.0.0\n';
const REPOSITORY = 'config:\n  image:\n    repository: r/APP\n';
const TAG = 'config:\n  image:\n    tag: v1.0.0\n';
const PROXY = 'config:\n  proxy:\n    image: { repository: envoy, tag: v3 }\n';

/** What a release changes, as lines of a diff; and what stage, which has the same files, gets of it by a promotion. */
const SET: [what: string, files: Files, lines: string[], promoted?: string[]][] = [
  ['the file of all environments, where there is no other', { 'common.yaml': IMAGE }, ['common.yaml     tag: v1.1.0']],
  ['the file of the environment, where there is no other', { 'dev.yaml': IMAGE }, ['dev.yaml     tag: v1.1.0']],
  [
    'a tag of the environment, where all have the repository',
    { 'dev.yaml': TAG, 'stage.yaml': TAG, 'common.yaml': REPOSITORY },
    ['dev.yaml     tag: v1.1.0'],
    ['stage.yaml     tag: v1.1.0'],
  ],
  [
    'a tag of the environment, and a promotion adds one where the next environment has none',
    { 'dev.yaml': TAG, 'common.yaml': REPOSITORY },
    ['dev.yaml     tag: v1.1.0'],
    ['common.yaml     tag: v1.1.0'],
  ],
  [
    'the tag of all, where the environment has a repository of its own',
    { 'dev.yaml': REPOSITORY, 'common.yaml': TAG },
    ['common.yaml     tag: v1.1.0'],
  ],
  [
    'the tag of all, where the environment says only versions of others',
    { 'dev.yaml': PROXY, 'common.yaml': IMAGE },
    ['common.yaml     tag: v1.1.0'],
    ['common.yaml     tag: v1.1.0'],
  ],
  [
    'the tag of all, where the environment says only a tag of something else',
    { 'dev.yaml': 'config:\n  proxy:\n    image: { tag: v3 }\n', 'common.yaml': IMAGE },
    ['common.yaml     tag: v1.1.0'],
    ['common.yaml     tag: v1.1.0'],
  ],
  [
    'both, where both say the version, so that no older one comes back with a merge',
    { 'dev.yaml': IMAGE, 'common.yaml': IMAGE.replace('1.0.0', '0.9.0') },
    ['common.yaml     tag: v1.1.0', 'dev.yaml     tag: v1.1.0'],
    ['common.yaml     tag: v1.1.0'],
  ],
  [
    'both, where the environment leaves it open',
    { 'dev.yaml': 'config:\n  image:\n    tag:\n', 'common.yaml': IMAGE },
    ['common.yaml     tag: v1.1.0', 'dev.yaml     tag: v1.1.0'],
  ],
  [
    'a value with comments and quotes, which stay',
    { 'dev.yaml': 'config:\n  image:\n    repository: r/APP\n    # above\n    tag: "v1.0.0"   # beside\n' },
    ['dev.yaml     tag: "v1.1.0"   # beside'],
  ],
  [
    'a value of a list, by its repository',
    {
      'dev.yaml': `config:\n  images:\n    - repository: r/other\n      tag: v3\n    - repository: r/APP\n      tag: v1\n`,
    },
    ['dev.yaml       tag: v1.1.0'],
  ],
  [
    'JSON on one line',
    { 'dev.json': '{ "config": { "image": { "repository": "r/APP", "tag": "v1.0.0" } } }\n' },
    ['dev.json { "config": { "image": { "repository": "r/APP", "tag": "v1.1.0" } } }'],
  ],
  [
    'JSON of the environment over YAML of all',
    {
      'dev.json': '{\n  "config": {\n    "image": {\n      "tag": "v1.0.0"\n    }\n  }\n}\n',
      'common.yaml': REPOSITORY,
    },
    ['dev.json       "tag": "v1.1.0"'],
  ],
  [
    'YAML, where there is JSON of the same name, which nobody reads',
    { 'dev.yaml': IMAGE, 'dev.json': '{ "config": { "image": { "repository": "r/APP", "tag": "v0.1.0" } } }\n' },
    ['dev.yaml     tag: v1.1.0'],
  ],
  [
    'what is read, where there is a file of another ending, which is not',
    { 'dev.yml': IMAGE, 'common.yaml': IMAGE },
    ['common.yaml     tag: v1.1.0'],
  ],
  [
    'the tag of a part that is called after the application',
    { 'dev.yaml': 'subcomponents:\n  APP:\n    config:\n      image:\n        tag: v1.0.0\n' },
    ['dev.yaml         tag: v1.1.0'],
  ],
  [
    'the tag of the one part that has one',
    { 'dev.yaml': 'subcomponents:\n  chart:\n    config:\n      image:\n        tag: v1.0.0\n' },
    ['dev.yaml         tag: v1.1.0'],
  ],
  ['a number, which becomes a text', { 'dev.yaml': IMAGE.replace('v1.0.0', '1.0') }, ['dev.yaml     tag: v1.1.0']],
  ['lines that end as on Windows', { 'dev.yaml': IMAGE.replaceAll('\n', '\r\n') }, ['dev.yaml     tag: v1.1.0\r']],
];

const REFUSED: [what: string, files: Files, message: RegExp][] = [
  [
    'there is no configuration',
    {},
    /^hld\/config has neither dev\.yaml nor common\.yaml, so no version is there\.\nAdd hld\/config\/common\.yaml:\n+config:\n {2}image:\n {4}repository/,
  ],
  [
    'its name ends as nobody reads it',
    { 'dev.yml': IMAGE },
    /so no version is there\. dev\.yml is not read: its name has to end in \.yaml or \.json\.\nAdd/,
  ],
  ['that of all does', { 'common.yml': IMAGE }, / common\.yml is not read: its name has to end in/],
  [
    'nothing in it says the version',
    { 'common.yaml': 'config:\n  replicas: 2\n' },
    /^Nothing in hld\/config\/common\.yaml carries the version of r\/[\w-]+ .*\nAdd to hld\/config\/common\.yaml:\n+config:\n {2}image:\n {4}repository: r\/[\w-]+\n {4}tag: "v1\.1\.0"\n*$/,
  ],
  [
    'an anchor gives the value to others',
    { 'dev.yaml': IMAGE.replace('v1', '&t v1').concat('  label: *t\n') },
    /^hld\/config\/dev\.yaml:4: config\.image\.tag is part of the anchor &t, whose alias on line 5 would change too\. Write the value out/,
  ],
  [
    'it is an alias',
    { 'dev.yaml': 'config:\n  label: &t v1.0.0\n  image:\n    repository: r/APP\n    tag: *t\n' },
    /^hld\/config\/dev\.yaml:5: config\.image\.tag is the alias \*t of the value on line 2, which would change too/,
  ],
  [
    'it is of another part',
    { 'dev.yaml': 'subcomponents:\n  redis:\n    config:\n      image:\n        tag: v1.0.0\n' },
    /There is a tag without a repository, and whose it is is not clear: hld\/config\/dev\.yaml:5 \(v1\.0\.0\)/,
  ],
  [
    'it is no YAML',
    { 'dev.yaml': 'config:\n  image: { repository: r/APP\n' },
    /^hld\/config\/dev\.yaml:\d+:\d+: not valid YAML/,
  ],
];

const apps = [...SET, ...REFUSED, 'copied'].map((_, index) => `app-${index}`);
const POLICY = `environments:
  dev: { branch: dev, repository: "acme/{app}", cd: true }
  stage: { branch: stage, repository: "acme/{app}", after: dev, cd: true }
  prod: { branch: prod, repository: "acme/{app}", after: stage, cd: true }
apps: { ${apps.map((app) => `${app}: {}`).join(', ')} }
`;

let stage: Stage;
let made = 0;
beforeAll(async () => {
  stage = await startStage();
  await stage.github.createRepository('acme/cluster', { files: { 'ostack.yaml': POLICY } });
});
afterAll(() => stage.close());

const run = (action: string, inputs: Record<string, string>) =>
  runAction({
    action,
    inputs: { token: stage.token, 'ops-repository': 'acme/cluster', 'apps-token': '', ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/cluster', GITHUB_ACTOR: 'ada', PATH: '/nowhere' },
  });

/** The repository of the next application, and what is done with it. */
async function application(files: Files) {
  const app = `app-${made++}`;
  const configuration = Object.entries(files).map(([name, text]) => [
    `hld/config/${name}`,
    text.replaceAll('APP', app),
  ]);
  const { gitDir, defaultBranch } = await stage.github.createRepository(`acme/${app}`, {
    files: { 'hld/component.yaml': 'name: app\ntype: helm\npath: ./chart\n', ...Object.fromEntries(configuration) },
  });
  await git(gitDir, ['branch', 'dev', defaultBranch]);
  await git(gitDir, ['branch', 'stage', defaultBranch]);
  await git(gitDir, ['branch', 'prod', defaultBranch]);
  return {
    app,
    release: () => run('bump-ops-overlay', { app, image: `r/${app}`, tag: 'v1.1.0', environments: 'dev' }),
    promote: (to = 'stage') => run('promote', { to, apps: app }),
    /** The lines that a branch has and the first commit has not, each with the name of its file. */
    async linesOn(branch: string): Promise<string[]> {
      const diff = await git(gitDir, ['diff', '--unified=0', `${defaultBranch}..${branch}`]);
      return diff
        .split('\n+++ b/hld/config/')
        .slice(1)
        .flatMap((part) => {
          const [name = '', ...lines] = part.split('\n');
          const added = lines.filter((line) => line.startsWith('+'));
          return added.map((line) => `${name.trim()} ${line.slice(1).replaceAll(app, 'APP')}`);
        });
    },
  };
}

describe('A release sets', () => {
  test.each(SET.map(([what, files, lines, promoted]) => ({ what, files, lines, promoted })))('$what', async (row) => {
    const { files, lines, promoted } = row;
    const { release, promote, linesOn } = await application(files);
    expect(errorsOf(await release())).toBe('');
    expect(await linesOn('dev')).toEqual(lines);
    if (promoted !== undefined) {
      expect(errorsOf(await promote())).toBe('');
      expect(await linesOn('stage')).toEqual(promoted);
    }
  });
});

describe('A release is refused, and nothing is changed, where', () => {
  test.each(REFUSED)('%s', async (_what, files, message) => {
    const { release, linesOn } = await application(files);
    expect(errorsOf(await release())).toMatch(message);
    expect(await linesOn('dev')).toEqual([]);
  });
});

test('Where each environment says its own, promotions copy the version, a rollback takes one back, and its hold keeps it', async () => {
  const own = ['dev', 'stage', 'prod'].map((name) => [`${name}.yaml`, TAG] as const);
  const { app, release, promote, linesOn } = await application({
    'common.yaml': REPOSITORY,
    ...Object.fromEntries(own),
  });
  const every = () => Promise.all(['dev', 'stage', 'prod'].map(linesOn));
  await release();
  expect([errorsOf(await promote()), errorsOf(await promote('prod'))]).toEqual(['', '']);
  const changed = ['dev', 'stage', 'prod'].map((name) => [`${name}.yaml     tag: v1.1.0`]);
  expect(await every()).toEqual(changed);
  const back = { environment: 'stage', app, reason: 'Cats bark', direct: 'true' };
  expect(errorsOf(await run('rollback', back))).toBe('');
  expect((await linesOn('stage')).filter((line) => line.includes('tag:'))).toEqual([]);
  const held = await promote();
  expect(JSON.parse(held.outputs.promotions ?? '[]')).toMatchObject([{ state: 'held' }]);
  const { summary } = await run('status', {});
  const row = summary.split('\n').find((line) => line.includes(app.replace('-', '\\-')));
  expect(row).toMatch(/`1\.1\.0`[^|]*\| `1\.0\.0`[^|]*on hold[^|]*\| `1\.1\.0`/);
});

describe('A cluster with one definition for all applications, in one repository', () => {
  const parts = (texts: Record<string, string>) =>
    `subcomponents:\n${Object.entries(texts)
      .map(([app, text]) => `  ${app}:\n${text.replaceAll(/^/gm, '    ').trimEnd()}\n`)
      .join('')}`;
  const both = (text: string) => parts({ cat: text.replaceAll('APP', 'cat'), dog: text.replaceAll('APP', 'dog') });
  const ENVIRONMENTS = 'environments: { dev: { cd: true }, prod: { after: dev } }\n';
  const PLACES = 'overlays:\n  - "hld/config/{environment}.yaml"\n';

  test.each([
    ['with their repositories', both(IMAGE), both('namespace: APP\n')],
    ['alone, where all have their repositories', both(TAG), both(REPOSITORY)],
  ])('has the versions of each %s', async (what, own, common) => {
    const name = `acme/cluster-${what.replaceAll(/\W+/g, '-')}`;
    const cluster = await stage.github.createRepository(name, {
      files: {
        'ostack.yaml': ENVIRONMENTS,
        'hld/component.yaml': 'name: all\n',
        ...{ 'hld/config/dev.yaml': own, 'hld/config/prod.yaml': own, 'hld/config/common.yaml': common },
      },
    });
    const inCluster = (action: string, inputs: Record<string, string>) =>
      run(action, { 'ops-repository': name, ...inputs }).then(errorsOf);
    const tags = async (environment: string) =>
      ((await cluster.read('main', `hld/config/${environment}.yaml`)) ?? '').match(/tag: \S+/g);
    const release = (app: string, tag: string) =>
      inCluster('bump-ops-overlay', { app, image: `r/${app}`, tag, environments: 'dev' });

    const asked = await release('cat', 'v1.1.0');
    expect(asked).toContain(PLACES);
    await cluster.commit('main', { 'ostack.yaml': ENVIRONMENTS + PLACES }, 'chore: say where versions are');
    expect([await release('cat', 'v1.1.0'), await release('dog', 'v1.2.0')]).toEqual(['', '']);
    expect(await tags('dev')).toEqual(['tag: v1.1.0', 'tag: v1.2.0']);
    expect(await inCluster('promote', { to: 'prod', merge: 'true' })).toBe('');
    expect(await tags('prod')).toEqual(['tag: v1.1.0', 'tag: v1.2.0']);
    const back = { environment: 'prod', app: 'dog', reason: 'Dogs meow', direct: 'true' };
    expect(await inCluster('rollback', back)).toBe('');
    expect(await tags('prod')).toEqual(['tag: v1.1.0', 'tag: v1.0.0']);
    expect(await cluster.read('main', 'hld/config/common.yaml')).toBe(common);
  });
});
