import type { Mutation } from './mutation.js';

const MANIFESTS = 'test/ops/verbs/previews/manifests';
const CONFINED = ['test/ops/reconcilers/confined-previews.test.ts'];
const OPENED = ['test/ops/verbs/previews/plan/closed-in.test.ts'];

/** What confines previews, and what they leave out. */
export const PREVIEWS_CLOSED_IN: readonly Mutation[] = [
  {
    name: 'The account of a preview has rights in its namespace alone',
    file: 'src/ops/reconcilers/flux/confinement.ts',
    text: "kind: 'RoleBinding', metadata: { name: ROLE, namespace: name, ...metadata }",
    replacement: "kind: 'ClusterRoleBinding', metadata: { name: ROLE, ...metadata }",
    tests: CONFINED,
  },
  {
    name: 'A preview may not have the objects by which Flux deploys elsewhere',
    file: 'src/ops/reconcilers/flux/confinement.ts',
    text: "  ['networking.k8s.io', ['ingresses']],\n",
    replacement: "  ['networking.k8s.io', ['ingresses']],\n  [KUSTOMIZATION.apiGroup, ['kustomizations']],\n",
    tests: CONFINED,
  },
  {
    name: 'A preview may not open its network',
    file: 'src/ops/reconcilers/flux/confinement.ts',
    text: "['networking.k8s.io', ['ingresses']]",
    replacement: "['networking.k8s.io', ['ingresses', 'networkpolicies']]",
    tests: CONFINED,
  },
  {
    name: 'Previews are not confined while their objects are taken with all rights',
    file: 'src/ops/reconcilers/flux/confinement.ts',
    text: "(textAt(spec, 'serviceAccountName') ?? '') === ''",
    replacement: 'false',
    tests: CONFINED,
  },
  {
    name: 'The Application of a preview is of the project of previews',
    file: 'src/ops/reconcilers/argocd/preview-object.ts',
    text: 'confinementOf(cluster) === undefined ? conventions.project : PROJECT',
    replacement: 'conventions.project',
    tests: CONFINED,
  },
  {
    name: 'A project whose destinations are all namespaces confines nothing',
    file: 'src/ops/reconcilers/argocd/confinement.ts',
    text: 'destinations.length === 0 || isAny',
    replacement: 'destinations.length === 0',
    tests: CONFINED,
  },
  {
    name: 'A preview goes on as it was opened',
    file: 'src/ops/verbs/previews/manifests/ground.ts',
    text: '    return { isGroundBeside: false,',
    replacement: '    return { isGroundBeside: undefined,',
    tests: OPENED,
  },
  {
    name: 'A preview that was opened without a Pod Security level gets none',
    file: 'src/ops/verbs/previews/manifests/ground.ts',
    text: 'inside.includes(SECURITY_LABEL)',
    replacement: 'true',
    tests: OPENED,
  },
  {
    name: 'The summary says that nothing confines previews',
    file: 'src/ops/verbs/previews/run/open-warnings.ts',
    text: "...(named('no').length === 0",
    replacement: '...(named.length > 0',
    tests: OPENED,
  },
  {
    name: 'Where nothing tells a kind’s scope it is in no preview',
    file: 'src/ops/verbs/previews/manifests/omissions.ts',
    text: 'if (scope === undefined) {',
    replacement: 'if (scope === undefined && group === undefined) {',
    tests: [`${MANIFESTS}/omissions.test.ts`],
  },
  {
    name: 'An app’s own NetworkPolicy does not open a preview',
    file: 'src/ops/verbs/previews/manifests/omissions.ts',
    text: 'hasNetwork && NETWORK_KINDS.includes(kind)',
    replacement: "hasNetwork && kind === 'NetworkPolicy' && group === 'networking.k8s.io'",
    tests: [`${MANIFESTS}/omissions.test.ts`],
  },
  {
    name: 'Objects that would meet in one namespace are found',
    file: 'src/ops/verbs/previews/manifests/collisions.ts',
    text: 'throw new PreviewProblem(meeting(before, each));',
    replacement: 'same.set(each.object, before.app);',
    tests: [`${MANIFESTS}/collisions.test.ts`],
  },
  {
    name: 'A further host of an app is not the host of another',
    file: 'src/ops/verbs/previews/manifests/host-names.ts',
    text: 'this.#taken.set(app, app);',
    replacement: '',
    tests: [`${MANIFESTS}/collisions.test.ts`],
  },
  {
    name: 'What claims hosts and is not rewritten is left out',
    file: 'src/ops/verbs/previews/manifests/route-hosts.ts',
    text: 'Object.hasOwn(NOT_REWRITTEN, kind) && !isPrepared',
    replacement: 'Object.hasOwn(NOT_REWRITTEN, kind) && isPrepared',
    tests: [`${MANIFESTS}/route-hosts.test.ts`],
  },
  {
    name: 'Host ports are taken away',
    file: 'src/ops/verbs/previews/manifests/workloads.ts',
    text: '...hostFields(pod), ...hostPorts(pod), ...hostPaths(pod)',
    replacement: '...hostFields(pod), ...hostPaths(pod)',
    tests: [`${MANIFESTS}/workloads.test.ts`],
  },
  {
    name: 'Two previews never get one host',
    file: 'src/ops/preview-records/address.ts',
    text: 'if (isUnclear(part, name)) {',
    replacement: "if (name === '') {",
    tests: ['test/ops/preview-records/address.test.ts'],
  },
  {
    name: 'An annotation that claims a host goes, and is no text "null"',
    file: 'src/ops/verbs/previews/manifests/route-hosts.ts',
    text: 'const isSet = hostFor !== undefined && Object.keys(annotations).length > 0;',
    replacement: 'const isSet = Object.keys(annotations).length > 0;',
    tests: [`${MANIFESTS}/route-hosts.test.ts`],
  },
  {
    name: 'A Service of a preview has no addresses of others',
    file: 'src/ops/verbs/previews/manifests/services.ts',
    text: '...(hasOuterAddress ? { externalIPs: null } : {}),',
    replacement: '',
    tests: [`${MANIFESTS}/workloads.test.ts`],
  },
];
