import { groupOf } from '../patch.js';
import { copyOf, type LayerMap, type LayerNode, layerItems, layerText, nodeAt } from './layer-node.js';

/** An object on its way through the layers of a kustomization. */
export interface LayerObject {
  /** Empty for the core group. */
  group: string;
  /** Of its API, without the group: `v1`. */
  version: string;
  kind: string;
  /** What it was and is called, the current name last. Patches may go by any of them. */
  ids: readonly ObjectId[];
  root: LayerMap;
  /** The file that it is from. */
  file: string;
  /** The resource of the outermost kustomization that brought it, as written there; empty for one of a component. */
  via: string;
}

export interface ObjectId {
  name: string;
  namespace: string;
}

/** The objects of a document: one, those of a list, or none where it is no object. */
export function objectsOf(node: LayerNode, file: string): LayerObject[] {
  const kind = layerText(node, 'kind');
  if (node.kind !== 'map' || kind === '') {
    return [];
  }
  if (kind.endsWith('List') && nodeAt(node, 'items')?.kind === 'list') {
    return layerItems(node, 'items').flatMap((item) => objectsOf(item, file));
  }
  const apiVersion = layerText(node, 'apiVersion');
  const id = { name: layerText(node, 'metadata', 'name'), namespace: layerText(node, 'metadata', 'namespace') };
  const version = apiVersion.split('/').at(-1) ?? '';
  return [{ group: groupOf(apiVersion), version, kind, ids: [id], root: node, file, via: '' }];
}

/** The name and namespace that an object has now. */
export function currentId({ ids }: LayerObject): ObjectId {
  return ids.at(-1) ?? { name: '', namespace: '' };
}

/** The same object under another name or in another namespace. */
export function renamed(object: LayerObject, id: Partial<ObjectId>): LayerObject {
  const now = currentId(object);
  const next = { ...now, ...id };
  return next.name === now.name && next.namespace === now.namespace
    ? object
    : { ...object, ids: [...object.ids, next] };
}

/** A copy that layers may change. */
export function objectCopy(object: LayerObject): LayerObject {
  const root = copyOf(object.root);
  return root.kind === 'map' ? { ...object, root } : object;
}

/** Kinds of Kubernetes itself that have containers, with their groups. */
const WORKLOADS: Readonly<Record<string, string>> = {
  Pod: '',
  PodTemplate: '',
  ReplicationController: '',
  Deployment: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  ReplicaSet: 'apps',
  Job: 'batch',
  CronJob: 'batch',
};

/** Whether an object is of a kind of Kubernetes itself that has containers. */
export function isWorkload({ group, kind }: Pick<LayerObject, 'group' | 'kind'>): boolean {
  return Object.hasOwn(WORKLOADS, kind) && WORKLOADS[kind] === group;
}
