import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { boundsOf } from '../../../src/ops/judgement/preview-bounds.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { previewPolicy } from '../../../src/ops/policy/preview-policy.js';
import { argocd } from '../../../src/ops/reconcilers/argocd/argocd.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import { networkPolicyOf } from '../../../src/ops/verbs/previews/manifests/network-policy.js';
import { quotaOf } from '../../../src/ops/verbs/previews/manifests/quota.js';
import { type AdmissionRequest, policiesIn, refusals } from '../../support/admission.js';
import { CLUSTER } from '../../support/preview-cluster.js';

const policyOf = (more: string) => previewPolicy(readPolicy(`previews: { host: staging${more} }\n`));
const policiesOf = (more = '', reconciler: typeof flux | typeof argocd = flux) =>
  policiesIn(
    reconciler.previews.confinedObject(
      'previews/clusters/staging',
      CLUSTER,
      boundsOf(policyOf(more), { own: undefined, guests: [] }),
    ),
  );
const POLICIES = policiesOf(
  ', network: { ingress: [traefik], egress: [10.20.0.0/16] }, quota: { cpu: "2", memory: 4Gi }',
);

const answers = (request: AdmissionRequest) => refusals(POLICIES, { namespace: 'pr-35', ...request });

const OPEN = 'A NetworkPolicy of a preview lets through what previews.network says, and no more.';
const WHOLE = 'The NetworkPolicy "preview" of a preview is for all of its pods, both ways.';
const LESS = 'The ResourceQuota "preview" of a preview gives what previews.quota says, or less.';

const NAME = 'kubernetes.io/metadata.name';
const space = (name: string) => ({ namespaceSelector: { matchLabels: { [NAME]: name } } });
const spaces = (operator: string, ...values: string[]) => ({
  namespaceSelector: { matchExpressions: [{ key: NAME, operator, values }] },
});
const at = (cidr: string) => ({ ipBlock: { cidr } });
const DNS = [{ protocol: 'UDP', port: 53 }];

describe('a NetworkPolicy of a preview', () => {
  test.each<[what: string, spec: object, isTaken: boolean]>([
    [
      'lets its pods talk to each other',
      { ingress: [{ from: [{ podSelector: {} }] }], egress: [{ to: [{ podSelector: {} }] }] },
      true,
    ],
    ['lets everybody in', { ingress: [{}] }, false],
    ['lets everybody in, by an empty list', { ingress: [{ from: [] }] }, false],
    ['lets everybody in to a port', { ingress: [{ ports: [{ port: 80 }] }] }, false],
    ['lets the policy’s namespaces in', { ingress: [{ from: [spaces('In', 'traefik')] }] }, true],
    ['lets one of them in', { ingress: [{ from: [{ ...space('traefik'), podSelector: {} }] }] }, true],
    ['lets another in', { ingress: [{ from: [{ podSelector: {} }, space('production')] }] }, false],
    ['lets one more in', { ingress: [{ from: [spaces('In', 'traefik', 'production')] }] }, false],
    ['lets all but one in', { ingress: [{ from: [spaces('NotIn', 'traefik')] }] }, false],
    ['lets every namespace in', { ingress: [{ from: [{ namespaceSelector: {} }] }] }, false],
    [
      'lets namespaces in by a label',
      { ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: 'b' } } }] }] },
      false,
    ],
    ['lets addresses in', { ingress: [{ from: [at('10.20.0.0/16')] }] }, false],
    ['lets it go anywhere', { egress: [{}] }, false],
    ['lets it go to the policy’s addresses', { egress: [{ to: [at('10.20.0.0/16')] }] }, true],
    ['lets it go to others', { egress: [{ to: [at('10.20.0.0/16'), at('0.0.0.0/0')] }] }, false],
    ['lets it ask for names', { egress: [{ to: [space('kube-system'), at('169.254.20.10/32')], ports: DNS }] }, true],
    ['lets it go to kube-system', { egress: [{ to: [space('kube-system')] }] }, false],
    [
      'lets it go to ports there',
      { egress: [{ to: [space('kube-system')], ports: [{ port: 53, endPort: 443 }] }] },
      false,
    ],
    ['lets it go to a port there', { egress: [{ to: [space('kube-system')], ports: [{ port: 443 }] }] }, false],
    ['lets it go to an ingress controller', { egress: [{ to: [space('traefik')] }] }, false],
    ['lets nothing through', {}, true],
  ])('%s', (_what, more, isTaken) => {
    const object = { metadata: { name: 'own' }, spec: { podSelector: {}, ...more } };
    const request = { resource: 'networkpolicies', group: 'networking.k8s.io', name: 'own', object };
    expect(answers(request)).toEqual(isTaken ? [] : [OPEN]);
    expect(answers({ ...request, namespace: 'staging' })).toEqual([]);
    expect(answers({ ...request, operation: 'UPDATE', oldObject: object })).toEqual([]);
    expect(answers({ ...request, operation: 'DELETE', object: null, oldObject: object })).toEqual([]);
    expect(refusals(policiesOf(', network: false'), { ...request, namespace: 'pr-35' })).toEqual([]);
  });

  test.each<[egress: string, except: string[] | undefined, isTaken: boolean]>([
    ['0.0.0.0/0', undefined, false],
    ['0.0.0.0/0', ['10.0.0.0/8'], false],
    ['0.0.0.0/0', ['169.254.0.0/16'], false],
    ['0.0.0.0/0', ['168.63.129.16/32', '169.254.0.0/16', '100.100.100.200/32', '192.0.0.192/32', '10.0.0.0/8'], true],
    ['::/0', undefined, false],
    ['::/0', ['fe80::/10', 'fd00:ec2::/32', 'fd20:ce::/32'], true],
    ['169.254.170.23/32', undefined, true],
    ['10.20.0.0/16', undefined, true],
  ])('that goes to %s but %j keeps what tells a machine its rights out of reach', (egress, except, isTaken) => {
    const ipBlock = { cidr: egress, ...(except === undefined ? {} : { except }) };
    const object = { metadata: { name: 'own' }, spec: { podSelector: {}, egress: [{ to: [{ ipBlock }] }] } };
    const request = { resource: 'networkpolicies', group: 'networking.k8s.io', name: 'own', object };
    const own = policiesOf(`, network: { egress: ["${egress}"] }`);
    expect(refusals(own, { ...request, namespace: 'pr-35' })).toEqual(isTaken ? [] : [OPEN]);
  });

  test.each(['0.0.0.0/0', '::/0', '100.64.0.0/10', '169.254.169.254/32', '10.20.0.0/16'])(
    'that a preview has for the policy’s %s is one that the cluster takes',
    (egress) => {
      const more = `, network: { egress: ["${egress}"] }`;
      const policy = policyOf(more);
      const object = parse(networkPolicyOf(policy.network ?? { ingress: [], egress: [] }, 'pr-35'));
      const request = { resource: 'networkpolicies', group: 'networking.k8s.io', name: 'preview', object };
      expect(refusals(policiesOf(more), { ...request, namespace: 'pr-35' })).toEqual([]);
    },
  );

  test.each<[what: string, spec: object, isWhole: boolean]>([
    ['for all pods', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, true],
    ['for some', { podSelector: { matchLabels: { a: 'b' } }, policyTypes: ['Ingress', 'Egress'] }, false],
    [
      'for some, by an expression',
      { podSelector: { matchExpressions: [{}] }, policyTypes: ['Ingress', 'Egress'] },
      false,
    ],
    ['for what comes in', { podSelector: {}, policyTypes: ['Ingress'] }, false],
  ])('that it stands on is %s', (_what, spec, isWhole) => {
    const named = (name: string) => ({
      ...{ resource: 'networkpolicies', group: 'networking.k8s.io', name },
      object: { metadata: { name }, spec },
    });
    expect(answers(named('preview'))).toEqual(isWhole ? [] : [WHOLE]);
    expect(answers(named('own'))).toEqual([]);
    const quota = {
      spec: { hard: { 'requests.cpu': '2', 'requests.memory': '4Gi', 'requests.storage': '20Gi', pods: '50' } },
    };
    const pod = { resource: 'pods', object: { metadata: {}, spec: { containers: [] } } };
    expect(answers({ ...pod, params: { NetworkPolicy: { spec }, ResourceQuota: quota } })).toEqual(
      isWhole ? [] : [WHOLE],
    );
  });
});

test('no pod is made where a preview stands on nothing', () => {
  const pod = { resource: 'pods', object: { metadata: {}, spec: { containers: [] } } };
  expect(answers(pod)).toEqual(['there is no NetworkPolicy', 'there is no ResourceQuota']);
  expect(answers({ ...pod, namespace: 'staging' })).toEqual([]);
  expect(refusals(policiesOf(', network: false, quota: false'), { ...pod, namespace: 'pr-35' })).toEqual([]);
});

test.each<[spec: object, isTaken: boolean]>([
  [{ hard: { 'requests.cpu': '2', 'requests.memory': '4Gi', 'requests.storage': '20Gi', pods: '50' } }, true],
  [
    { hard: { 'requests.cpu': '1999m', 'requests.memory': '1Gi', 'requests.storage': '0', pods: '1', secrets: '9' } },
    true,
  ],
  [{ hard: { 'requests.cpu': '2001m', 'requests.memory': '4Gi', 'requests.storage': '20Gi', pods: '50' } }, false],
  [{ hard: { 'requests.cpu': '2', 'requests.memory': '4Gi', pods: '50' } }, false],
  [
    {
      hard: { 'requests.cpu': '2', 'requests.memory': '4Gi', 'requests.storage': '20Gi', pods: '50' },
      scopes: ['Terminating'],
    },
    false,
  ],
  [{}, false],
])('the quota that a preview stands on: %j', (spec, isTaken) => {
  const quota = (name: string) => answers({ resource: 'resourcequotas', name, object: { metadata: { name }, spec } });
  expect(quota('preview')).toEqual(isTaken ? [] : [LESS]);
  // Another one narrows it.
  expect(quota('own')).toEqual([]);
});

test.each(['networkpolicies', 'resourcequotas'])('%s that a preview stands on go with its namespace', (resource) => {
  const gone = (name: string, namespaceObject: object) =>
    answers({
      ...{ resource, group: resource === 'resourcequotas' ? '' : 'networking.k8s.io', operation: 'DELETE' },
      // A request for all of them names none.
      ...{ name: '', object: null, oldObject: { metadata: { name }, spec: {} }, namespaceObject },
    });
  expect(gone('preview', { metadata: {} })).toEqual([expect.stringContaining('goes with its namespace')]);
  expect(gone('preview', { metadata: { deletionTimestamp: '2026-11-21T09:00:00Z' } })).toEqual([]);
  expect(gone('own', { metadata: {} })).toEqual([]);
});

test('what a preview stands on is what the cluster asks for, and stays until its namespace goes', () => {
  const policy = policyOf('');
  const own = policiesOf();
  const [network, quota] = [
    parse(networkPolicyOf(policy.network ?? { ingress: [], egress: [] }, 'pr-35')),
    parseAllDocuments(quotaOf(policy.quota ?? { cpu: '', memory: '', storage: '', pods: '' }, 'pr-35'))[0]?.toJS(),
  ];
  const ground = { namespace: 'pr-35', name: 'preview' };
  expect(
    refusals(own, { ...ground, resource: 'networkpolicies', group: 'networking.k8s.io', object: network }),
  ).toEqual([]);
  expect(refusals(own, { ...ground, resource: 'resourcequotas', object: quota })).toEqual([]);
  const pod = { resource: 'pods', namespace: 'pr-35', object: { metadata: {}, spec: { containers: [] } } };
  expect(refusals(own, { ...pod, params: { NetworkPolicy: network, ResourceQuota: quota } })).toEqual([]);
  for (const { metadata } of [network, quota]) {
    expect(metadata.annotations).toEqual({
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    });
  }
});

test('what is asked for is looked up in the namespaces of previews alone', () => {
  const text = flux.previews.confinedObject('a', CLUSTER, boundsOf(policyOf(''), { own: undefined, guests: [] }));
  const bindings = parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter(({ kind, spec }) => kind === 'ValidatingAdmissionPolicyBinding' && spec.paramRef !== undefined);
  expect(bindings.map(({ spec }) => [spec.policyName, spec.paramRef, spec.matchResources])).toEqual(
    ['network', 'quota'].map((name) => [
      `ostack-previews-${name}-of-pods`,
      { name: 'preview', parameterNotFoundAction: 'Deny' },
      { namespaceSelector: { matchExpressions: [{ key: 'preview.ostack.dev/name', operator: 'Exists' }] } },
    ]),
  );
});

describe('the namespace of a preview gets no marks of others from whoever writes the branch', () => {
  test.each([
    [flux, 'system:serviceaccount:flux-system:ostack-previews', true],
    [flux, 'system:serviceaccount:flux-system:kustomize-controller', false],
    [flux, 'an administrator', false],
    [argocd, 'system:serviceaccount:argocd:argocd-application-controller', true],
    [argocd, 'system:serviceaccount:kube-system:argocd-manager', true],
    [argocd, 'system:serviceaccount:rancher:rancher', false],
  ])('%#: %s', (reconciler, username, isWriter) => {
    const own = { 'preview.ostack.dev/name': 'pr-35', 'pod-security.kubernetes.io/enforce': 'restricted' };
    const marked = (metadata: object, old?: object) =>
      refusals(policiesOf('', reconciler), {
        ...{
          resource: 'namespaces',
          name: 'pr-35',
          username,
          object: { metadata: { name: 'pr-35', labels: own, ...metadata } },
        },
        ...(old === undefined
          ? {}
          : { operation: 'UPDATE' as const, oldObject: { metadata: { name: 'pr-35', ...old } } }),
      });
    const refused = isWriter
      ? ['The branch of previews gives namespaces no labels or annotations but those of a preview.']
      : [];
    expect(marked({})).toEqual([]);
    expect(marked({ labels: { ...own, team: 'growth' } })).toEqual(refused);
    expect(marked({ annotations: { 'iam.amazonaws.com/permitted': '.*' } })).toEqual(refused);
    expect(marked({ labels: { ...own, team: 'growth' } }, { labels: { team: 'growth' } })).toEqual([]);
    expect(marked({ labels: { ...own, team: 'growth' } }, { labels: { team: 'other' } })).toEqual(refused);
  });
});
