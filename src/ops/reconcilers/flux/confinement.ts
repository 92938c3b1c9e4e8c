import { PREVIEW_NAME } from '../../preview-records/name.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import { admissionPolicy } from '../admission-policy.js';
import { mapsIn } from '../deployed-folder.js';
import { hasShape, mapAt, nameOf, valueAt } from '../fields.js';
import { markRule } from '../preview-ground.js';
import { GROUND_KINDS, type Kinds, PREVIEW_KINDS, RIGHTS, resourceOf } from '../preview-kinds.js';
import { balancerRule, previewPolicies } from '../preview-policies.js';
import { orElse } from '../preview-rule.js';
import type { Confinement, PreviewBounds, PreviewCluster } from '../reconciler.js';
import { excessOf, lets } from './rights.js';
import { KUSTOMIZATION } from './shape.js';
import { type PreviewsSource, referenceOf, sourceOfBranch } from './source.js';

/** The account of the Kustomization that takes the objects of previews, its role, and what bounds it. */
const ROOT = 'ostack-previews';

/** The role that the account of each preview has in the preview's namespace. */
const ROLE = 'ostack-preview';

const RBAC = 'rbac.authorization.k8s.io';
const ALL = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** What the Kustomization that takes the objects of previews makes for each of them. */
const ROOT_KINDS: Kinds = [
  ['', ['Namespace', 'ServiceAccount', 'ConfigMap']],
  ...GROUND_KINDS,
  [RBAC, ['RoleBinding']],
  [KUSTOMIZATION.apiGroup, [KUSTOMIZATION.kind]],
];

/**
 * The objects that confine previews.
 *
 * Each preview's Kustomization acts as an account of its own, which has a RoleBinding in the namespace of that preview and
 * nowhere else. No RBAC rule goes by patterns of names, so that whoever makes namespaces and bindings may make any: what the
 * branch of previews has is bounded by a ValidatingAdmissionPolicy, which knows who asks, and for which namespace.
 *
 * Neither Kubernetes' own role "edit" nor "admin" is given to it: Flux adds its objects to both, and a Kustomization without an account
 * acts as Flux itself.
 *
 * @param source what previews are taken from, and the namespace of the Kustomizations
 * @see https://github.com/fluxcd/flux2/blob/main/manifests/rbac/edit.yaml
 * @see https://github.com/fluxcd/kustomize-controller/issues/748
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function confiningObjects(
  { source, namespace }: PreviewsSource,
  bounds: PreviewBounds,
): Record<string, unknown>[] {
  const isNamespace = `object.metadata.name.matches('${bounds.namespaces.pattern}')`;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ROOT, namespace } },
    // Flux looks at a binding before it makes the role, which whoever may bind is let do.
    clusterRole(ROLE, [...[...PREVIEW_KINDS, ...RIGHTS].map(ruleOf), bindOf('roles')]),
    clusterRole(ROOT, [...ROOT_KINDS.map(ruleOf), { ...bindOf('clusterroles'), resourceNames: [ROLE] }]),
    {
      ...{ apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name: ROOT } },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ROOT },
      subjects: [{ kind: 'ServiceAccount', name: ROOT, namespace }],
    },
    ...rootPolicy({ source, namespace }, bounds),
    ...markRule(isNamespace, `^system:serviceaccount:${namespace}:${ROOT}$`),
    ...balancerRule(bounds, `^system:serviceaccount:${namespace}:`),
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

/** What of that a cluster has: the role of previews, and their account in each Kustomization that takes anything of their branch. */
export function confinementOf({
  objects,
  branch,
}: Pick<PreviewCluster, 'objects' | 'branch'>): Confinement | undefined {
  const source = sourceOfBranch(objects, branch)?.name;
  // Previews that moved over from the deployed branch have theirs there, and go on as they are.
  const roots = objects.filter(
    (object) =>
      hasShape(object, KUSTOMIZATION) &&
      !PREVIEW_NAME.test(nameOf(object) ?? '') &&
      referenceOf(object).some(({ name }) => name === source),
  );
  const isOpen = roots.some((root) => accountIn(root) !== ROOT);
  const role = objects.find((object) => textAt(object, 'kind') === 'ClusterRole' && nameOf(object) === ROLE);
  if (role === undefined || roots.length === 0 || isOpen) {
    return undefined;
  }
  const rules = mapsIn(valueAt(role, ['rules']));
  return {
    isGroundBeside: true,
    own: [{ kind: 'RoleBinding', name: ROLE }],
    excess: (object) => excessOf(object, rules),
    forbidden: (group, kind) =>
      rules.some((rule) => allows(rule, group, kind))
        ? undefined
        : `the ClusterRole ${ROLE} does not let previews have it. Add its group "${group}" there, where that may be`,
  };
}

/** The account that a Kustomization acts as: the rules are for that of previews alone. */
function accountIn(kustomization: MapValue): string | undefined {
  const spec = mapAt(kustomization, 'spec');
  return spec && textAt(spec, 'serviceAccountName');
}

function allows(rule: MapValue, group: string, kind: string): boolean {
  return lets(rule, { groups: [group], resources: [resourceOf(kind)], verbs: [] });
}

function clusterRole(name: string, rules: readonly Record<string, unknown>[]): Record<string, unknown> {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules };
}

function ruleOf([group, kinds]: Kinds[number]): Record<string, unknown> {
  return { apiGroups: [group], resources: kinds.map(resourceOf), verbs: ALL };
}

/** The right to give away roles as they are: what these let do is asked of whoever makes them. */
function bindOf(resource: string): Record<string, unknown> {
  return { apiGroups: [RBAC], resources: [resource], verbs: ['bind'] };
}

/** What the objects on the branch of previews may be, in CEL. */
function rootPolicy({ source, namespace }: PreviewsSource, { namespaces }: PreviewBounds): Record<string, unknown>[] {
  const isPreview = (text: string) => `${text}.matches('${namespaces.pattern}')`;
  const isGone = `request.operation == 'DELETE'`;
  const isNamespace = `request.resource.resource == 'namespaces'`;
  const isIn = `request.namespace == '${namespace}'`;
  const isBinding = `request.resource.resource == 'rolebindings'`;
  // What else Flux reads may be another team's, or have what this repository keeps to itself.
  const of = 'object.spec.sourceRef';
  const isSource =
    `${of}.kind == '${source.kind}' && ${of}.name == '${source.name}' && ` +
    `${orElse(of, 'namespace', `'${namespace}'`)} == '${source.namespace ?? namespace}'`;
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
        // It may give whatever it may do itself, which in the namespace of a preview is to have Flux deploy anything.
        expression:
          `!(${isBinding}) || ${isGone} || (object.roleRef.kind == 'ClusterRole' && object.roleRef.name == '${ROLE}' && ` +
          `has(object.subjects) && object.subjects.all(each, each.kind == 'ServiceAccount' && each.name == request.namespace && ` +
          `has(each.namespace) && each.namespace == '${namespace}'))`,
        message: `The branch of previews gives the role ${ROLE} to the account of a preview, in its namespace.`,
      },
      {
        expression:
          `!(${isKustomization}) || ${isGone} || (${isIn} && has(object.spec.serviceAccountName) && ` +
          'object.spec.serviceAccountName == request.name && !has(object.spec.kubeConfig) && ' +
          `!has(object.spec.decryption) && !has(object.spec.postBuild) && ${isSource}) || ` +
          // One that was opened before goes on as it is: Flux applies every object again, and fails with all where one is refused.
          '(oldObject != null && !has(oldObject.spec.serviceAccountName) && object.spec == oldObject.spec)',
        message:
          'The Kustomization of a preview acts as the account of the same name, in this cluster, from the branch of previews, without secrets.',
      },
    ],
  });
}
