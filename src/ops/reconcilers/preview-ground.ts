import { keptOutOf } from './metadata-addresses.js';
import { hadIt, hadMark, hasNone, listOf, orElse, previewRule, type Validation } from './preview-rule.js';
import type { PreviewBounds } from './reconciler.js';

/** Name of the NetworkPolicy and of the quota that a preview stands on. */
export const GROUND = 'preview';

/** The label of a preview's namespace by which the cluster knows it, and whose value is its name. */
export const PREVIEW_LABEL = 'preview.ostack.dev/name';

/**
 * Annotations by which Flux and Argo CD leave an object there that they no longer have: what a preview stands on goes with its namespace,
 * and not a moment before.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-resource-deletion
 */
export const KEPT: Readonly<Record<string, string>> = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};

/**
 * What keeps a preview on its ground, whoever writes the branch of previews: no NetworkPolicy of it lets through more than
 * `previews.network` says, its quota gives no more than `previews.quota`, neither goes before its namespace does, and no pod is made
 * where one of them is missing.
 *
 * @param isIn in CEL, whether a request is in the namespace of a preview
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#parameter-resources
 */
export function groundRules(isIn: string, { network, quota }: PreviewBounds): Record<string, unknown>[] {
  return [
    ...(network === undefined
      ? []
      : kept(isIn, {
          name: 'network',
          kind: ['networking.k8s.io', 'networkpolicies', 'NetworkPolicy'],
          validations: [opening(network)],
          whole: isWhole,
          message: `The NetworkPolicy "${GROUND}" of a preview is for all of its pods, both ways.`,
        })),
    ...(quota === undefined
      ? []
      : kept(isIn, {
          name: 'quota',
          kind: ['', 'resourcequotas', 'ResourceQuota'],
          validations: [],
          whole: (of) => isWithin(of, quota),
          message: `The ResourceQuota "${GROUND}" of a preview gives what previews.quota says, or less.`,
        })),
  ];
}

/** An object of the ground, and what it has to be. */
interface Ground {
  name: string;
  kind: readonly [group: string, resource: string, kind: string];
  /** What is asked of all objects of the kind. */
  validations: readonly Validation[];
  /** In CEL, what is asked of the one that a preview stands on. */
  whole(of: string): string;
  message: string;
}

function kept(isIn: string, { name, kind, validations, whole, message }: Ground): Record<string, unknown>[] {
  const [group, resource, called] = kind;
  const isGone = `request.operation == 'DELETE'`;
  return [
    ...previewRule(name, {
      ...{ resources: [[group, [resource]]], match: isIn, operations: ['CREATE', 'UPDATE', 'DELETE'] },
      validations: [
        ...[...validations, { expression: `object.metadata.name != '${GROUND}' || (${whole('object')})`, message }].map(
          (each) => ({
            ...each,
            expression: `${isGone} || ${hadIt('object.spec == oldObject.spec')} || (${each.expression})`,
          }),
        ),
        {
          expression:
            `!(${isGone}) || oldObject.metadata.name != '${GROUND}' || ` +
            'has(namespaceObject.metadata.deletionTimestamp)',
          message: `The ${called} "${GROUND}" of a preview goes with its namespace.`,
        },
      ],
    }),
    ...previewRule(`${name}-of-pods`, {
      ...{ resources: [['', ['pods']]], match: isIn, operations: ['CREATE'] },
      validations: [{ expression: whole('params'), message }],
      // What is asked for is looked up before a policy asks whether it is about a preview.
      param: {
        kind: { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind: called },
        name: GROUND,
        namespaces: { matchExpressions: [{ key: PREVIEW_LABEL, operator: 'Exists' }] },
      },
    }),
  ];
}

/** NodeLocal DNSCache. */
export const LOCAL_DNS = '169.254.20.10/32';

const NAMESPACE = 'kubernetes.io/metadata.name';

/** What lets nobody in or out but who is in the preview, and whom the policy names. */
function opening({ ingress, egress }: NonNullable<PreviewBounds['network']>): Validation {
  const peers = (rules: string, key: string, peer: string) =>
    `(!has(object.spec.${rules}) || object.spec.${rules}.all(rule, ` +
    `has(rule.${key}) && rule.${key}.size() > 0 && rule.${key}.all(peer, ${peer})))`;
  const own = '(!has(peer.ipBlock) && !has(peer.namespaceSelector))';
  const dns =
    `((${isOf(['kube-system'])} || ${isAt([LOCAL_DNS])}) && has(rule.ports) && rule.ports.size() > 0 && ` +
    'rule.ports.all(each, has(each.port) && each.port == 53 && !has(each.endPort)))';
  return {
    expression: `${peers('ingress', 'from', `${own} || ${isOf(ingress)}`)} && ${peers('egress', 'to', `${own} || ${isAt(egress)} || ${dns}`)}`,
    message: 'A NetworkPolicy of a preview lets through what previews.network says, and no more.',
  };
}

/** In CEL, that a peer is in namespaces of these names: all that is said of one has to fit. */
function isOf(names: readonly string[]): string {
  const selector = 'peer.namespaceSelector';
  const list = listOf(names);
  return (
    `(!has(peer.ipBlock) && has(${selector}) && ` +
    `((has(${selector}.matchLabels) && '${NAMESPACE}' in ${selector}.matchLabels && ${selector}.matchLabels['${NAMESPACE}'] in ${list}) || ` +
    `(has(${selector}.matchExpressions) && ${selector}.matchExpressions.exists(each, each.key == '${NAMESPACE}' && ` +
    `each.operator == 'In' && each.values.all(value, value in ${list})))))`
  );
}

/** In CEL, that a peer is these addresses: without those that a range has beside what is meant by it. */
function isAt(addresses: readonly string[]): string {
  const wide = addresses.filter((each) => keptOutOf(each).length > 0);
  const kept = wide.map((each) => {
    const without = `has(peer.ipBlock.except) && ${listOf(keptOutOf(each))}.all(each, each in peer.ipBlock.except)`;
    return ` && (peer.ipBlock.cidr != '${each}' || (${without}))`;
  });
  return `(has(peer.ipBlock) && peer.ipBlock.cidr in ${listOf(addresses)}${kept.join('')})`;
}

/** In CEL, that a NetworkPolicy is for all pods, both ways: what it does not let through stays out. */
function isWhole(of: string): string {
  const none = (key: string) => `(!has(${of}.spec.podSelector.${key}) || ${of}.spec.podSelector.${key}.size() == 0)`;
  return (
    `(!has(${of}.spec.podSelector) || (${none('matchLabels')} && ${none('matchExpressions')})) && ` +
    `has(${of}.spec.policyTypes) && ['Ingress', 'Egress'].all(each, each in ${of}.spec.policyTypes)`
  );
}

/** In CEL, that a quota is for all pods, and gives no more than the policy. */
function isWithin(of: string, quota: NonNullable<PreviewBounds['quota']>): string {
  const hard = orElse(`${of}.spec`, 'hard', '{}');
  const bounded = Object.entries(quota).map(
    ([key, most]) => `'${key}' in ${hard} && quantity(${hard}['${key}']).compareTo(quantity('${most}')) <= 0`,
  );
  return [hasNone(`${of}.spec`, ['scopes', 'scopeSelector']), ...bounded].join(' && ');
}

/** What labels and annotations of a preview's namespace begin with, where whoever writes the branch of previews sets them. */
const OWN_MARKS = [
  ...[
    'preview.ostack.dev/',
    'pod-security.kubernetes.io/',
    'kustomize.toolkit.fluxcd.io/',
    'kubernetes.io/metadata.name',
  ],
  ...[
    'app.kubernetes.io/managed-by',
    'app.kubernetes.io/instance',
    'argocd.argoproj.io/tracking-id',
    'kubectl.kubernetes.io/last-',
  ],
];

/**
 * By labels of a namespace others let it in, and by its annotations controllers let it do more: whoever writes the branch of previews
 * sets its own, and leaves those of others as they are.
 *
 * @param isPreview in CEL, whether a request is about the namespace of a preview
 * @param writer a regular expression (RE2) of the accounts that apply what is on the branch of previews
 */
export function markRule(isPreview: string, writer: string): Record<string, unknown>[] {
  const marks = (field: string) => {
    const now = `object.metadata.${field}`;
    return `(!has(${now}) || ${now}.all(key, ${listOf(OWN_MARKS)}.exists(each, key.startsWith(each)) || ${hadMark(field, 'key')}))`;
  };
  return previewRule('marks', {
    ...{ resources: [['', ['namespaces']]], match: `${isPreview} && request.userInfo.username.matches('${writer}')` },
    validations: [
      {
        expression: `${marks('labels')} && ${marks('annotations')}`,
        message: 'The branch of previews gives namespaces no labels or annotations but those of a preview.',
      },
    ],
  });
}
