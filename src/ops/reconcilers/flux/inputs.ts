import { type MapValue, textAt } from '../../yaml/values.js';
import { textsIn } from '../deployed-folder.js';
import { hasShape, valueAt } from '../fields.js';
import { type Destination, fieldText, type ObjectInputs, openPath, referencesIn } from '../object-inputs.js';
import { HELM_RELEASE, KUSTOMIZATION } from './shape.js';

/** The end of the API groups of all objects of Flux: `kustomize.toolkit.fluxcd.io`, `source.toolkit.fluxcd.io`, … */
const GROUPS = /(^|\.)(toolkit\.fluxcd\.io|controlplane\.io)\//;

/** Sources whose paths are those of a repository; those of a HelmRepository are names of charts. */
const WITH_PATHS = new Set(['GitRepository', 'Bucket', 'OCIRepository', 'ExternalArtifact']);

/**
 * What an object of Flux takes in: the folder of a Kustomization with its components, a chart of the repository with its
 * files of values, and every object that it names.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 */
export function inputsOfFlux(object: MapValue): ObjectInputs | undefined {
  if (!GROUPS.test(textAt(object, 'apiVersion') ?? '')) {
    return undefined;
  }
  return { paths: pathsOf(object), objects: referencesIn(object, textAt(object, 'kind')) };
}

function pathsOf(object: MapValue): string[] {
  if (hasShape(object, KUSTOMIZATION)) {
    const path = fieldText(object, ...KUSTOMIZATION.pathField) ?? '';
    const components = textsIn(valueAt(object, ['spec', 'components']));
    return [path, ...components.map((component) => `${path}/${component}`)].map(openPath);
  }
  // Flux Operator syncs the cluster with a folder of this repository, or of another one.
  const synced = fieldText(object, 'spec', 'sync', 'path');
  if (textAt(object, 'kind') === 'FluxInstance') {
    return synced === undefined ? [] : [openPath(synced)];
  }
  const spec = hasShape(object, HELM_RELEASE) ? ['spec', 'chart', 'spec'] : ['spec'];
  const kind = fieldText(object, ...spec, 'sourceRef', 'kind');
  if (kind === undefined || !WITH_PATHS.has(kind)) {
    return [];
  }
  const files = ['valuesFile', 'valuesFiles'].flatMap((key) => textsIn(valueAt(object, [...spec, key])));
  const chart = fieldText(object, ...spec, 'chart');
  return [...(chart === undefined ? [] : [chart]), ...files].map(openPath);
}

/** Where a Flux Kustomization or a HelmRelease deploys to; `undefined` for other objects. */
export function destinationOfFlux(object: MapValue): Destination | undefined {
  if (!hasShape(object, KUSTOMIZATION) && !hasShape(object, HELM_RELEASE)) {
    return undefined;
  }
  const cluster = fieldText(object, 'spec', 'kubeConfig', 'secretRef', 'name');
  const other = fieldText(object, 'spec', 'kubeConfig', 'configMapRef', 'name');
  return { cluster: cluster ?? other, namespace: fieldText(object, 'spec', 'targetNamespace') };
}

/**
 * The values that an object gives to variables of others: `postBuild.substitute` of a Kustomization, and what is in a
 * ConfigMap, from which `substituteFrom` takes them.
 */
export function variablesOf(object: MapValue): [name: string, value: string][] {
  const own = hasShape(object, KUSTOMIZATION) ? valueAt(object, ['spec', 'postBuild', 'substitute']) : undefined;
  const data = textAt(object, 'kind') === 'ConfigMap' ? valueAt(object, ['data']) : undefined;
  return [own, data].flatMap((map) =>
    map?.kind !== 'map'
      ? []
      : [...map.entries].flatMap(([name, value]): [string, string][] =>
          value.kind === 'text' && /^[A-Za-z_]\w*$/.test(name) ? [[name, value.text]] : [],
        ),
  );
}
