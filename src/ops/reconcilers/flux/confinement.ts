import { type MapValue, textAt } from '../../yaml/values.js';
import { admissionPolicy } from '../admission-policy.js';
import { mapsIn, textsIn } from '../deployed-folder.js';
import { hasShape, mapAt, nameOf, valueAt } from '../fields.js';
import { previewPolicies } from '../preview-policies.js';
import type { Confinement, PreviewBounds, PreviewCluster } from '../reconciler.js';
import { KUSTOMIZATION } from './shape.js';
import { referenceOf, sourceOfBranch } from './source.js';

/** The account of the Kustomization that takes the objects of previews, its role, and what bounds it. */
const ROOT = 'ostack-previews';

/** The role that the account of each preview has in the preview's namespace. */
const ROLE = 'ostack-preview';

const RBAC = 'rbac.authorization.k8s.io';
const ALL = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/**
 * What an app may have in a preview. Neither Kubernetes' own role "edit" nor "admin" is taken: Flux adds its objects to both, and
 * a Kustomization without an account acts as Flux itself. What a preview stands on is missing on purpose: NetworkPolicies,
 * quotas and the namespace.
 *
 * @see https://github.com/fluxcd/flux2/blob/main/manifests/rbac/edit.yaml
 */
const APP_RULES: readonly [group: string, resources: readonly string[]][] = [
  ['', ['configmaps', 'secrets', 'services', 'serviceaccounts', 'persistentvolumeclaims', 'pods', 'events']],
  ['', ['replicationcontrollers', 'podtemplates']],
  ['apps', ['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'controllerrevisions']],
  ['batch', ['jobs', 'cronjobs']],
  ['autoscaling', ['horizontalpodautoscalers']],
  ['policy', ['poddisruptionbudgets']],
  ['networking.k8s.io', ['ingresses']],
  ['gateway.networking.k8s.io', ['gateways', 'httproutes', 'grpcroutes', 'tlsroutes', 'backendtlspolicies']],
  ['cert-manager.io', ['certificates', 'issuers']],
  [RBAC, ['roles', 'rolebindings']],
];

/** What the Kustomization that takes the objects of previews makes for each of them. */
const ROOT_RULES: readonly [group: string, resources: readonly string[]][] = [
  ['', ['namespaces', 'serviceaccounts', 'configmaps', 'resourcequotas', 'limitranges']],
  ['networking.k8s.io', ['networkpolicies']],
  [RBAC, ['rolebindings']],
  [KUSTOMIZATION.apiGroup, ['kustomizations']],
];

/**
 * The objects that confine previews.
 *
 * Each preview's Kustomization acts as an account of its own, which has a RoleBinding in the namespace of that preview and
 * nowhere else. No RBAC rule goes by patterns of names, so that whoever makes namespaces and bindings may make any: what the
 * branch of previews has is bounded by a ValidatingAdmissionPolicy, which knows who asks, and for which namespace.
 *
 * @param namespace of the Kustomizations
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function confiningObjects(namespace: string, bounds: PreviewBounds): Record<string, unknown>[] {
  const bind = { apiGroups: [RBAC], resources: ['clusterroles'], resourceNames: [ROLE], verbs: ['bind'] };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ROOT, namespace } },
    clusterRole(ROLE, APP_RULES.map(ruleOf)),
    clusterRole(ROOT, [...ROOT_RULES.map(ruleOf), bind]),
    {
      ...{ apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name: ROOT } },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ROOT },
      subjects: [{ kind: 'ServiceAccount', name: ROOT, namespace }],
    },
    ...rootPolicy(namespace, bounds),
    ...previewPolicies(bounds),
  ];
}

/** The account of one preview, and its role in the preview's namespace. */
export function accountOf(
  name: string,
  namespace: string,
  metadata: Record<'labels' | 'annotations', Record<string, string>>,
): Record<string, unknown>[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, ...metadata } },
    {
      ...{ apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: { name: ROLE, namespace: name, ...metadata } },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ROLE },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
}

/** What of that a cluster has: the role of previews, and an account of the Kustomization that takes their objects. */
export function confinementOf({
  objects,
  branch,
}: Pick<PreviewCluster, 'objects' | 'branch'>): Confinement | undefined {
  const source = sourceOfBranch(objects, branch)?.name;
  const root = objects.find(
    (object) => hasShape(object, KUSTOMIZATION) && referenceOf(object).some(({ name }) => name === source),
  );
  const spec = root && mapAt(root, 'spec');
  const role = objects.find((object) => textAt(object, 'kind') === 'ClusterRole' && nameOf(object) === ROLE);
  if (role === undefined || spec === undefined || (textAt(spec, 'serviceAccountName') ?? '') === '') {
    return undefined;
  }
  const rules = mapsIn(valueAt(role, ['rules']));
  return {
    isGroundBeside: true,
    forbidden: (group, kind) =>
      rules.some((rule) => allows(rule, group, kind))
        ? undefined
        : `the ClusterRole ${ROLE} does not let previews have it. Add its group "${group}" there, where that may be`,
  };
}

function allows(rule: MapValue, group: string, kind: string): boolean {
  const listed = rule.entries.get('apiGroups');
  // The core group is an empty text.
  const groups = listed?.kind === 'list' ? listed.items.map((item) => (item.kind === 'text' ? item.text : '')) : [];
  const resources = textsIn(rule.entries.get('resources'));
  const small = kind.toLowerCase();
  const plurals = ['*', small, `${small}s`, `${small}es`, small.replace(/y$/, 'ies')];
  const isGroup = groups.some((each) => each === '*' || each === group);
  return isGroup && resources.some((each) => plurals.includes(each));
}

function clusterRole(name: string, rules: readonly Record<string, unknown>[]): Record<string, unknown> {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules };
}

function ruleOf([group, resources]: readonly [string, readonly string[]]): Record<string, unknown> {
  return { apiGroups: [group], resources, verbs: ALL };
}

/** What the objects on the branch of previews may be, in CEL. */
function rootPolicy(namespace: string, { namespaces }: PreviewBounds): Record<string, unknown>[] {
  const isPreview = (text: string) => `${text}.matches('${namespaces.pattern}')`;
  const isGone = `request.operation == 'DELETE'`;
  const isNamespace = `request.resource.resource == 'namespaces'`;
  const isIn = `request.namespace == '${namespace}'`;
  const isKustomization = `request.resource.resource == 'kustomizations'`;
  return admissionPolicy(ROOT, {
    matchConstraints: {
      resourceRules: [
        { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['*/*'] },
      ],
    },
    match: `request.userInfo.username == 'system:serviceaccount:${namespace}:${ROOT}'`,
    validations: [
      {
        expression: `!(${isNamespace}) || ${isPreview('request.name')}`,
        message: 'The branch of previews makes namespaces of previews only.',
      },
      {
        expression: `${isNamespace} || ${isIn} || ${isPreview('request.namespace')}`,
        message: 'The branch of previews writes to namespaces of previews only.',
      },
      {
        expression:
          `${isNamespace} || !(${isIn}) || (request.resource.resource == 'configmaps' && request.name == '${ROOT}') || ` +
          `(request.resource.resource in ['serviceaccounts', 'kustomizations'] && ${isPreview('request.name')})`,
        message: `In ${namespace} the branch of previews has accounts and Kustomizations of previews only.`,
      },
      {
        expression:
          `!(${isKustomization}) || ${isGone} || (${isIn} && has(object.spec.serviceAccountName) && ` +
          'object.spec.serviceAccountName == request.name && !has(object.spec.kubeConfig) && ' +
          '!has(object.spec.decryption) && !has(object.spec.postBuild)) || ' +
          // One that was opened before goes on as it is: Flux applies every object again, and fails with all where one is refused.
          '(oldObject != null && !has(oldObject.spec.serviceAccountName) && object.spec == oldObject.spec)',
        message:
          'The Kustomization of a preview acts as the account of the same name, in this cluster, without secrets.',
      },
    ],
  });
}
