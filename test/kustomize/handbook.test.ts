import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalRepository, type Stage, seededDelays, startStage } from '../../src/local/stage.js';
import { errorsOf, stageEnv } from '../actions/bump-ops-overlay/support.js';
import { manifestsOn, materialize } from '../actions/materialize/support.js';
import { git } from '../support/git.js';
import { runAction } from '../support/run-action.js';

/**
 * The workflow with a repository for each application, which has a branch for each environment, and one for the cluster, whose
 * definition takes in those branches: releases, promotions and rollbacks move applications' branches, and materialize follows.
 */
const ENVIRONMENTS = ['dev', 'stage', 'prod'];
const APPS = ['cat', 'dog'];
const POLICY = `environments:
  dev: { branch: dev, repository: "acme/{app}-application", cd: true }
  stage: { branch: stage, repository: "acme/{app}-application", after: dev, promotion: merge }
  prod: { branch: prod, repository: "acme/{app}-application", after: stage, promotion: merge }
apps: { cat: {}, dog: {} }
`;

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
`;

const application = (app: string) => ({
  'hld/component.yaml': `name: ${app}-application\ngenerator: helm\npath: ./${app}-chart\n`,
  'hld/config/common.yaml': `config:\n  image:\n    repository: some-repo/${app}-app\n    tag: v1.0.0\n`,
  [`hld/${app}-chart/Chart.yaml`]: `apiVersion: v2\nname: ${app}-chart\nversion: 0.1.0\n`,
  [`hld/${app}-chart/templates/deployment.yaml`]: DEPLOYMENT,
});

const cluster = (server: string, branch: string) => {
  const parts = APPS.map(
    (app) =>
      `  - name: ${app}-application\n    method: git\n    source: ${server}/acme/${app}-application\n    branch: ${branch}\n    path: hld\n`,
  );
  return `name: my-cluster\nsubcomponents:\n${parts.join('')}`;
};

let stage: Stage;
let clusters: LocalRepository;

beforeAll(async () => {
  stage = await startStage({ delays: seededDelays(1) });
  for (const app of APPS) {
    const { gitDir, defaultBranch } = await stage.github.createRepository(`acme/${app}-application`, {
      files: application(app),
    });
    for (const environment of ENVIRONMENTS) {
      await git(gitDir, ['branch', environment, defaultBranch]);
    }
  }
  const definitions = ENVIRONMENTS.map((name) => [`hld/${name}/component.yaml`, cluster(stage.serverUrl, name)]);
  clusters = await stage.github.createRepository('acme/cluster', {
    files: { 'ostack.yaml': POLICY, ...Object.fromEntries(definitions) },
  });
});
afterAll(() => stage.close());

async function run(action: string, inputs: Record<string, string>): Promise<string> {
  const result = await runAction({
    action,
    inputs: { token: stage.token, 'ops-repository': 'acme/cluster', ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/cluster', GITHUB_ACTOR: 'ada' },
  });
  return errorsOf(result);
}

/** What a merge into an application's branch starts: sources are resolved anew, and what they come to is rendered. */
async function follow(): Promise<string[]> {
  const inputs = { source: 'hld/{environment}', environments: ENVIRONMENTS.join() };
  const updated = await materialize(stage, clusters, { ...inputs, update: 'true' });
  expect(errorsOf(updated)).toBe('');
  const number = /\/pull\/(\d+)$/.exec(updated.outputs['pull-request'] ?? '')?.[1];
  if (number !== undefined) {
    await fetch(`${stage.apiUrl}/repos/acme/cluster/pulls/${number}/merge`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ merge_method: 'squash' }),
    });
  }
  const rendered = await materialize(stage, clusters, inputs);
  expect(errorsOf(rendered)).toBe('');
  return rendered.environments.map(({ environment, state }) => `${environment} ${state}`);
}

/** The images that the rendered branches have of an application. */
async function images(app: string): Promise<(string | undefined)[]> {
  return Promise.all(
    ENVIRONMENTS.map(async (name) => {
      const branch = `env/${name}`;
      const path = (await manifestsOn(clusters, branch)).find((each) => each.includes(`deployment-${app}`)) ?? '';
      return /image: "?some-repo\/\w+-app:([^"\n]*)/.exec((await clusters.read(branch, path)) ?? '')?.[1];
    }),
  );
}

test('a release reaches environment after environment by merges, and its manifests follow', async () => {
  expect(await follow()).toEqual(['dev written', 'stage written', 'prod written']);
  expect(await images('cat')).toEqual(['v1.0.0', 'v1.0.0', 'v1.0.0']);

  const image = { app: 'cat', image: 'some-repo/cat-app', environments: 'dev', 'apps-token': '' };
  expect(await run('bump-ops-overlay', { ...image, tag: 'v1.1.0' })).toBe('');
  expect(await follow()).toEqual(['dev written', 'stage unchanged', 'prod unchanged']);
  expect(await images('cat')).toEqual(['v1.1.0', 'v1.0.0', 'v1.0.0']);
  expect(await images('dog')).toEqual(['v1.0.0', 'v1.0.0', 'v1.0.0']);

  expect(await run('promote', { to: 'stage', apps: 'cat', merge: 'true' })).toBe('');
  expect(await follow()).toEqual(['dev unchanged', 'stage written', 'prod unchanged']);
  expect(await images('cat')).toEqual(['v1.1.0', 'v1.1.0', 'v1.0.0']);

  expect(await run('rollback', { environment: 'stage', app: 'cat', reason: 'Cats bark', direct: 'true' })).toBe('');
  await follow();
  expect(await images('cat')).toEqual(['v1.1.0', 'v1.0.0', 'v1.0.0']);
  expect(await follow()).toEqual(['dev unchanged', 'stage unchanged', 'prod unchanged']);
}, 240_000);
