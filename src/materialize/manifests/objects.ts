import { isClusterKind } from '../../ops/kustomize/cluster-kinds.js';
import { BYTE_ORDER_MARK } from '../../ops/yaml/parse.js';
import { isNothing, type MapValue, readValues, textAt, type Value, valueAt, withEntry } from '../values.js';

/** A Kubernetes object of a manifest. */
export interface ManifestObject {
  /** Empty for the core group. */
  group: string;
  kind: string;
  /** Empty where it has none. */
  namespace: string;
  name: string;
  value: MapValue;
  /** Where it comes from, for messages. */
  from: string;
}

/**
 * Reads the objects of a manifest; those in a `List` one by one, empty documents left out.
 *
 * @param from where the text comes from, for messages: a file, or what rendered it
 * @throws Error with the place of what is no Kubernetes object
 */
export function readObjects(text: string, from: string): ManifestObject[] {
  return objectsIn(readValues(text, from), from);
}

/** As `readObjects`, of documents that are read already. */
export function objectsIn(documents: readonly (Value | undefined)[], from: string): ManifestObject[] {
  return documents.flatMap((value) => (value === undefined ? [] : objectsOf(value, from)));
}

function objectsOf(value: Value, from: string): ManifestObject[] {
  if (value.kind !== 'map') {
    if (isNothing(value)) {
      return [];
    }
    throw new Error(`${value.at}: expected a Kubernetes object, found ${value.kind === 'list' ? 'a list' : 'a text'}.`);
  }
  if ([...value.entries.keys()].some((key) => key.startsWith(BYTE_ORDER_MARK))) {
    throw new Error(
      `${value.at}: a key begins with a byte order mark (U+FEFF), which no editor shows. Expected it at the beginning of a file alone: take it out.`,
    );
  }
  const items = valueAt(value, 'items');
  // An empty text is none.
  const [apiVersion, kind, name] = [['apiVersion'], ['kind'], ['metadata', 'name']].map(
    (keys) => textAt(value, ...keys) || undefined,
  );
  if (items !== undefined && kind?.endsWith('List') === true) {
    if (items.kind === 'list') {
      return items.items.flatMap((item) => objectsOf(item, from));
    }
    if (isNothing(items) && name === undefined) {
      return [];
    }
  }
  const missing = [
    apiVersion === undefined && 'apiVersion',
    kind === undefined && 'kind',
    name === undefined && 'metadata.name',
  ];
  if (apiVersion === undefined || kind === undefined || name === undefined) {
    const keys = missing.filter((key) => key !== false).join(' and ');
    throw new Error(
      `${value.at}: expected a Kubernetes object, found one without ${keys}. What is applied has a name of its own.`,
    );
  }
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return [{ group, kind, namespace: textAt(value, 'metadata', 'namespace') ?? '', name, value, from }];
}

/** The identity of an object in a cluster. */
export type Identity = (object: ManifestObject) => string;

/**
 * Groups that kinds of the group `extensions` moved to: a cluster that has both takes them for one.
 *
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
const MOVED: ReadonlyMap<string, string> = new Map([
  ...['DaemonSet', 'Deployment', 'ReplicaSet'].map((kind) => [kind, 'apps'] as const),
  ...['Ingress', 'NetworkPolicy'].map((kind) => [kind, 'networking.k8s.io'] as const),
  ['PodSecurityPolicy', 'policy'],
]);

/**
 * Identities in a cluster: group, kind, namespace and name, but not the version of an API. Kinds of the whole cluster have no
 * namespace, whatever an object says; without one it goes to `default`, as kustomize takes it, too.
 *
 * @param objects all of the cluster, for the definitions among them
 */
export function identitiesIn(objects: readonly ManifestObject[]): Identity {
  const isWide = clusterWide(objects);
  return (written) => {
    const moved = written.group === 'extensions' ? MOVED.get(written.kind) : undefined;
    const object = { ...written, group: moved ?? written.group };
    const { group, kind, namespace, name } = object;
    return [group, kind, isWide(object) || namespace === 'default' ? '' : namespace, name].join('\0');
  };
}

/** An object in words, for messages. */
export function objectName({ kind, namespace, name }: ManifestObject): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/**
 * Sets the namespace of each object that has none and is no kind of the whole cluster: by Kubernetes' own list, and by the
 * definitions among the objects.
 */
export function inNamespace(
  objects: readonly ManifestObject[],
  namespace: Value,
  definitions: readonly ManifestObject[] = objects,
): ManifestObject[] {
  const isWide = clusterWide(definitions);
  return objects.map((object) => {
    if (object.namespace !== '' || isWide(object)) {
      return object;
    }
    const metadata = valueAt(object.value, 'metadata');
    if (metadata?.kind !== 'map' || namespace.kind !== 'scalar') {
      return object;
    }
    return {
      ...object,
      namespace: namespace.text,
      value: withEntry(object.value, 'metadata', withEntry(metadata, 'namespace', namespace)),
    };
  });
}

/** Whether an object is of a kind of the whole cluster: by Kubernetes' own list, and by definitions. */
function clusterWide(definitions: readonly ManifestObject[]): (object: ManifestObject) => boolean {
  const wide = new Set(definitions.flatMap(clusterWideOf));
  return ({ group, kind }) => isClusterKind(group, kind) || wide.has(`${group}\0${kind}`);
}

/** The kind that a definition makes, where that belongs to the whole cluster. */
function clusterWideOf({ kind, value }: ManifestObject): string[] {
  return kind === 'CustomResourceDefinition' && textAt(value, 'spec', 'scope') === 'Cluster'
    ? [`${textAt(value, 'spec', 'group')}\0${textAt(value, 'spec', 'names', 'kind')}`]
    : [];
}
