import { fitsWildcards } from '../../tree/wildcards.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import { admissionPolicy } from '../admission-policy.js';
import { mapsIn } from '../deployed-folder.js';
import { hasShape, nameOf, valueAt } from '../fields.js';
import { markRule } from '../preview-ground.js';
import { GROUND_KINDS, PREVIEW_KINDS } from '../preview-kinds.js';
import { balancerRule, previewPolicies } from '../preview-policies.js';
import { hadIt, hasNone } from '../preview-rule.js';
import type { Confinement, PreviewBounds, PreviewCluster } from '../reconciler.js';
import type { ApplicationConventions } from './conventions.js';
import { APPLICATION } from './shape.js';

/** The project of the Applications of previews. */
export const PROJECT = 'ostack-previews';

/** The project of the Application that takes these, and what bounds it. */
export const ROOT_PROJECT = 'ostack-previews-root';

/** Name of the Application that takes the objects of previews. */
const ROOT = 'ostack-previews';

const TRACKING = 'argocd.argoproj.io/tracking-id';
const INSTANCE = 'app.kubernetes.io/instance';

/**
 * The objects that confine previews: a project with namespaces of previews as its destinations, and one for the Application that
 * takes the objects of previews, which has nothing but Applications. Which project an Application names is anybody's who writes the
 * branch, so that a ValidatingAdmissionPolicy sees to it, by what Argo CD itself notes on all that it deploys.
 *
 * @param repoURL address of this repository, as Argo CD has it
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/cluster-bootstrapping/
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 */
export function confiningObjects(
  repoURL: string,
  { namespace, destination }: ApplicationConventions,
  bounds: PreviewBounds,
): Record<string, unknown>[] {
  const { namespaces } = bounds;
  // In another cluster Argo CD has the account that it makes there.
  const writer = `^system:serviceaccount:(${namespace}:|kube-system:argocd-manager$)`;
  const project = (name: string, spec: Record<string, unknown>) => ({
    ...{ apiVersion: `${APPLICATION.apiGroup}/v1alpha1`, kind: 'AppProject', metadata: { name, namespace } },
    spec: { sourceRepos: [repoURL], ...spec },
  });
  return [
    project(PROJECT, {
      destinations: namespaces.globs.map((each) => ({ ...destination, namespace: each })),
      clusterResourceWhitelist: namespaces.globs.map((name) => ({ group: '', kind: 'Namespace', name })),
      namespaceResourceWhitelist: [...PREVIEW_KINDS, ...GROUND_KINDS].flatMap(([group, kinds]) =>
        kinds.map((kind) => ({ group, kind })),
      ),
      // What no list lets in by mistake.
      namespaceResourceBlacklist: [
        ...['Application', 'ApplicationSet', 'AppProject'].map((kind) => ({ group: APPLICATION.apiGroup, kind })),
        ...['*.toolkit.fluxcd.io', 'fluxcd.controlplane.io', '*.cattle.io'].map((group) => ({ group, kind: '*' })),
        // Argo CD may do anything, and so might a role that it makes, as setting the Pod Security level of the namespace.
        { group: 'rbac.authorization.k8s.io', kind: '*' },
        // Without a selector, a Service leads to any address, and an Ingress there: that of a pod in production, too.
        { group: '', kind: 'Endpoints' },
        { group: 'discovery.k8s.io', kind: 'EndpointSlice' },
      ],
    }),
    project(ROOT_PROJECT, {
      destinations: [{ server: 'https://kubernetes.default.svc', namespace }],
      namespaceResourceWhitelist: [
        { group: APPLICATION.apiGroup, kind: 'Application' },
        { group: '', kind: 'ConfigMap' },
      ],
    }),
    ...rootPolicy(namespace, namespaces.pattern),
    ...markRule(`object.metadata.name.matches('${namespaces.pattern}')`, writer),
    ...balancerRule(bounds, writer),
    ...previewPolicies(bounds),
  ];
}

/** What of that a cluster has: the project of previews, whose destinations are not all namespaces. */
export function confinementOf({ objects }: Pick<PreviewCluster, 'objects'>): Confinement | undefined {
  const isOpen = ({ entries }: MapValue) => entries.get('namespace')?.kind !== 'text';
  const project = objects.find((object) => hasShape(object, PROJECT_SHAPE) && nameOf(object) === PROJECT);
  const destinations = project === undefined ? [] : mapsIn(valueAt(project, ['spec', 'destinations']));
  const isAny = destinations.some((each) => isOpen(each) || textAt(each, 'namespace') === '*');
  if (project === undefined || destinations.length === 0 || isAny) {
    return undefined;
  }
  const allowed = listAt(project, 'namespaceResourceWhitelist');
  const refused = listAt(project, 'namespaceResourceBlacklist');
  return {
    isGroundBeside: false,
    own: [],
    forbidden(group, kind) {
      const isIn = (list: readonly { group: string; kind: string }[] = []) =>
        list.some((each) => fitsWildcards(each.group, group) && fitsWildcards(each.kind, kind));
      if (isIn(refused)) {
        return `the AppProject ${PROJECT} does not let previews have it, which Argo CD would make with all its own rights`;
      }
      return allowed === undefined || isIn(allowed)
        ? undefined
        : `the AppProject ${PROJECT} does not let previews have it. Add it there (group: "${group}", kind: ${kind}), where that may be`;
    },
  };
}

/** The kinds of a list of a project; `undefined` where it has no such list, or an empty one, which says nothing. */
function listAt(project: MapValue, key: string): { group: string; kind: string }[] | undefined {
  const listed = mapsIn(valueAt(project, ['spec', key]));
  return listed.length === 0
    ? undefined
    : listed.map((each) => ({ group: textAt(each, 'group') ?? '', kind: textAt(each, 'kind') ?? '' }));
}

const PROJECT_SHAPE = { apiGroup: APPLICATION.apiGroup, kind: 'AppProject' };

/** What the Application that takes the objects of previews may deploy, in CEL. */
function rootPolicy(namespace: string, pattern: string): Record<string, unknown>[] {
  const noted = (field: string, key: string, rule: string) =>
    `(has(object.metadata.${field}) && '${key}' in object.metadata.${field} && object.metadata.${field}['${key}']${rule})`;
  return admissionPolicy(ROOT, {
    matchConstraints: {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'] }],
    },
    match:
      `has(object.metadata) && (${noted('annotations', TRACKING, `.startsWith('${ROOT}:')`)} || ` +
      `${noted('labels', INSTANCE, ` == '${ROOT}'`)})`,
    validations: [
      {
        expression:
          `request.resource.resource == 'configmaps' ? request.name == '${ROOT}' : ` +
          `(request.resource.resource == 'applications' && request.name.matches('${pattern}'))`,
        message: 'The branch of previews has Applications of previews only.',
      },
      {
        // Plugins have secrets, charts and values come from anywhere, and what one deploys another way nobody has bounded.
        expression:
          `request.resource.resource != 'applications' || ${hadIt('object.spec == oldObject.spec')} || ` +
          `(has(object.spec.source) && !has(object.spec.sources) && !has(object.spec.sourceHydrator) && ` +
          `${hasNone('object.spec.source', ['plugin', 'helm', 'chart', 'kustomize', 'directory', 'ref'])} && ` +
          "has(object.spec.source.path) && object.spec.source.path == 'previews/' + request.name && " +
          `object.spec.destination.namespace == request.name)`,
        message: 'The Application of a preview takes the folder of that preview, as it is.',
      },
      {
        // One that was opened before goes on as it is, until it is written anew.
        expression:
          `request.resource.resource != 'applications' || object.spec.project == '${PROJECT}' || ` +
          '(oldObject != null && object.spec == oldObject.spec)',
        message: `The Application of a preview is of the project ${PROJECT}.`,
      },
    ],
  });
}
