import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import { repositoryReader } from '../../../src/github/repository-reader.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { healthReader } from '../../../src/ops/live/environment-health.js';
import type { Layout } from '../../../src/ops/overlays/layout.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';

const ADA = { name: 'Ada', email: 'ada@acme.dev' };
const overlay = (version: string) => `images: [{ name: ghcr.io/acme/web, newTag: ${version} }]\n`;
const path = (environment: string) => `overlays/${environment}/web/kustomization.yaml`;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

/** A layout in which a Kustomization deploys the app of each environment. */
function layoutOf(environments: readonly string[]): Layout {
  const deployedBy = environments.map((name) => ({
    ...{ file: `clusters/${name}/web.yaml`, object: `Kustomization/web-${name}`, name: `web-${name}` },
    ...{ path: `overlays/${name}/web`, values: [], revision: undefined, isSetting: false, isSet: false },
  }));
  return { templates: ['overlays/{environment}/{app}'], deployedBy };
}

async function historiesOf(
  ops: LocalRepository,
  environments: readonly string[],
  { token = stage.token, more = '' }: { token?: string; more?: string } = {},
) {
  const [owner = '', name = ''] = ops.name.split('/');
  const github = connect({ token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const repository = { owner, name };
  const head = (await ops.refs())[`refs/heads/${ops.defaultBranch}`] ?? '';
  const ready = environments.map((each) => `${each}: { ready: { creators: [flux] }${more} }`).join(', ');
  const policy = readPolicy(`environments: { ${ready} }`);
  const reader = repositoryReader(github, repository, 'Live');
  const read = healthReader({ ops: { github, repository }, reader, head }, () => new Date());
  const held: HeldOnce = {
    complete: true,
    entries: [{ oid: head, at: new Date(), present: true, version: '1', targets: [] }],
  };
  const found = environments.map((each) => read(layoutOf(environments), environmentPolicy(policy, each), held));
  return { head, histories: (await Promise.all(found)).map(({ health }) => health) };
}

async function healthOf(ops: LocalRepository, environments: readonly string[], token = stage.token) {
  const { histories } = await historiesOf(ops, environments, { token });
  return histories.map((health) => `${health?.now.state}: ${health?.now.reason}`);
}

async function post(token: string, at: string, body: unknown, method = 'POST') {
  const answer = await fetch(`${stage.apiUrl}${at}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([200, 201]).toContain(answer.status);
}

/** As Flux posts it. */
function report(token: string, ops: LocalRepository, oid: string, state: string, name = 'web-staging') {
  const context = `kustomization/${name}/3921d3b4`;
  return post(token, `/repos/${ops.name}/statuses/${oid}`, { state, description: 'said', context });
}

test('who is not named by the policy can neither say that something is live nor cover that it failed', async () => {
  const ops = await stage.github.createRepository('acme/forged', { files: { [path('staging')]: overlay('1.0.0') } });
  const [flux, mallory] = [stage.github.issueToken({ actor: 'flux' }), stage.github.issueToken({ actor: 'mallory' })];
  await ops.commit('main', { [path('staging')]: overlay('1.1.0') }, 'web 1.1.0', ADA);
  const head = (await ops.refs())['refs/heads/main'] ?? '';
  await report(mallory, ops, head, 'success');
  expect(await healthOf(ops, ['staging'])).toEqual(['pending: kustomization/web-staging has not reported yet']);
  await report(flux, ops, head, 'failure');
  expect(await healthOf(ops, ['staging'])).toEqual(['failed: kustomization/web-staging/3921d3b4: said']);
  await report(mallory, ops, head, 'success');
  expect(await healthOf(ops, ['staging'])).toEqual(['failed: kustomization/web-staging/3921d3b4: said']);
  await report(flux, ops, head, 'success');
  await report(mallory, ops, head, 'failure');
  expect(await healthOf(ops, ['staging'])).toEqual(['live: kustomization/web-staging/3921d3b4: said']);
});

test('a change that a merge brought is that of the merge, and what was reported before says nothing of it', async () => {
  const ops = await stage.github.createRepository('acme/merged', { files: { [path('staging')]: overlay('1.0.0') } });
  const flux = stage.github.issueToken({ actor: 'flux' });
  await report(flux, ops, (await ops.refs())['refs/heads/main'] ?? '', 'success');
  await ops.commit('bump', { [path('staging')]: overlay('1.1.0') }, 'web 1.1.0', ADA);
  await ops.commit('main', { 'README.md': 'another\n' }, 'another', ADA);
  await report(flux, ops, (await ops.refs())['refs/heads/main'] ?? '', 'success');
  await post(stage.token, `/repos/${ops.name}/pulls`, { title: 'web', head: 'bump', base: 'main' });
  await post(stage.token, `/repos/${ops.name}/pulls/1/merge`, { merge_method: 'merge' }, 'PUT');
  expect(await healthOf(ops, ['staging'])).toEqual([
    'pending: kustomization/web-staging/3921d3b4 has not reported yet',
  ]);
});

test('what was reported of a merge says it of what the merge brought, whatever came after it', async () => {
  const ops = await stage.github.createRepository('acme/after', { files: { [path('staging')]: overlay('1.0.0') } });
  await ops.commit('bump', { [path('staging')]: overlay('1.1.0') }, 'web 1.1.0', ADA);
  await ops.commit('main', { 'README.md': 'another\n' }, 'another', ADA);
  await post(stage.token, `/repos/${ops.name}/pulls`, { title: 'web', head: 'bump', base: 'main' });
  await post(stage.token, `/repos/${ops.name}/pulls/1/merge`, { merge_method: 'merge' }, 'PUT');
  await report(stage.github.issueToken({ actor: 'flux' }), ops, (await ops.refs())['refs/heads/main'] ?? '', 'success');
  await ops.commit('main', { 'README.md': 'a third\n' }, 'a third', ADA);
  expect(await healthOf(ops, ['staging'])).toEqual(['live: kustomization/web-staging/3921d3b4: said']);
});

test('what is checked of a version is said by who runs Ops watch, and by nobody else', async () => {
  const ops = await stage.github.createRepository('acme/checked', { files: { [path('staging')]: overlay('1.0.0') } });
  const [flux, mallory] = [stage.github.issueToken({ actor: 'flux' }), stage.github.issueToken({ actor: 'mallory' })];
  const watcher = stage.github.issueToken({ actor: 'github-actions[bot]' });
  const check = async (token: string, state: string) => {
    const { head } = await historiesOf(ops, ['staging']);
    await post(token, `/repos/${ops.name}/statuses/${head}`, {
      ...{ state, description: 'said', context: 'ostack/verify/staging/web' },
    });
  };
  const states = async () => {
    const more = ', verify: { workflow: smoke.yml }';
    const { head, histories } = await historiesOf(ops, ['staging'], { more });
    return histories.map((health) => [health?.of('web', head, undefined).state, health?.now.state]);
  };
  await report(flux, ops, (await ops.refs())['refs/heads/main'] ?? '', 'success');
  await check(flux, 'success');
  await check(mallory, 'success');
  expect(await states()).toEqual([['progressing', 'live']]);
  await check(watcher, 'failure');
  await check(flux, 'success');
  expect(await states()).toEqual([['failed', 'failed']]);
  await check(watcher, 'success');
  await check(mallory, 'failure');
  expect(await states()).toEqual([['live', 'live']]);
});

test('who runs Ops watch says nothing of a cluster', async () => {
  const ops = await stage.github.createRepository('acme/watcher', { files: { [path('staging')]: overlay('1.0.0') } });
  const watcher = stage.github.issueToken({ actor: 'github-actions[bot]' });
  await report(watcher, ops, (await ops.refs())['refs/heads/main'] ?? '', 'success');
  expect(await healthOf(ops, ['staging'])).toEqual(['pending: kustomization/web-staging has not reported yet']);
});

test('what is set over reports of more commits than are listed lets nothing older count', async () => {
  const ops = await stage.github.createRepository('acme/covered', { files: { [path('staging')]: overlay('1.0.0') } });
  const [flux, mallory] = [stage.github.issueToken({ actor: 'flux' }), stage.github.issueToken({ actor: 'mallory' })];
  await report(flux, ops, (await ops.refs())['refs/heads/main'] ?? '', 'success');
  const failed = await ops.commit('main', { 'README.md': 'one\n' }, 'one', ADA);
  await report(flux, ops, failed, 'failure');
  await report(mallory, ops, failed, 'success');
  for (let commit = 0; commit < 10; commit++) {
    await report(mallory, ops, await ops.commit('main', { 'README.md': `${commit}\n` }, 'more', ADA), 'success');
  }
  expect(await healthOf(ops, ['staging'])).toEqual([
    expect.stringMatching(/^progressing: kustomization\/web-staging\/3921d3b4: others have set so much over it/),
  ]);
});

test('two hundred environments are read in as many requests as one', async () => {
  const names = Array.from({ length: 200 }, (_, index) => `e${index}`);
  const files = Object.fromEntries(names.map((name) => [path(name), overlay('1.0.0')]));
  const ops = await stage.github.createRepository('acme/many', { files });
  const head = (await ops.refs())['refs/heads/main'] ?? '';
  await report(stage.github.issueToken({ actor: 'flux' }), ops, head, 'success', 'web-e7');
  const before = stage.github.requests.length;
  const all = await healthOf(ops, names);
  expect(all[7]).toBe('live: kustomization/web-e7/3921d3b4: said');
  expect(all[8]).toBe('pending: kustomization/web-e8 has not reported yet');
  expect(stage.github.requests.length - before).toBeLessThanOrEqual(3);
});

test('what the token may not read is unknown, and says which permission it takes', async () => {
  const ops = await stage.github.createRepository('acme/closed', {
    files: { [path('staging')]: overlay('1.0.0') },
  });
  const token = stage.github.issueToken({ actor: 'ostack[bot]', permissions: { contents: 'read' } });
  expect(await healthOf(ops, ['staging'], token)).toEqual([expect.stringMatching(/^unknown: .*"statuses: read"/)]);
});
