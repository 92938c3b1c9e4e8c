import { fitsWildcards } from '../../tree/wildcards.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import { admissionPolicy } from '../admission-policy.js';
import { mapsIn } from '../deployed-folder.js';
import { hasShape, nameOf, valueAt } from '../fields.js';
import { markRule } from '../preview-ground.js';
import { GROUND_KINDS, PREVIEW_KINDS } from '../preview-kinds.js';
import { balancerRule, previewPolicies } from '../preview-policies.js';
import { hadIt, hadMark, hasNone, listOf, previewRule } from '../preview-rule.js';
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

/** What annotations of the Application of a preview begin with: by others, controllers write to git, or tell somebody. */
const APPLICATION_MARKS = [
  ...['preview.ostack.dev/', 'argocd.argoproj.io/', 'notified.notifications.argoproj.io'],
  'kubectl.kubernetes.io/last-',
];

/**
 * The objects that confine previews: a project with namespaces of previews as its destinations, and one for the Application that
 * takes the objects of previews, which has nothing but Applications. Which project an Application names is anybody's who writes the
 * branch, so that a ValidatingAdmissionPolicy sees to it, by what Argo CD itself notes on all that it deploys.
 *
 * @param repoURL address of this repository, as Argo CD has it
 * @param branch that previews are on
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/cluster-bootstrapping/
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 */
export function confiningObjects(
  repoURL: string,
  { namespace, destination }: ApplicationConventions,
  branch: string,
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
    ...rootPolicy({ namespace, branch }, namespaces.pattern),
    ...spaceRule(namespace, namespaces.pattern),
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

/**
 * In CEL, that an object is of an Application, as Argo CD itself notes it on all that it deploys: by an annotation, or by a label whose
 * key its settings choose. One that is not in Argo CD's own namespace has that in front of its name.
 *
 * @param isName in CEL, whether a text is the name of such an Application
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace/
 */
function isOfApplication(isName: (text: string) => string, isNoted: (text: string) => string): string {
  const { labels, annotations } = { labels: 'object.metadata.labels', annotations: 'object.metadata.annotations' };
  return (
    `has(object.metadata) && ((has(${annotations}) && '${TRACKING}' in ${annotations} && ${isNoted(`${annotations}['${TRACKING}']`)}) || ` +
    `(has(${labels}) && ${labels}.exists(key, ${isName(`${labels}[key]`)})))`
  );
}

/**
 * Before it knew names there, Argo CD let a project have any namespace, or none: what it deploys of a preview is that of a preview, whatever
 * the version.
 */
function spaceRule(namespace: string, pattern: string): Record<string, unknown>[] {
  const own = `(${namespace}_)?${pattern.slice(1, -1)}`;
  return previewRule('spaces', {
    resources: [['', ['namespaces']]],
    match: isOfApplication(
      (text) => `${text}.matches('^${own}$')`,
      (text) => `${text}.matches('^${own}:')`,
    ),
    validations: [
      {
        expression: `object.metadata.name.matches('${pattern}')`,
        message: 'The Application of a preview has namespaces of previews only.',
      },
    ],
  });
}

/** What the Application that takes the objects of previews may deploy, in CEL. */
function rootPolicy(
  { namespace, branch }: { namespace: string; branch: string },
  pattern: string,
): Record<string, unknown>[] {
  const names = listOf([ROOT, `${namespace}_${ROOT}`]);
  const isApplication = `request.resource.resource == 'applications'`;
  return admissionPolicy(ROOT, {
    matchConstraints: {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'] }],
    },
    match: isOfApplication(
      (text) => `${text} in ${names}`,
      (text) => `${names}.exists(name, ${text}.startsWith(name + ':'))`,
    ),
    validations: [
      {
        expression:
          `request.resource.resource == 'configmaps' ? request.name == '${ROOT}' : ` +
          `(${isApplication} && request.name.matches('${pattern}'))`,
        message: 'The branch of previews has Applications of previews only.',
      },
      {
        expression:
          `!(${isApplication}) || ${hadIt('object.spec == oldObject.spec')} || ` +
          `(${isFolder('object.spec')} && has(object.spec.source.targetRevision) && ` +
          `object.spec.source.targetRevision == '${branch}' && object.spec.destination.namespace == request.name)`,
        message: 'The Application of a preview takes the folder of that preview from the branch of previews, as it is.',
      },
      {
        // What is to be synced once is said beside the spec, and may be something else.
        expression:
          `!(${isApplication}) || !has(object.operation) || ${hadIt('has(oldObject.operation) && object.operation == oldObject.operation')} || ` +
          '!has(object.operation.sync) || (!has(object.operation.sync.manifests) && !has(object.operation.sync.sources) && ' +
          `(!has(object.operation.sync.source) || (${isFolder('object.operation.sync')})))`,
        message: 'What is synced of a preview is the folder of that preview, as it is.',
      },
      {
        expression:
          `!(${isApplication}) || !has(object.metadata.annotations) || object.metadata.annotations.all(key, ` +
          `${listOf(APPLICATION_MARKS)}.exists(each, key.startsWith(each)) || ${hadMark('annotations', 'key')})`,
        message: 'The Application of a preview has no annotations but those of a preview.',
      },
      {
        // One that was opened before goes on as it is, until it is written anew.
        expression:
          `!(${isApplication}) || object.spec.project == '${PROJECT}' || ` +
          '(oldObject != null && object.spec == oldObject.spec)',
        message: `The Application of a preview is of the project ${PROJECT}.`,
      },
    ],
  });
}

/** In CEL, that a source is the folder of the preview. Plugins have secrets, and charts, values and options come from anywhere. */
function isFolder(of: string): string {
  return (
    `has(${of}.source) && ${hasNone(of, ['sources', 'sourceHydrator'])} && ` +
    `${hasNone(`${of}.source`, ['plugin', 'helm', 'chart', 'kustomize', 'directory', 'ref'])} && ` +
    `has(${of}.source.path) && ${of}.source.path == 'previews/' + request.name`
  );
}
