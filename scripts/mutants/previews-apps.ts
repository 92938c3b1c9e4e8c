// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is source code
import type { Mutation } from './mutation.js';

const ADMITTED = ['test/ops/reconcilers/admitted-in-previews.test.ts'];
const HOSTS = ['test/ops/verbs/previews/manifests/route-hosts.test.ts'];
const OPENED = ['test/ops/verbs/previews/plan/as-opened.test.ts'];
const UNREAD = ['test/ops/verbs/check/unread-in-previews.test.ts'];

/** What previews make of apps: what of them nobody reads, and what one that is there goes on with. */
export const PREVIEWS_APPS: readonly Mutation[] = [
  {
    name: 'What previews take in unread is told once, and not with each version of it',
    file: 'src/ops/verbs/check/unread-in-previews.ts',
    text: "return what.replace(/([?&])(ref|version)=[^&\\s]*/, '$1');",
    replacement: 'return what;',
    tests: UNREAD,
  },
  {
    name: 'What apps take in unread is told when previews come',
    file: 'src/ops/verbs/check/unread-in-previews.ts',
    text: 'before === undefined ? NOTHING : unreadOf(base.tree, layout, before.host, app)',
    replacement: 'unreadOf(base.tree, layout, previews.host, app)',
    tests: UNREAD,
  },
  {
    name: 'A release whose chart nobody renders is told where it may be in a preview',
    file: 'src/ops/verbs/check/unread-in-previews.ts',
    text: 'confinement === undefined ? now.releases.filter((each) => !known.has(keyOf(each))) : []',
    replacement: 'now.releases.filter((each) => !known.has(keyOf(each)))',
    tests: UNREAD,
  },
  {
    name: 'Previews are made of the default branch, and so is what is told of them',
    file: 'src/ops/verbs/check/unread-in-previews.ts',
    text: 'previews === undefined || place !== undefined',
    replacement: 'previews === undefined',
    tests: UNREAD,
  },
  {
    name: 'What an app has from charts and files elsewhere is adapted by kinds',
    file: 'src/ops/verbs/previews/manifests/app-overlay.ts',
    text: 'const isOpen = unread.length > 0;',
    replacement: 'const isOpen = base.manifests.remote.length > 0;',
    tests: ['test/ops/verbs/previews/plan/unread.test.ts'],
  },
  {
    name: 'Fields of images bring no objects',
    file: 'src/ops/judgement/preview-objects.ts',
    text: 'isBroken !== true && isOfImages !== true',
    replacement: 'isBroken !== true',
    tests: ['test/ops/verbs/previews/plan/unread.test.ts'],
  },
  {
    name: 'A patch from elsewhere is no part of an app',
    file: 'src/ops/judgement/preview-base.ts',
    text: "kind === 'remote' && TAKEN_IN.includes(key)",
    replacement: "kind === 'remote'",
    tests: ['test/ops/verbs/previews/plan/unread.test.ts'],
  },
  {
    name: 'A preview keeps its quota where the policy lets go of it',
    file: 'src/ops/verbs/previews/manifests/ground.ts',
    text: 'quota === undefined ? ground.get(QUOTA) :',
    replacement: 'quota === undefined ? undefined :',
    tests: OPENED,
  },
  {
    name: 'A preview keeps its NetworkPolicy where the policy lets go of it',
    file: 'src/ops/verbs/previews/manifests/ground.ts',
    text: 'network === undefined ? ground.get(NETWORK) :',
    replacement: 'network === undefined ? undefined :',
    tests: OPENED,
  },
  {
    name: 'A preview keeps what is beside its object where the policy lets go of it',
    file: 'src/ops/verbs/previews/manifests/ground.ts',
    text: 'ground: groundIn(object) }',
    replacement: 'ground: new Map() }',
    tests: OPENED,
  },
  {
    name: 'Beside the NetworkPolicy that a preview keeps, an app has none',
    file: 'src/ops/verbs/previews/manifests/render.ts',
    text: '    ground: hasGround(footing.whole),\n',
    replacement: '',
    tests: OPENED,
  },
  {
    name: 'A preview that comes to another cluster is opened there anew, and confined',
    file: 'src/ops/verbs/previews/manifests/ground.ts',
    text: 'if (isMoved || isOther) {',
    replacement: 'if (isOther) {',
    tests: OPENED,
  },
  {
    name: 'A preview that something else deploys now is opened anew, with its ground',
    file: 'src/ops/verbs/previews/manifests/ground.ts',
    text: 'if (isMoved || isOther) {',
    replacement: 'if (isMoved) {',
    tests: OPENED,
  },
  {
    name: 'The limits of a preview stay as long as its quota, which refuses pods without them',
    file: 'src/ops/verbs/previews/manifests/quota.ts',
    text: '    // Where the one is without the other, no pod is made that says nothing.\n    metadata: { name: GROUND, namespace, annotations: KEPT },',
    replacement: '    metadata: { name: GROUND, namespace },',
    tests: OPENED,
  },
  {
    name: 'Pods claim no host of others by annotations of their template',
    file: 'src/ops/verbs/previews/manifests/route-hosts.ts',
    text: ", ...(template.length === 0 ? [] : [[...template, 'metadata']])]",
    replacement: ']',
    tests: HOSTS,
  },
  {
    name: 'Names that are signed are not rewritten',
    file: 'src/ops/verbs/previews/manifests/route-hosts.ts',
    text: 'Object.hasOwn(NOT_REWRITTEN_OF, `${kind}.${group}`) && !isPrepared',
    replacement: 'Object.hasOwn(NOT_REWRITTEN_OF, kind) && !isPrepared',
    tests: HOSTS,
  },
  {
    name: 'The cluster refuses a pod of a preview that claims the host of others',
    file: 'src/ops/reconcilers/preview-policies.ts',
    text: "[['', ['services', 'pods']], ...ROUTES], match, validations: hosts(bounds)",
    replacement: "[['', ['services']], ...ROUTES], match, validations: hosts(bounds)",
    tests: ADMITTED,
  },
  {
    name: 'What controllers beside Flux deploy is in no preview',
    file: 'src/ops/verbs/previews/manifests/omissions.ts',
    text: '(toolkit|contrib)\\.fluxcd\\.io|fluxcd\\.controlplane\\.io|kustomize',
    replacement: 'toolkit\\.fluxcd\\.io|fluxcd\\.controlplane\\.io|kustomize',
    tests: ['test/ops/verbs/previews/manifests/omissions.test.ts'],
  },
  {
    name: 'A definition beside the objects of a cluster tells whether a kind belongs to all of it',
    file: 'src/ops/verbs/previews/manifests/render.ts',
    text: 'defined: definedIn(cluster.objects),',
    replacement: 'defined: new Map(),',
    tests: ['test/ops/verbs/previews/plan/scopes.test.ts'],
  },
];
