import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { git } from '../../support/git.js';
import { playground, runWorkflow } from './support.js';

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
};

describe('the stand-in for actions/checkout', () => {
  test('checks out the commit of the run, shallow, without tags, and says that it is a stand-in', async () => {
    await using ground = await playground({
      'acme/apps': {
        '.github/workflows/a.yml': `
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
        with: { persist-credentials: false }
      - run: echo "shallow $(git rev-list --count HEAD) $(git tag | wc -l) $(git branch --show-current) [$(git config --get-regexp extraheader)]"
      - uses: actions/checkout@v7
        with: { fetch-depth: 0, path: full }
      - run: echo "full $(git rev-list --count HEAD) $(git tag) $(git config --get-regexp extraheader | cut -d' ' -f2-3)"
        working-directory: full
      - uses: actions/checkout@v7
        with: { path: full }
      - run: echo "again $(git config --get-all "http.$GITHUB_SERVER_URL/.extraheader" | wc -l)"
        working-directory: full
      - uses: actions/checkout@v7
        with: { path: thin, filter: "blob:none", persist-credentials: false }
      - run: echo "thin $(cat thin/b)"
      - uses: actions/checkout@v7
        with: { repository: acme/other, ref: topic, path: other }
      - run: echo "other $(cat other/file.txt)"
`,
      },
      'acme/other': { 'file.txt': 'on main' },
    });
    const { stage, runner } = ground;
    const apps = stage.github.repository('acme/apps');
    await apps.commit('main', { b: '1' }, 'second');
    const { 'refs/heads/main': tip = '' } = await apps.refs();
    await apps.setRef('refs/tags/v1', tip);
    await stage.github.repository('acme/other').commit('topic', { 'file.txt': 'on topic' }, 'topic');
    const [run] = await runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    // The job's own token reaches its own repository only.
    expect(run?.jobs[0]?.annotations[0]?.message).toMatch(/^The process 'git fetch .*' failed with exit code 128: /);
    expect(ground.log()).toEqual(
      expect.arrayContaining([
        'A stand-in of the local runner does the work of actions/checkout@v7.',
        'shallow 1 0 main []',
        'full 2 v1 AUTHORIZATION: basic',
        'again 1',
        'thin 1',
      ]),
    );
  });

  test('checks out modules where it is asked to', async () => {
    await using ground = await playground({
      'acme/apps': {
        '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ../apps\n',
        'file.txt': 'in the module\n',
        '.github/workflows/a.yml': `
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
        with: { persist-credentials: false }
      - run: echo "without [$(ls lib)]"
      - uses: actions/checkout@v7
        with: { submodules: true, persist-credentials: false }
      - run: echo "with $(cat lib/file.txt), [$(ls lib/lib)]"
`,
      },
    });
    const apps = ground.stage.github.repository('acme/apps');
    const { 'refs/heads/main': tip = '' } = await apps.refs();
    const bare = (...args: string[]) => git(apps.gitDir, args, { env: IDENTITY });
    await bare('read-tree', tip);
    await bare('update-index', '--add', '--cacheinfo', `160000,${tip},lib`);
    const commit = await bare('commit-tree', '-p', tip, '-m', 'feat: module', await bare('write-tree'));
    await apps.setRef('refs/heads/main', commit);
    const [run] = await ground.runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    expect(run?.jobs[0]?.annotations).toEqual([]);
    expect(ground.log()).toEqual(expect.arrayContaining(['without []', 'with in the module, []']));
  });

  test.each([
    ['sparse-checkout: docs', 'The stand-in for actions/checkout@v7 does not support "sparse-checkout: docs".'],
    ['path: ../..', "is not under '"],
    ['fetch-depth: all', 'Input "fetch-depth" is "all", expected a whole number.'],
  ])('refuses %s', async (input, message) => {
    const { run } = await runWorkflow(
      `on: workflow_dispatch\njobs: { a: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v7, with: { ${input} } }] } }\n`,
    );
    expect(run.jobs[0]?.annotations[0]?.message).toContain(message);
  });
});

const privateKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const theKey = privateKey();

describe('the stand-in for actions/create-github-app-token', () => {
  const workflow = (inputs: string) => `
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: app
        uses: actions/create-github-app-token@v3
        with: { private-key: "\${{ secrets.APP_KEY }}", ${inputs} }
      - env: { TOKEN: "\${{ steps.app.outputs.token }}" }
        run: |
          call() { curl -s -o /dev/null -w "%{http_code}" -H "Authorization: Bearer $TOKEN" "$@"; }
          tag() { call -X POST -d "{\\"ref\\":\\"refs/tags/x\\",\\"sha\\":\\"$(curl -s -H "Authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/$1/git/ref/heads/main" | grep -o '[0-9a-f]\\{40\\}' | head -1)\\"}" "$GITHUB_API_URL/repos/$1/git/refs"; }
          echo "slug \${{ steps.app.outputs.app-slug }} token $TOKEN"
          echo "ops $(tag acme/ops) apps $(call "$GITHUB_API_URL/repos/acme/apps/git/ref/heads/main")"
`;

  async function attempt(inputs: string, key = theKey) {
    await using ground = await playground({
      'acme/apps': { '.github/workflows/a.yml': workflow(inputs) },
      'acme/ops': { a: '1' },
    });
    ground.runner.apps.register({
      slug: 'deployer',
      clientId: 'Iv1.test',
      privateKey: theKey,
      repositories: ['acme/ops', 'acme/apps'],
      permissions: { contents: 'write', metadata: 'read' },
    });
    ground.runner.secrets.set('acme', { APP_KEY: key });
    const [run] = await ground.runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    return { log: ground.log(), problem: run?.jobs[0]?.annotations[0]?.message };
  }

  test('gives a masked token for the named repositories only', async () => {
    const { log, problem } = await attempt('client-id: Iv1.test, owner: acme, repositories: ops');
    expect(problem).toBeUndefined();
    expect(log).toEqual(expect.arrayContaining(['slug deployer token ***', 'ops 201 apps 404']));
  });

  test('gives no more than the permissions that are asked for', async () => {
    const { log } = await attempt(
      'client-id: Iv1.test, owner: acme, repositories: "ops,apps", permission-contents: read',
    );
    expect(log).toContain('ops 403 apps 200');
  });

  test.each([
    ['client-id: Iv1.test, repositories: nowhere', theKey, 'Not Found: deployer is not installed on acme/nowhere'],
    [
      'client-id: Iv1.test, permission-issues: write',
      theKey,
      'The permissions requested are not granted to this installation.',
    ],
    ['client-id: Iv1.test, repositories: ops', privateKey(), 'A JSON web token could not be decoded'],
    ['client-id: Iv1.test, repositories: ops', '', 'Input required and not supplied: private-key'],
    ['client-id: Iv1.other', theKey, 'Integration not found: no GitHub App with id "Iv1.other"'],
  ])('fails as GitHub does: %s', async (inputs, key, message) => {
    const { problem } = await attempt(inputs, key);
    expect(problem).toContain(message);
  });
});
