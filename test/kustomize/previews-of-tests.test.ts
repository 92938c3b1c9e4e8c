import { describe, expect, test } from '@jest/globals';
import { boundsOf } from '../../src/ops/judgement/preview-bounds.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { previewPolicy } from '../../src/ops/policy/preview-policy.js';
import { argocd } from '../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../src/ops/reconcilers/flux/flux.js';
import { workTree } from '../../src/ops/tree/work-tree.js';
import { planReconcile } from '../../src/ops/verbs/previews/plan/plan.js';
import type { ReconcileRequest } from '../../src/ops/verbs/previews/plan/request.js';
import { OPS_FILES } from '../actions/create-preview-env/support.js';
import { at, digest, listed, OPS, outcomes, previewOf } from '../ops/verbs/previews/support.js';
import { CLUSTER } from '../support/preview-cluster.js';
import { WorkCopy } from './support.js';

const ROOT = 'clusters/staging/previews/ostack-previews.yaml';
const RECONCILERS = { flux, argocd } as const;
type Name = keyof typeof RECONCILERS;

/** The ops repositories of the tests, and the app that a pull request changes there. */
const REPOSITORIES: Record<string, [files: Record<string, string>, app: string]> = {
  plans: [OPS, 'shop'],
  runs: [OPS_FILES, 'my-app'],
};

const policyOf = (name: Name, quota = '') =>
  `environments: { staging: { cd: true } }\npreviews: { host: staging, reconciler: ${name}, sleep: { after: 2h }, url: "https://{app}.{name}.preview.acme.dev"${quota} }\n`;

/** One repository with its cluster, as `previews setup` makes it or as it was before. */
async function copyOf(files: Record<string, string>, name: Name, isConfined: boolean): Promise<WorkCopy> {
  const copy = await WorkCopy.of(undefined);
  const text = policyOf(name);
  const { previews } = RECONCILERS[name];
  const bounds = boundsOf(previewPolicy(readPolicy(text)), { own: undefined, guests: [] });
  const folder = 'previews/clusters/staging';
  const root = isConfined ? previews.confinedObject(folder, CLUSTER, bounds) : previews.object(folder, CLUSTER);
  await copy.write(Object.entries({ ...files, 'ostack.yaml': text, [ROOT]: root }));
  return copy;
}

/** Makes what a run makes, and builds all of it: the preview, each of its apps, and what tells the cluster of it. */
async function run(copy: WorkCopy, name: Name, request: ReconcileRequest) {
  const planned = await planReconcile({ tree: workTree(copy.root), policy: readPolicy(policyOf(name)), ...request });
  await copy.apply(planned.change);
  expect(planned.decisions.map(({ action, reason }) => (action === 'failed' ? reason : ''))).toEqual(['']);
  const apps = planned.decisions[0]?.preview?.apps.map(({ app }) => app) ?? [];
  await copy.write([
    ['previews/clusters/staging/kustomization.yaml', 'resources: [ostack-previews.yaml, pr-7.yaml]\n'],
  ]);
  const [whole, told] = await Promise.all([copy.build('previews/pr-7'), copy.build('previews/clusters/staging')]);
  const own = (await Promise.all(apps.map((app) => copy.build(`previews/pr-7/${app}`)))).flat();
  return { outcome: outcomes(planned), whole, told, own };
}

const CASES = Object.keys(REPOSITORIES).flatMap((repository) =>
  (['flux', 'argocd'] as const).flatMap((name) =>
    [true, false].map((isConfined) => [repository, name, isConfined ? 'confined' : 'open', isConfined] as const),
  ),
);

describe('every preview of the tests is built by kustomize, and what tells the cluster of it', () => {
  test.each(CASES)('of %s, by %s, where the cluster is %s', async (repository, name, _where, isConfined) => {
    const [files, app] = REPOSITORIES[repository] ?? [{}, ''];
    await using copy = await copyOf(files, name, isConfined);
    const requested = previewOf(7, undefined, {
      apps: [{ app, images: [{ image: app, repository: `ghcr.io/acme/${app}`, tag: 'pr-7', digest: digest(3) }] }],
    });
    const opened = await run(copy, name, { now: at(0), pullRequests: [listed([7], at(0))], requested });
    expect(opened.outcome).toEqual(['pr-7 opened active']);
    expect(opened.own.length).toBeGreaterThan(1);
    const isBeside = name === 'flux' && isConfined;
    const kinds = (objects: readonly Record<string, unknown>[]) => objects.map(({ kind }) => kind);
    expect(kinds(opened.whole).includes('Namespace')).toBe(!isBeside);
    expect(kinds(opened.told).includes('Namespace')).toBe(isBeside);
    const slept = await run(copy, name, { now: at(121), pullRequests: [listed([7], at(121))] });
    expect(slept.outcome).toEqual(['pr-7 slept active']);
    const deployments = slept.whole.filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(2);
    expect(deployments.every((each) => JSON.stringify(each).includes('"replicas":0'))).toBe(true);
  });
});
