import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { deployedIn } from '../../src/ops/carriers/deployed.js';
import { findBase } from '../../src/ops/judgement/preview-base.js';
import { locateApps } from '../../src/ops/layouts/named-apps.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planLift } from '../../src/ops/verbs/lift/plan.js';
import { planOnboard } from '../../src/ops/verbs/onboard/plan.js';
import { planOverride } from '../../src/ops/verbs/override/plan.js';
import { appsOfHost } from '../../src/ops/verbs/previews/manifests/host-environment.js';
import { at, listed, plan, previewOf } from '../ops/verbs/previews/support.js';
import { deployment } from '../support/deployment.js';
import { REPOSITORIES } from './repositories.js';

const WITH_KUSTOMIZATIONS = REPOSITORIES.filter(({ built }) => built !== undefined);
const WITHOUT = REPOSITORIES.filter(
  ({ built, files }) => built === undefined && !JSON.stringify(files).includes('deploy'),
);

const JOBS = {
  ...{ app: 'jobs', environment: 'staging', images: [], version: '9.0.0', from: undefined, group: undefined },
  manifests: new Map([
    ['kustomization.yaml', 'resources: [deployment.yaml]\n'],
    ['deployment.yaml', deployment('jobs', '{ name: jobs, image: ghcr.io/acme/jobs }')],
  ]),
};

describe.each(WITH_KUSTOMIZATIONS)('$name', ({ name, files, group, apps = ['api', 'web'] }) => {
  test('takes a new app into one environment, which is there then', async () => {
    const tree = objectTree(files);
    const layout = await locateApps(tree, NO_POLICY);
    const planned = await planOnboard(tree, layout, NO_POLICY, { ...JOBS, group });
    expect(planned.state === 'refused' ? planned : planned.state).toBe('change');
    const after = { ...files, ...Object.fromEntries(planned.state === 'change' ? planned.change.files : []) };
    const changed = objectTree(after);
    const next = await locateApps(changed, NO_POLICY);
    expect(next.templates).toEqual(layout.templates);
    expect(await environmentApps(changed, next, 'staging')).toEqual([...apps, 'jobs'].sort());
    expect(await environmentApps(changed, next, 'production')).toEqual(apps);
    const overlay = await readOverlay(changed, next, 'staging', 'jobs');
    expect(deployedIn(overlay?.files ?? [], 'jobs').version).toBe('9.0.0');
  });

  test('gives one environment a patch of its own', async () => {
    const tree = objectTree(files);
    const layout = await locateApps(tree, NO_POLICY);
    const kind = name.includes('HelmRelease') ? 'HelmRelease' : 'Deployment';
    const patch = `apiVersion: any/v1\nkind: ${kind}\nmetadata: { name: web }\nspec: { replicas: 3 }\n`;
    const planned = await planOverride(tree, layout, { app: 'web', environment: 'staging', intent: 'replicas', patch });
    const written = planned.state === 'change' ? [...planned.change.files.keys()] : planned;
    expect(written).toEqual([expect.stringMatching(/_replicas\.yaml$/), expect.stringMatching(/kustomization\.yaml$/)]);
  });

  test('has a base of each app for previews, and the apps that run beside it', async () => {
    const tree = objectTree(files);
    const layout = await locateApps(tree, NO_POLICY);
    const overlay = await readOverlay(tree, layout, 'staging', 'web');
    const base = await findBase(tree, layout, 'staging', 'web', overlay);
    expect(base?.manifests.objects).toMatchObject([{ name: 'web' }]);
    expect(await appsOfHost(tree, layout, 'staging', ['web'])).toEqual(apps.filter((app) => app !== 'ingress'));
  });
});

/** What jobs is in, and at which version, in the environments. */
async function jobsIn(files: Readonly<Record<string, string>>) {
  const tree = objectTree(files);
  const layout = await locateApps(tree, NO_POLICY);
  const overlay = await readOverlay(tree, layout, 'staging', 'jobs');
  const apps = await Promise.all(['staging', 'production'].map((name) => environmentApps(tree, layout, name)));
  return { apps, version: deployedIn(overlay?.files ?? [], 'jobs').version };
}

async function onboarded(files: Readonly<Record<string, string>>, group: string | undefined) {
  const tree = objectTree(files);
  return planOnboard(tree, await locateApps(tree, NO_POLICY), NO_POLICY, { ...JOBS, group });
}

const merged = (one: unknown, other: unknown): unknown =>
  isObject(one) && isObject(other)
    ? Object.fromEntries([...Object.keys(one), ...Object.keys(other)].map((key) => [key, merged(one[key], other[key])]))
    : (other ?? one);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

test.each(WITHOUT)('$name: a new app gets a file, or is added by hand as it is said', async (repository) => {
  const { files, group, apps = ['api', 'web'] } = repository;
  const planned = await onboarded(files, group);
  const message = planned.state === 'refused' ? planned.error.message : '';
  const [, path = '', lines = ''] =
    /(?:Add |^)(\S+)(?: by hand| is one file)[\s\S]*:\n\n([\s\S]*)$/.exec(message) ?? [];
  const known = files[path] === undefined ? lines : stringify(merged(parse(files[path]), parse(lines)));
  const after = {
    ...files,
    ...(planned.state === 'change' ? Object.fromEntries(planned.change.files) : { [path]: known }),
  };
  expect(await jobsIn(after)).toEqual({ apps: [[...apps, 'jobs'].sort(), apps], version: '9.0.0' });
  expect(Object.keys(after).length - Object.keys(files).length).toBe(files[path] === undefined ? 1 : 0);
  expect(await onboarded(after, group)).toMatchObject({ state: 'nothing' });
});

test.each(WITHOUT)('$name: a patch of its own is refused before anything is written', async ({ files }) => {
  const tree = objectTree(files);
  const layout = await locateApps(tree, NO_POLICY);
  const request = {
    app: 'web',
    environment: 'staging',
    intent: 'replicas',
    patch: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n',
  };
  const override = await planOverride(tree, layout, request);
  expect(override.state === 'refused' ? override.error.message : override.state).toMatch(
    /^web has no kustomization in staging that could refer to a patch\./,
  );
});

const PREVIEWS = { 'ostack.yaml': 'previews: { host: staging, reconciler: flux }\n' };

/** What becomes of the preview of a pull request that changes web. */
async function previewIn(files: Readonly<Record<string, string>>) {
  const image = { image: 'web', repository: 'ghcr.io/acme/web', tag: 'pr-7', digest: `sha256:${'a'.repeat(64)}` };
  const requested = { ...previewOf(7), apps: [{ app: 'web', images: [image] }] };
  const request = { now: at(0), pullRequests: [listed([7], at(0))], requested };
  const { decisions, change } = await plan({ ...files, ...PREVIEWS }, request);
  return { action: decisions[0]?.action, reason: decisions[0]?.reason ?? '', files: [...change.files.keys()] };
}

test.each(WITH_KUSTOMIZATIONS)('$name: a pull request gets its preview', async ({ files }) => {
  const preview = await previewIn(files);
  expect([preview.action, preview.files]).toEqual([
    'opened',
    expect.arrayContaining(['previews/pr-7/web/kustomization.yaml', 'previews/clusters/staging/pr-7.yaml']),
  ]);
});

test.each(WITHOUT)(
  '$name: a preview asks for a base, has written nothing by then, and opens with one',
  async ({ files }) => {
    const asked = await previewIn(files);
    expect([asked.action, asked.files]).toEqual(['failed', []]);
    expect(asked.reason).toMatch(/^There is nothing to run in pr-7: it is built from kustomizations/);
    const path = /Add (\S+) with the manifests of web/.exec(asked.reason)?.[1] ?? '';
    const manifests = deployment('web', '{ name: web, image: ghcr.io/acme/web }');
    const based = { [path]: 'resources: [web.yaml]\n', [path.replace('kustomization', 'web')]: manifests };
    expect(await previewIn({ ...files, ...based })).toMatchObject({ action: 'opened' });
  },
);

test.each(REPOSITORIES)('$name: a lift finds nothing to move, or says why it cannot', async ({ files }) => {
  const tree = objectTree(files);
  const layout = await locateApps(tree, NO_POLICY);
  const planned = await planLift(tree, layout, { app: 'web', intents: [] });
  const told = planned.state === 'refused' ? planned.error.message : planned.state === 'nothing' ? planned.reason : '';
  expect(told).toMatch(
    /^(no patch of web is the same|No environment has a kustomization with web\.|web is in .* two apps|Expected every|web is built from)/,
  );
});
