import { RECONCILERS } from '../reconcilers/all.js';
import { textsIn } from '../reconcilers/deployed-folder.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import { type MapValue, mapAt, readValues, textAt, type YamlValue } from '../yaml/values.js';

/** Objects by which reconcilers deploy something, and where they take it from. */
const KINDS = new Set([
  ...RECONCILERS.flatMap((reconciler) => (reconciler satisfies Reconciler).kinds.map(({ kind }) => kind)),
  ...'GitRepository OCIRepository HelmRepository HelmChart Bucket ExternalArtifact ResourceSet AppProject'.split(' '),
]);

const FIELDS = [
  ...'path source sources sourceRef chart chartRef components images patches postBuild values valuesFrom'.split(' '),
  ...'targetNamespace kubeConfig destination generators template templatePatch ref url sourceHydrator'.split(' '),
  ...'postRenderers resources resourcesTemplate project decryption serviceAccountName'.split(' '),
];
/** Fields of theirs that say what is deployed, and where. */
const DEPLOYING = new Set(FIELDS);

/** Where a JSON patch writes an image, or all that is around one. */
const AROUND_IMAGE = /\/image$|\/(containers|initContainers)(\/[^/]*)?$|^(\/spec|\/template|\/jobTemplate)*$/;

/**
 * What a patch of a kustomization does that is not followed: it changes what an object of a reconciler deploys, or copies
 * something into an image.
 *
 * @param text of the patch: YAML of an object or of a list of operations
 * @param target what it is for, where it says that apart
 * @returns for people; `undefined` where it does neither
 */
export function patchProblem(text: string, target: MapValue | undefined): string | undefined {
  const documents = parsed(text);
  const isForReconciler = target !== undefined && selectsReconciler(target);
  const what = `a patch of what ${(target && textAt(target, 'kind')) || 'an object of a reconciler'} deploys`;
  for (const document of documents) {
    const operations = document.kind === 'list' ? document.items.filter((item) => item.kind === 'map') : [];
    if (isForReconciler && operations.some((each) => isDeploying(pointerOf(each)))) {
      return what;
    }
    if (operations.some(isCopyOfImage)) {
      return 'a patch that copies into an image';
    }
    if (document.kind === 'map' && (isForReconciler || isOfReconciler(document)) && changesDeployed(document)) {
      return what;
    }
  }
  return undefined;
}

/** Whether a target of `replacements` may be a field that says what a reconciler deploys. */
export function replacesDeployed(target: MapValue): boolean {
  const paths = textsIn(target.entries.get('fieldPaths'));
  return selectsReconciler(mapAt(target, 'select')) && paths.some((path) => isDeploying(path.split('.')));
}

/** Whether a selector may be of an object of a reconciler: it says no kind, one of theirs, or an expression. */
function selectsReconciler(select: MapValue | undefined): boolean {
  const kind = (select && textAt(select, 'kind')) ?? '';
  return kind === '' || !/^\w+$/.test(kind) || KINDS.has(kind);
}

function parsed(text: string): YamlValue[] {
  try {
    return readValues(text, '');
  } catch {
    return [];
  }
}

function pointerOf(operation: MapValue): string[] {
  return (textAt(operation, 'path') ?? '').split('/').slice(1);
}

/** Whether a pointer is at a field that says what is deployed, in one, or around all of them. */
function isDeploying([first, second, ...rest]: readonly string[]): boolean {
  if (first !== 'spec' || second === undefined) {
    return first === undefined || first === '' || (first === 'spec' && second === undefined);
  }
  // A Deployment has a template as well, of pods.
  const isOfPods = second === 'template' && rest[0] !== undefined && !isDeployingInTemplate(rest);
  return DEPLOYING.has(second) && !isOfPods;
}

function isDeployingInTemplate([spec, field]: readonly string[]): boolean {
  return spec === 'spec' && (field === undefined || ['source', 'sources', 'destination'].includes(field));
}

function isCopyOfImage(operation: MapValue): boolean {
  const op = textAt(operation, 'op');
  return (op === 'copy' || op === 'move') && AROUND_IMAGE.test(textAt(operation, 'path') ?? '');
}

function isOfReconciler(patch: MapValue): boolean {
  return KINDS.has(textAt(patch, 'kind') ?? '') && /fluxcd|argoproj/.test(textAt(patch, 'apiVersion') ?? '');
}

function changesDeployed(patch: MapValue): boolean {
  const spec = mapAt(patch, 'spec');
  const template = spec && mapAt(spec, 'template');
  const inside = [...((template && mapAt(template, 'spec'))?.entries.keys() ?? [])];
  return [...(spec?.entries.keys() ?? [])].some((key) =>
    key === 'template' ? inside.some((field) => isDeployingInTemplate(['spec', field])) : DEPLOYING.has(key),
  );
}
