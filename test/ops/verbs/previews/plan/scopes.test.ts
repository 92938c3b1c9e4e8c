import { expect, test } from '@jest/globals';
import { at, type Files, listed, OPS, plan, previewOf } from '../support.js';

const definition = (scope: string) =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: tenants.acme.dev }\nspec: { group: acme.dev, scope: ${scope}, names: { kind: Tenant } }\n`;

test.each<[what: string, files: Files, reason: string | undefined]>([
  [
    'by the definition of another app',
    { 'bases/shop/web.yaml': definition('Cluster') },
    'it belongs to the whole cluster',
  ],
  [
    'beside the objects of the cluster',
    { 'clusters/staging/crds.yaml': definition('Cluster') },
    'it belongs to the whole cluster',
  ],
  [
    'with a namespace, beside the objects of the cluster',
    { 'clusters/staging/crds.yaml': definition('Namespaced') },
    undefined,
  ],
  [
    'beside those of another cluster, which says nothing of this one',
    { 'clusters/production/crds.yaml': definition('Namespaced') },
    'nothing tells',
  ],
  ['nowhere', {}, 'nothing tells'],
  [
    'by the policy',
    { 'ostack.yaml': (OPS['ostack.yaml'] ?? '').replace('limit: 2', 'limit: 2, kinds: { Tenant.acme.dev: cluster }') },
    'it belongs to the whole cluster',
  ],
])('whether a kind belongs to the whole cluster is told %s', async (_what, more, reason) => {
  const files = {
    ...OPS,
    'bases/mailer/kustomization.yaml': 'resources: [deployment.yaml, tenant.yaml]\n',
    'bases/mailer/tenant.yaml': 'apiVersion: acme.dev/v1\nkind: Tenant\nmetadata: { name: acme }\n',
    ...more,
  };
  const planned = await plan(files, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
  const tenant = planned.decisions[0]?.preview?.leftOut.find(({ kind }) => kind === 'Tenant');
  expect(tenant?.reason).toEqual(reason === undefined ? undefined : expect.stringContaining(reason));
  const text = planned.change.files.get('previews/pr-7/mailer/kustomization.yaml') ?? '';
  expect(text.includes('kind: Tenant')).toBe(reason !== undefined);
});
