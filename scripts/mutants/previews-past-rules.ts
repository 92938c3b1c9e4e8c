// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is source code
import type { Mutation } from './mutation.js';

const MANIFESTS = 'test/ops/verbs/previews/manifests';
const ADMITTED = ['test/ops/reconcilers/admitted-in-previews.test.ts'];
const FROM_BRANCH = ['test/ops/reconcilers/admitted-from-branch.test.ts'];
const CONFINED = ['test/ops/reconcilers/confined-previews.test.ts'];
const GROUND = ['test/ops/reconcilers/admitted-ground.test.ts'];
const RIGHTS = ['test/ops/reconcilers/rights-of-previews.test.ts'];
const PODS = ['test/ops/reconcilers/admitted-pods.test.ts'];

/** What gets past a rule of previews in a second step, by what it says of itself, or by another way to the same. */
export const PREVIEWS_PAST_RULES: readonly Mutation[] = [
  {
    name: 'A pod of a preview that waits for a machine comes to tolerate no more',
    file: 'src/ops/reconcilers/preview-pods.ts',
    text: 'oldObject.spec.tolerations == ${POD}.tolerations',
    replacement: 'true',
    tests: PODS,
  },
  {
    name: 'A claim of a preview gets no volume by name later',
    file: 'src/ops/reconcilers/preview-pods.ts',
    text: "(${volume('oldObject')} == ${volume('object')} || ${BY_KUBERNETES})",
    replacement: "(${volume('oldObject')} == ${volume('object')} || ${volume('oldObject')} == '')",
    tests: PODS,
  },
  {
    name: 'A claim of a preview takes no volume that nobody has claimed',
    file: 'src/ops/reconcilers/preview-pods.ts',
    text: '!has(${spec}.selector) && ',
    replacement: '',
    tests: PODS,
  },
  {
    name: 'A claim that would take any volume gets one of the default class',
    file: 'src/ops/verbs/previews/manifests/services.ts',
    text: "field('storageClassName') !== undefined &&",
    replacement: "field('storageClassName') === undefined &&",
    tests: [`${MANIFESTS}/workloads.test.ts`],
  },
  {
    name: 'A volume of a preview has no certificate of an issuer of the whole cluster',
    file: 'src/ops/reconcilers/preview-pods.ts',
    text: "in ['', 'Issuer']",
    replacement: "in ['', 'Issuer', 'ClusterIssuer']",
    tests: PODS,
  },
  {
    name: 'A Service of a preview does not become another host by a name that it had',
    file: 'src/ops/reconcilers/preview-policies.ts',
    text: "`${typeOf('oldObject')} == 'ExternalName' && has(",
    replacement: '`has(',
    tests: ADMITTED,
  },
  {
    name: 'Whoever applies a preview has no load balancer by saying that it is of a Gateway',
    file: 'src/ops/reconcilers/preview-policies.ts',
    text: "!(${isOuter('object')}) || ${hadIt(isOuter('oldObject'))}`,\n        message: 'A load",
    replacement: "true`,\n        message: 'A load",
    tests: ADMITTED,
  },
  {
    name: 'Pods of a preview have no load balancer by saying that it is of a Gateway',
    file: 'src/ops/reconcilers/preview-policies.ts',
    text: '`(${isOwn} || request',
    replacement: '`(request',
    tests: ADMITTED,
  },
  {
    name: 'A Gateway of a preview marks nothing in other namespaces',
    file: 'src/ops/reconcilers/preview-policies.ts',
    text: "['labels', 'annotations'])",
    replacement: "['labels'])",
    tests: ADMITTED,
  },
  {
    name: 'No pod of a preview claims a host',
    file: 'src/ops/reconcilers/preview-policies.ts',
    text: "[['', ['services', 'pods']], ...ROUTES]",
    replacement: "[['', ['services']], ...ROUTES]",
    tests: ADMITTED,
  },
  {
    name: 'What the branch of previews has is known by whatever label Argo CD notes it',
    file: 'src/ops/reconcilers/argocd/confinement.ts',
    text: '.exists(key, ${isName(`${labels}[key]`)})',
    replacement: ".exists(key, key == 'app.kubernetes.io/instance' && ${isName(`${labels}[key]`)})",
    tests: FROM_BRANCH,
  },
  {
    name: 'What the branch of previews has is known in whatever namespace its Application is',
    file: 'src/ops/reconcilers/argocd/confinement.ts',
    text: 'listOf([ROOT, `${namespace}_${ROOT}`])',
    replacement: 'listOf([ROOT])',
    tests: FROM_BRANCH,
  },
  {
    name: 'The Application of a preview is of the branch of previews',
    file: 'src/ops/reconcilers/argocd/confinement.ts',
    text: "object.spec.source.targetRevision == '${branch}' && ",
    replacement: '',
    tests: FROM_BRANCH,
  },
  {
    name: 'What is synced once of a preview is no other source',
    file: 'src/ops/reconcilers/argocd/confinement.ts',
    text: '(!has(object.operation.sync.source) ||',
    replacement: '(true ||',
    tests: FROM_BRANCH,
  },
  {
    name: 'No manifests of no repository are synced of a preview',
    file: 'src/ops/reconcilers/argocd/confinement.ts',
    text: '!has(object.operation.sync.manifests) && ',
    replacement: '',
    tests: FROM_BRANCH,
  },
  {
    name: 'No annotation of the Application of a preview has others write to git',
    file: 'src/ops/reconcilers/argocd/confinement.ts',
    text: 'key.startsWith(each)',
    replacement: "key.contains('.')",
    tests: FROM_BRANCH,
  },
  {
    name: 'No version of Argo CD gives a preview the namespace of others',
    file: 'src/ops/reconcilers/argocd/confinement.ts',
    text: "expression: `object.metadata.name.matches('${pattern}')`",
    replacement: "expression: `object.metadata.name.matches('${pattern}') || true`",
    tests: FROM_BRANCH,
  },
  {
    name: 'Previews that may reach the internet do not reach what gives a machine its rights',
    file: 'src/ops/verbs/previews/manifests/network-policy.ts',
    text: 'except.length === 0 ?',
    replacement: 'except.length > 0 ?',
    tests: GROUND,
  },
  {
    name: 'No NetworkPolicy of a preview leads to what gives a machine its rights',
    file: 'src/ops/reconcilers/preview-ground.ts',
    text: "${listOf(addresses)}${kept.join('')})`",
    replacement: '${listOf(addresses)})`',
    tests: GROUND,
  },
  {
    name: 'Previews are not confined while something of their branch is taken with other rights',
    file: 'src/ops/reconcilers/flux/confinement.ts',
    text: 'roots.some((root) =>',
    replacement: 'roots.slice(0, 1).some((root) =>',
    tests: CONFINED,
  },
  {
    name: 'One that moved over from the deployed branch leaves the others confined',
    file: 'src/ops/reconcilers/flux/confinement.ts',
    text: "!PREVIEW_NAME.test(nameOf(object) ?? '') &&",
    replacement: '',
    tests: CONFINED,
  },
  {
    name: 'The roles of previews name what they let do, and no more',
    file: 'src/ops/reconcilers/flux/confinement.ts',
    text: 'resources: kinds.map(resourceOf), verbs: ALL',
    replacement: "resources: kinds.map(resourceOf), verbs: [...ALL, 'impersonate']",
    tests: RIGHTS,
  },
  {
    name: 'A preview ends no pods past their budget, and goes into none',
    file: 'src/ops/reconcilers/flux/confinement.ts',
    text: 'apiGroups: [group], resources: kinds.map(resourceOf)',
    replacement: "apiGroups: [group], resources: [...kinds.map(resourceOf), 'pods/exec', 'pods/eviction']",
    tests: RIGHTS,
  },
];
