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
  const FOLDER = 'The Application of a preview takes the folder of that preview from the branch of previews, as it is.';
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
    ['what somebody proposes', { ...own, source: { ...own.source, targetRevision: 'refs/pull/7/head' } }],
    ['no branch of its own', { ...own, source: { ...own.source, targetRevision: undefined } }],
    ['what it is made of elsewhere', { ...own, sourceHydrator: {} }],
  ])('may it write no Application with %s', (_what, spec) => {
    expect(written('applications', 'pr-35', spec)).toEqual([FOLDER]);
    expect(written('applications', 'pr-35', spec, spec)).toEqual([]);
    expect(written('applications', 'pr-35', own, spec)).toEqual([]);
  });

  const applied = (more: object, old?: object) =>
    refusals(ARGOCD, {
      ...{ resource: 'applications', group: 'argoproj.io', name: 'pr-35', namespace: 'argocd' },
      object: { metadata: { annotations: tracking }, spec: own, ...more },
      ...(old === undefined
        ? {}
        : { operation: 'UPDATE' as const, oldObject: { metadata: { annotations: tracking }, spec: own, ...old } }),
    });

  const SYNCED = 'What is synced of a preview is the folder of that preview, as it is.';
  test.each<[what: string, sync: object | undefined, expected: string[]]>([
    ['a source of another repository', { source: { repoURL: 'https://github.com/acme/infra', path: 'a' } }, [SYNCED]],
    ['a plugin', { source: { ...own.source, plugin: { name: 'vault' } } }, [SYNCED]],
    ['several sources', { sources: [own.source] }, [SYNCED]],
    ['manifests of no repository', { manifests: ['kind: Pod'] }, [SYNCED]],
    ['what is on the branch', { revision: 'a'.repeat(40), prune: true }, []],
    ['what was there before', { source: { ...own.source, targetRevision: 'a'.repeat(40) } }, []],
    ['nothing', undefined, []],
  ])('may it have synced once: %s', (_what, sync, expected) => {
    const operation = { initiatedBy: { automated: true }, ...(sync === undefined ? {} : { sync }) };
    expect(applied({ operation })).toEqual(expected);
    expect(applied({ operation }, {})).toEqual(expected);
    expect(applied({ operation }, { operation })).toEqual([]);
  });

  const MARKS = 'The Application of a preview has no annotations but those of a preview.';
  test.each<[annotation: string, expected: string[]]>([
    ['argocd-image-updater.argoproj.io/write-back-target', [MARKS]],
    ['notifications.argoproj.io/subscribe.on-deployed.slack', [MARKS]],
    ['link.argocd.argoproj.io/external-link', [MARKS]],
    ['preview.ostack.dev/expires', []],
    ['argocd.argoproj.io/refresh', []],
    ['notified.notifications.argoproj.io', []],
    ['kubectl.kubernetes.io/last-applied-configuration', []],
  ])('may an Application have the annotation %s', (annotation, expected) => {
    const metadata = { annotations: { ...tracking, [annotation]: 'a' } };
    expect(applied({ metadata })).toEqual(expected);
    expect(applied({ metadata }, { metadata })).toEqual([]);
  });

  test.each<[what: string, metadata: object, isBounded: boolean]>([
    ['by the annotation', { annotations: tracking }, true],
    ['by the usual label', { labels: { 'app.kubernetes.io/instance': 'ostack-previews' } }, true],
    ['by a label of one’s own', { labels: { 'argocd.argoproj.io/instance': 'ostack-previews' } }, true],
    [
      'by the annotation, from another namespace than Argo CD’s',
      {
        annotations: {
          'argocd.argoproj.io/tracking-id': 'argocd_ostack-previews:argoproj.io/Application:argocd/shop',
        },
      },
      true,
    ],
    [
      'by a label, from another namespace than Argo CD’s',
      { labels: { 'argocd.argoproj.io/instance': 'argocd_ostack-previews' } },
      true,
    ],
    ['for another Application', { labels: { 'argocd.argoproj.io/instance': 'apps' } }, false],
    [
      'for one whose name begins alike',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'ostack-previews-2:argoproj.io/Application:argocd/shop' } },
      false,
    ],
    ['for none', {}, false],
  ])('is known however Argo CD notes it: %s', (_what, metadata, isBounded) => {
    const project = { resource: 'appprojects', group: 'argoproj.io', name: 'default', namespace: 'argocd' };
    expect(refusals(ARGOCD, { ...project, object: { metadata, spec: {} } })).toEqual(isBounded ? [ONLY] : []);
  });

  const SPACES_ONLY = 'The Application of a preview has namespaces of previews only.';
  test.each<[what: string, metadata: object, isRefused: boolean]>([
    ['of a preview', { annotations: { 'argocd.argoproj.io/tracking-id': 'pr-35:/Namespace:/shop' } }, true],
    ['of a guest’s', { annotations: { 'argocd.argoproj.io/tracking-id': 'growth-pr-35:/Namespace:/shop' } }, true],
    ['of one, by a label', { labels: { 'argocd.argoproj.io/instance': 'run-12' } }, true],
    ['of one in another namespace', { labels: { 'argocd.argoproj.io/instance': 'argocd_pr-35' } }, true],
    ['of an app', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/Namespace:/shop' } }, false],
    ['of an app whose name has one in it', { labels: { 'app.kubernetes.io/instance': 'shop-pr-35' } }, false],
    ['of nobody', {}, false],
  ])('does not get a namespace of others by the Application %s', (_what, metadata, isRefused) => {
    const named = (name: string) =>
      refusals(ARGOCD, { resource: 'namespaces', name, object: { metadata: { name, ...metadata } } });
    expect(named('shop')).toEqual(isRefused ? [SPACES_ONLY] : []);
    expect(named('pr-35')).not.toContain(SPACES_ONLY);
  });

  test.each<[resource: string, name: string, spec: object, old: object | undefined, expected: string[]]>([
    ['applications', 'pr-35', own, undefined, []],
    ['applications', 'pr-35', { ...own, project: 'default' }, undefined, [PROJECT]],
    ['applications', 'pr-35', { project: 'default' }, { project: 'default' }, []],
    [
      'applications',
      'shop',
      { ...own, destination: { namespace: 'shop' }, source: { ...own.source, path: 'previews/shop' } },
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
