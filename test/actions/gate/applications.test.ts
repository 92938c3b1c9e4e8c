/** The gate of a cluster whose applications have a repository each, with a branch for each environment and promotions that merge them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LocalRepository } from '../../../src/local/stage.js';
import { webTokenOf } from '../../local/github/support.js';
import { git } from '../../support/git.js';
import { ADA, at, checksOf, GRANTED, type Guarded, open, opsStage, rest, review, runGate } from './support.js';

const POLICY = `environments:
  dev: { branch: dev, repository: "acme/{app}-application", cd: true }
  stage: { branch: stage, repository: "acme/{app}-application", after: dev, promotion: merge }
  prod: { branch: prod, repository: "acme/{app}-application", after: stage, promotion: merge, approvers: [grace] }
apps: { cat: {}, dog: {} }
`;
const COMMON = 'hld/config/common.yaml';
const values = (app: string, tag: string) =>
  `config:\n  image:\n    repository: some-repo/${app}-app\n    tag: ${tag}\n`;

let ops: Guarded;
const apps = new Map<string, LocalRepository>();
beforeAll(async () => {
  const { stage, ops: repository, name } = await opsStage(POLICY);
  for (const app of ['cat', 'dog']) {
    const made = await stage.github.createRepository(`acme/${app}-application`, {
      files: {
        'hld/component.yaml': `name: ${app}\ngenerator: helm\npath: ./chart\n`,
        [COMMON]: values(app, '1.0.0'),
        // Over it, without a version: what is merged into prod is judged by what both come to.
        'hld/config/prod.yaml': 'config: { replicas: 3, proxy: { image: { tag: v3 } } }\n',
      },
    });
    for (const branch of ['dev', 'stage', 'prod']) {
      await git(made.gitDir, ['branch', branch, made.defaultBranch]);
    }
    apps.set(app, made);
  }
  const names = [name, ...[...apps.values()].map((made) => made.name)];
  const { token, installation } = webTokenOf(stage, 'ostack-ops', GRANTED, names);
  const take = async (permissions: object = GRANTED) =>
    at(
      (await rest(stage, `POST /app/installations/${installation}/access_tokens`, { permissions }, token)).body,
      'token',
    );
  ops = { stage, ops: repository, name, app: await take(), take };
});
afterAll(() => ops.stage.close());

/** An application's repository, as support of the gate takes one. */
function application(app: string): Guarded {
  const made = apps.get(app) ?? ops.ops;
  return { ...ops, ops: made, name: made.name };
}

/** What the gate says of a branch that is to be merged into another one. */
async function gateOf(app: string, from: string, into: string): Promise<string | undefined> {
  const head = (await application(app).ops.refs())[`refs/heads/${from}`] ?? '';
  return (await checksOf(application(app), head))[`oStack / gate into ${into}`];
}

test('a version goes from dev to stage to prod in each application by itself, and around no branch', async () => {
  const [cat, dog] = [application('cat'), application('dog')];
  await cat.ops.commit('dev', { [COMMON]: values('cat', '1.1.0') }, 'cat 1.1.0', ADA);
  await dog.ops.commit('stage', { [COMMON]: values('dog', '2.0.0') }, 'dog 2.0.0', ADA);
  await open(cat, 'dev', { base: 'stage' });
  await open(cat, 'dev', { base: 'prod' });
  const promotion = await open(dog, 'stage', { base: 'prod' });
  const run = await runGate(ops);
  expect(run.stdout).not.toContain('::error');
  expect(await gateOf('cat', 'dev', 'stage')).toMatch(/^success: Allowed: stage: Takes cat 1\.1\.0/);
  expect(await gateOf('cat', 'dev', 'prod')).toMatch(/^failure: Refused/);
  expect(await gateOf('dog', 'stage', 'prod')).toBe('failure: Not yet: prod: 0 of 1 approval: waits for grace.');
  await review(dog, promotion, 'grace');
  await runGate(ops);
  expect(await gateOf('dog', 'stage', 'prod')).toMatch(/^success: Allowed: prod: Takes dog 2\.0\.0; approved by grace/);
  // What was allowed in one application says nothing of another one.
  expect(await gateOf('cat', 'dev', 'prod')).toMatch(/^failure: Refused/);
});

test('a branch that is called as the right one brings nothing that its environment before does not run', async () => {
  const cat = application('cat');
  const forged = { [COMMON]: values('cat', '6.6.6') };
  const fork = await ops.stage.github.fork(cat.name, 'mallory/cat-application');
  const theirs = await fork.commit('dev', forged, 'feat: better cats', { name: 'Mallory', email: 'm@mallory.dev' });
  await open(cat, 'mallory:dev', { base: 'stage' });
  // By the name of a rollback, which the guard of names takes.
  const renamed = 'ostack-rollback/stage/cat';
  await cat.ops.setRef(`refs/heads/${renamed}`, (await cat.ops.refs())['refs/heads/stage'] ?? '');
  const ours = await cat.ops.commit(renamed, forged, 'Roll back cat', ADA);
  await open(cat, renamed, { base: 'stage' });
  const run = await runGate(ops);
  expect(run.stdout).not.toContain('::error');
  for (const head of [theirs, ours]) {
    expect((await checksOf(cat, head))['oStack / gate into stage']).toMatch(
      /^failure: Refused by stage: stage takes cat 6\.6\.6 only once it is in dev/,
    );
  }
});

test.each([
  ['comes newly over the one of all', { 'hld/config/stage.yaml': 'config: { image: { tag: 6.6.6 } }\n' }],
  ['comes in JSON', { 'hld/config/stage.json': '{ "config": { "image": { "tag": "6.6.6" } } }\n' }],
  ['comes with its repository', { 'hld/config/stage.yaml': values('dog', '6.6.6') }],
  [
    'takes the place of the one of all, which goes',
    { 'hld/config/stage.yaml': values('dog', '6.6.6'), [COMMON]: null },
  ],
])('a version is judged in a file of the environment that %s', async (what, files) => {
  const dog = application('dog');
  const branch = what.replaceAll(/\W+/g, '-');
  await dog.ops.setRef(`refs/heads/${branch}`, (await dog.ops.refs())['refs/heads/stage'] ?? '');
  const head = await dog.ops.commit(branch, files, 'feat: better dogs', ADA);
  await open(dog, branch, { base: 'stage' });
  const run = await runGate(ops);
  expect(run.stdout).not.toContain('::error');
  expect((await checksOf(dog, head))['oStack / gate into stage']).toMatch(
    /^failure: Refused by stage: .*stage takes dog 6\.6\.6 (with \S+ )?only once it is in dev/,
  );
});

test('a version that lies under the one of the environment is judged when that is taken away', async () => {
  const dog = application('dog');
  const over = 'hld/config/stage.yaml';
  await dog.ops.commit(
    'stage',
    { [COMMON]: values('dog', '6.6.6'), [over]: 'config: { image: { tag: 1.0.0 } }\n' },
    'x',
  );
  await dog.ops.setRef('refs/heads/bare', (await dog.ops.refs())['refs/heads/stage'] ?? '');
  const head = await dog.ops.commit('bare', { [over]: 'config: { replicas: 2 }\n' }, 'chore: clean', ADA);
  await open(dog, 'bare', { base: 'stage' });
  await runGate(ops);
  expect((await checksOf(dog, head))['oStack / gate into stage']).toMatch(
    /^failure: Refused by stage: .*stage takes dog 6\.6\.6 (with \S+ )?only once it is in dev/,
  );
});
