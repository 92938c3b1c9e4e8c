import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { connect } from '../../src/github/client.js';
import { setUpPreviews } from '../../src/ops/verbs/previews/run/set-up.js';
import {
  BRANCH,
  DIGEST,
  lines,
  PERSON,
  type PreviewStage,
  previewStage,
  runWith,
} from '../actions/create-preview-env/support.js';
import { type Cluster, startCluster } from './support/cluster.js';
import { type KubeObject, until } from './support/kube.js';
import { type Notifications, startNotifications } from './support/notifications.js';
import { credentials, fluxFiles, HELM_RELEASE, helmRelease, syncObjects } from './support/ops-files.js';
import { BROKEN } from './support/stand-ins.js';

const KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';
const SOURCES = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories';
const statusesSchema = v.array(v.object({ context: v.string(), state: v.string(), description: v.string() }));

let world: PreviewStage;
let notifications: Notifications;
let cluster: Cluster;

beforeAll(async () => {
  notifications = await startNotifications();
  world = await previewStage({ 'README.md': 'Ops\n' });
  cluster = await startCluster(notifications.url);
  const { apiUrl, token } = world.stage;
  notifications.connect({ apiUrl, token, repository: 'acme/ops' });
  const url = `${world.stage.serverUrl}/acme/ops`;
  await world.ops.commit('main', fluxFiles(url), 'the cluster', PERSON);
  const github = connect({ token, apiUrl, graphqlUrl: world.stage.graphqlUrl });
  const setUp = await setUpPreviews({ github, repository: { owner: 'acme', name: 'ops' } }, url, false);
  await world.ops.commit('main', { [setUp.file]: setUp.text }, 'previews', PERSON);
  const reads = world.stage.github.issueToken({ repositories: ['acme/ops'], permissions: { contents: 'read' } });
  await cluster.kube.apply(credentials(reads));
  await cluster.kube.apply(syncObjects(url));
}, 240_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await notifications?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

async function head(branch = 'main'): Promise<string> {
  return (await world.ops.refs())[`refs/heads/${branch}`] ?? '';
}

/** The newest status of each context of a commit, as `kustomization/my-app: success, reconciliation succeeded`. */
async function statusesOf(sha: string): Promise<string[]> {
  const all = v.parse(statusesSchema, await world.rest('GET', `/repos/acme/ops/commits/${sha}/statuses?per_page=100`));
  const newest = all.filter((each, index) => all.findIndex(({ context }) => context === each.context) === index);
  return newest.map(
    ({ context, state, description }) => `${context.replace(/\/0a1b2c3d$/, '')}: ${state}, ${description}`,
  );
}

/** Has Flux look at a commit of a branch, and waits until a status says this of it. */
function reported(sha: string, line: string, seconds = 75): Promise<boolean> {
  return until(
    `"${line}" of ${sha}`,
    async () => (await statusesOf(sha)).includes(line),
    seconds,
    async () => ({
      statuses: await statusesOf(sha),
      states: await states(),
    }),
  );
}

async function states(): Promise<string[]> {
  const all = await cluster.kube.list(KUSTOMIZATIONS);
  return all.map((object) => `${object.metadata.name}: ${readyOf(object)?.reason} ${readyOf(object)?.message}`);
}

const readyOf = ({ status }: KubeObject) => status?.conditions.find(({ type }) => type === 'Ready');

const pokeSource = (name: string) => cluster.kube.poke(`${SOURCES}/${name}`);

async function imageOf(namespace: string, name: string): Promise<string | undefined> {
  const object = await cluster.kube.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  return /"image":"([^"]+)"/.exec(JSON.stringify(object?.spec ?? {}))?.[1];
}

function release(version: string) {
  const image = {
    ...{ app: 'my-app', image: 'my-app', repository: 'ghcr.io/acme/my-app', tag: version, digest: DIGEST },
    ...{ reused: false, platforms: ['linux/amd64'] },
  };
  const inputs = { images: JSON.stringify([image]), 'ops-repository': 'acme/ops' };
  return runWith(world.stage, 'acme/apps', 'bump-ops-overlay', { name: 'push', payload: {} }, inputs);
}

const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe' } };

/** Creates an object as the account of a preview. @returns how the API server answers */
async function createAs(preview: string, namespace: string, object: { kind?: string }): Promise<number> {
  const path = `/api/v1/namespaces/${namespace}/${object.kind?.toLowerCase()}s`;
  const account = `system:serviceaccount:flux-system:${preview}`;
  return (await cluster.kube.call('POST', path, object, 'application/json', account)).status;
}

const statusSchema = v.object({
  environments: v.array(v.object({ name: v.string(), health: v.object({ state: v.string(), reason: v.string() }) })),
});

/** What status says of staging, by what was reported. */
async function health(): Promise<{ state: string; reason: string }> {
  const { outputs, stdout } = await runWith(world.stage, 'acme/ops', 'status', { name: 'push', payload: {} }, {});
  if (outputs.status === undefined) {
    throw new Error(stdout);
  }
  const [staging] = v.parse(statusSchema, JSON.parse(outputs.status)).environments;
  return staging?.health ?? { state: 'none', reason: '' };
}

const doneSchema = v.array(v.object({ title: v.string(), action: v.string() }));

/** Looks what is reported, and does what the policy says about what failed. @returns that */
async function watched(): Promise<string[]> {
  const event = { name: 'status', payload: {} };
  const { exitCode, outputs, stdout } = await runWith(world.stage, 'acme/ops', 'watch', event, {});
  expect([exitCode, exitCode === 0 ? '' : stdout]).toEqual([0, '']);
  const done = v.parse(doneSchema, JSON.parse(outputs['pull-requests'] || '[]'));
  return done.map(({ title, action }) => `${title}: ${action}`);
}

/** Waits until status says so of staging. */
async function becomes(state: string): Promise<void> {
  let seen: unknown;
  await until(
    `Staging, ${state},`,
    async () => {
      const found = await health();
      seen = found;
      return found.state === state;
    },
    60,
    async () => [seen, await statusesOf(await head())],
  );
}

const SUCCESS = 'kustomization/my-app: success, reconciliation succeeded';

describe('real Flux', () => {
  test('deploys what the ops repository has, and reports it of its commit', async () => {
    await reported(await head(), SUCCESS);
    expect(await imageOf('staging', 'my-app')).toBe('ghcr.io/acme/my-app:1.3.0');
    await becomes('live');
  });

  test('a release goes live', async () => {
    expect((await release('1.4.0')).exitCode).toBe(0);
    await pokeSource('flux-system');
    await reported(await head(), SUCCESS);
    expect(await imageOf('staging', 'my-app')).toBe(`ghcr.io/acme/my-app:1.4.0@${DIGEST}`);
    await becomes('live');
  });

  test('a broken release and a HelmRelease that fails are reported, and what is rolled back by itself, or mended, goes live', async () => {
    await world.ops.commit('main', { [HELM_RELEASE]: helmRelease('0.0.0') }, 'hello 0.0.0', PERSON);
    expect((await release(`1.5.0-${BROKEN}`)).exitCode).toBe(0);
    const broken = await head();
    await pokeSource('flux-system');
    await Promise.all([
      reported(broken, 'kustomization/my-app: failure, health check failed'),
      reported(broken, 'kustomization/hello: failure, health check failed'),
    ]);
    expect(await health()).toMatchObject({ state: 'failed', reason: expect.stringContaining('health check failed') });
    // Of a HelmRelease itself nothing is reported: its revision is that of its chart.
    expect((await statusesOf(broken)).filter((line) => line.startsWith('helmrelease'))).toEqual([]);
    expect(notifications.events).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        reason: expect.stringMatching(/^(Install|Upgrade)Failed$/),
        message: expect.stringContaining('no such version'),
      }),
    );
    // Once; and hello, which went backwards, is for whoever brought it.
    expect([await watched(), await watched()]).toEqual([['Roll back my-app to 1.4.0 in staging: merged'], []]);
    await pokeSource('flux-system');
    await reported(await head(), SUCCESS);
    expect(await imageOf('staging', 'my-app')).toBe(`ghcr.io/acme/my-app:1.4.0@${DIGEST}`);
    await world.ops.commit('main', { [HELM_RELEASE]: helmRelease('1.0.1') }, 'hello 1.0.1', PERSON);
    await pokeSource('flux-system');
    await reported(await head(), 'kustomization/hello: success, reconciliation succeeded');
    await becomes('live');
  });

  test('a preview appears, confined to its namespace, and goes', async () => {
    const pull = await world.openPull('change');
    const opened = await world.create(pull);
    expect(lines(opened)).toEqual(['pr-1: opened, deploying']);
    await pokeSource('ostack-previews');
    await reported(await head(BRANCH), 'kustomization/pr-1: success, reconciliation succeeded');
    const object = await cluster.kube.get(`${KUSTOMIZATIONS}/pr-1`);
    expect(object?.spec).toMatchObject({ serviceAccountName: 'pr-1' });
    expect(await imageOf('pr-1', 'my-app')).toBe(`ghcr.io/acme/my-app:pr-1-${pull.head}@${DIGEST}`);
    // The account that it acts as has its own namespace, and there nothing that reaches further.
    const created = (namespace: string, object: object) => createAs('pr-1', namespace, object);
    expect(await created('pr-1', CONFIG)).toBe(201);
    expect(await created('staging', CONFIG)).toBe(403);
    expect(await created('pr-1', { ...CONFIG, kind: 'Secret', metadata: { name: 'probe' } })).toBe(201);
    expect(await created('staging', { ...CONFIG, kind: 'Secret', metadata: { name: 'probe' } })).toBe(403);
    const port = { ...CONFIG, kind: 'Service', spec: { type: 'NodePort', ports: [{ port: 80 }] } };
    expect([await created('pr-1', port), await created('pr-1', { ...port, spec: { ports: [{ port: 80 }] } })]).toEqual([
      422, 201,
    ]);
    await world.closePull(pull);
    expect(lines(await world.cleanup(pull))).toContain('pr-1: removed, removed');
    await pokeSource('ostack-previews');
    // The namespace ends first, then the object that made it.
    for (const path of ['/api/v1/namespaces/pr-1', `${KUSTOMIZATIONS}/pr-1`]) {
      await until('The preview is gone', async () => (await cluster.kube.get(path)) === undefined, 60, states);
    }
  });

  test.each([
    [
      'a namespace of another name',
      '{ apiVersion: v1, kind: Namespace, metadata: { name: production } }',
      'makes namespaces of previews only',
    ],
    [
      'an object in a namespace that is no preview’s',
      '{ apiVersion: v1, kind: ConfigMap, metadata: { name: evil, namespace: staging } }',
      'writes to namespaces of previews only',
    ],
    [
      'a Kustomization that acts as Flux itself',
      '{ apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: { name: pr-9, namespace: flux-system }, spec: { interval: 1m, path: ./, prune: true, sourceRef: { kind: GitRepository, name: ostack-previews } } }',
      'acts as the account of the same name',
    ],
    [
      'a role for the whole cluster',
      '{ apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: { name: evil }, roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }, subjects: [{ kind: ServiceAccount, name: pr-9, namespace: flux-system }] }',
      'forbidden',
    ],
    [
      'a secret of Flux',
      '{ apiVersion: v1, kind: Secret, metadata: { name: evil, namespace: flux-system } }',
      'forbidden',
    ],
  ])('whoever writes the branch of previews does not get %s', async (_, text, refusal) => {
    const file = 'previews/clusters/staging/pr-9.yaml';
    // What a preview of that name would stand on is there.
    await cluster.kube.apply(
      '{ apiVersion: v1, kind: Namespace, metadata: { name: pr-9, labels: { pod-security.kubernetes.io/enforce: restricted } } }',
    );
    await world.ops.commit(BRANCH, { [file]: `${text}\n` }, 'more', PERSON);
    const sha = await head(BRANCH);
    await pokeSource('ostack-previews');
    const root = `${KUSTOMIZATIONS}/ostack-previews`;
    await until(
      'The refusal',
      async () => {
        const ready = readyOf((await cluster.kube.get(root)) ?? { metadata: { name: '' } });
        return ready?.status === 'False' && ready.message.includes(refusal);
      },
      60,
      states,
    );
    await reported(sha, 'kustomization/ostack-previews: failure, reconciliation failed');
    await world.ops.commit(BRANCH, { [file]: null }, 'less', PERSON);
  });
});
