import { describe, expect, test } from '@jest/globals';
import { previewNamespaces } from '../../../src/ops/preview-records/namespaces.js';
import { argocd } from '../../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import { type AdmissionRequest, policiesIn, refusals } from '../../support/admission.js';
import { CLUSTER } from '../../support/preview-cluster.js';

const BOUNDS = {
  ...{ namespaces: previewNamespaces(['growth']), podSecurity: ['restricted'], hosts: undefined },
  ...{ network: undefined, quota: undefined },
};
const [FLUX = [], ARGOCD = []] = [flux, argocd].map((reconciler) =>
  policiesIn(reconciler.previews.confinedObject('previews/clusters/staging', CLUSTER, BOUNDS)),
);

describe('what writes the branch of previews with Flux', () => {
  const root = (request: AdmissionRequest) =>
    refusals(FLUX, { username: 'system:serviceaccount:flux-system:ostack-previews', ...request });
  const kustomization = (spec: object, more: Partial<AdmissionRequest> = {}) =>
    root({
      ...{ resource: 'kustomizations', group: 'kustomize.toolkit.fluxcd.io', name: 'pr-35', namespace: 'flux-system' },
      ...{ object: { metadata: {}, spec }, ...more },
    });
  const SPACES = 'The branch of previews writes to namespaces of previews only.';
  const GIVES = 'The branch of previews gives the role ostack-preview to the account of a preview, in its namespace.';
  const binding = (more: object): AdmissionRequest => ({
    ...{ resource: 'rolebindings', group: 'rbac.authorization.k8s.io', name: 'ostack-preview', namespace: 'pr-35' },
    object: {
      metadata: {},
      roleRef: { kind: 'ClusterRole', name: 'ostack-preview' },
      subjects: [{ kind: 'ServiceAccount', name: 'pr-35', namespace: 'flux-system' }],
      ...more,
    },
  });
  const sourceRef = { kind: 'GitRepository', name: 'ostack-previews' };
  const OWN = 'In flux-system the branch of previews has accounts and Kustomizations of previews only.';
  const ACCOUNT =
    'The Kustomization of a preview acts as the account of the same name, in this cluster, from the branch of previews, without secrets.';

  test.each<[what: string, request: AdmissionRequest, expected: string[]]>([
    [
      'a namespace of others',
      { resource: 'namespaces', name: 'shop', object: { metadata: { name: 'shop' } } },
      ['The branch of previews makes namespaces of previews only.'],
    ],
    ['a binding in a preview', binding({}), []],
    [
      'a binding of another role there',
      binding({ roleRef: { kind: 'ClusterRole', name: 'ostack-previews' } }),
      [GIVES],
    ],
    ['a binding of a Role there', binding({ roleRef: { kind: 'Role', name: 'ostack-preview' } }), [GIVES]],
    [
      'a binding for another preview there',
      binding({ subjects: [{ kind: 'ServiceAccount', name: 'pr-36', namespace: 'flux-system' }] }),
      [GIVES],
    ],
    [
      'a binding for its pods',
      binding({ subjects: [{ kind: 'ServiceAccount', name: 'pr-35', namespace: 'pr-35' }] }),
      [GIVES],
    ],
    ['a binding for a person', binding({ subjects: [{ kind: 'User', name: 'pr-35' }] }), [GIVES]],
    ['the end of a binding', { ...binding({}), operation: 'DELETE', object: null, oldObject: {} }, []],
    ['a binding elsewhere', { ...binding({}), namespace: 'production' }, [SPACES, GIVES]],
    ['a binding of the cluster', { resource: 'clusterrolebindings', object: { metadata: {} } }, [SPACES]],
    [
      'the account of a preview',
      { resource: 'serviceaccounts', name: 'growth-pr-35', namespace: 'flux-system', object: { metadata: {} } },
      [],
    ],
    [
      'the account of Flux',
      { resource: 'serviceaccounts', name: 'kustomize-controller', namespace: 'flux-system', object: { metadata: {} } },
      [OWN],
    ],
    ['a binding beside Flux', { ...binding({}), name: 'pr-35', namespace: 'flux-system' }, [OWN, GIVES]],
    [
      'the list of objects',
      { resource: 'configmaps', name: 'ostack-previews', namespace: 'flux-system', object: { metadata: {} } },
      [],
    ],
  ])('may it write %s', (_what, request, expected) => {
    expect(root(request)).toEqual(expected);
    expect(
      refusals(FLUX, { ...request, username: 'an administrator' }).filter((each) => each.includes('branch')),
    ).toEqual([]);
  });

  test.each<[what: string, spec: object, old: object | undefined, expected: string[]]>([
    ['that acts as the account of the preview', { serviceAccountName: 'pr-35', sourceRef }, undefined, []],
    [
      'that says where its source is',
      { serviceAccountName: 'pr-35', sourceRef: { ...sourceRef, namespace: 'flux-system' } },
      undefined,
      [],
    ],
    [
      'of another repository that Flux reads',
      { serviceAccountName: 'pr-35', sourceRef: { ...sourceRef, name: 'infra' } },
      undefined,
      [ACCOUNT],
    ],
    [
      'of another team’s',
      { serviceAccountName: 'pr-35', sourceRef: { ...sourceRef, namespace: 'team' } },
      undefined,
      [ACCOUNT],
    ],
    ['of a bucket', { serviceAccountName: 'pr-35', sourceRef: { ...sourceRef, kind: 'Bucket' } }, undefined, [ACCOUNT]],
    ['that acts as Flux', {}, undefined, [ACCOUNT]],
    ['that acts as another', { serviceAccountName: 'ostack-previews' }, undefined, [ACCOUNT]],
    ['for another cluster', { serviceAccountName: 'pr-35', kubeConfig: {} }, undefined, [ACCOUNT]],
    ['with secrets', { serviceAccountName: 'pr-35', postBuild: {} }, undefined, [ACCOUNT]],
    ['that was there before', { path: 'a' }, { path: 'a' }, []],
    ['that was there before, and is another now', { path: 'b' }, { path: 'a' }, [ACCOUNT]],
    ['that is no longer confined', {}, { serviceAccountName: 'pr-35' }, [ACCOUNT]],
  ])('may it write a Kustomization %s', (_what, spec, old, expected) => {
    const more = old === undefined ? {} : { operation: 'UPDATE' as const, oldObject: { metadata: {}, spec: old } };
    expect(kustomization(spec, more)).toEqual(expected);
  });
});

describe('what writes the branch of previews with Argo CD', () => {
  const tracking = { 'argocd.argoproj.io/tracking-id': 'ostack-previews:argoproj.io/Application:argocd/pr-35' };
  const written = (resource: string, name: string, spec: object, old?: object) =>
    refusals(ARGOCD, {
      ...{ resource, group: 'argoproj.io', name, namespace: 'argocd' },
      object: { metadata: { annotations: tracking }, spec },
      ...(old === undefined ? {} : { operation: 'UPDATE' as const, oldObject: { metadata: {}, spec: old } }),
    });
  const ONLY = 'The branch of previews has Applications of previews only.';
  const PROJECT = 'The Application of a preview is of the project ostack-previews.';
  const FOLDER = 'The Application of a preview takes the folder of that preview, as it is.';
  const own = {
    ...{ project: 'ostack-previews', destination: { namespace: 'pr-35' } },
    source: { repoURL: 'https://github.com/acme/ops', targetRevision: 'ostack/previews', path: 'previews/pr-35' },
  };
  test.each<[what: string, spec: object]>([
    ['a plugin', { ...own, source: { ...own.source, plugin: { name: 'vault' } } }],
    ['a chart with values of its own', { ...own, source: { ...own.source, helm: {} } }],
    ['options of kustomize', { ...own, source: { ...own.source, kustomize: {} } }],
    ['another folder', { ...own, source: { ...own.source, path: 'overlays/production' } }],
    ['further sources', { ...own, sources: [] }],
    ['another preview as its namespace', { ...own, destination: { namespace: 'pr-36' } }],
  ])('may it write no Application with %s', (_what, spec) => {
    expect(written('applications', 'pr-35', spec)).toEqual([FOLDER]);
    expect(written('applications', 'pr-35', spec, spec)).toEqual([]);
    expect(written('applications', 'pr-35', own, spec)).toEqual([]);
  });

  test.each<[resource: string, name: string, spec: object, old: object | undefined, expected: string[]]>([
    ['applications', 'pr-35', own, undefined, []],
    ['applications', 'pr-35', { ...own, project: 'default' }, undefined, [PROJECT]],
    ['applications', 'pr-35', { project: 'default' }, { project: 'default' }, []],
    [
      'applications',
      'shop',
      { ...own, destination: { namespace: 'shop' }, source: { path: 'previews/shop' } },
      undefined,
      [ONLY],
    ],
    ['appprojects', 'default', {}, undefined, [ONLY]],
    ['configmaps', 'ostack-previews', {}, undefined, []],
    ['configmaps', 'argocd-cm', {}, undefined, [ONLY]],
  ])('may it write %s %s %j', (resource, name, spec, old, expected) => {
    expect(written(resource, name, spec, old)).toEqual(expected);
  });
});
