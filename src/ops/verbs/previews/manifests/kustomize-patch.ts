import { currentId, type LayerObject } from '../../../kustomize/layers/layer-object.js';
import { toYaml } from '../../../yaml/to-yaml.js';

/** An entry of `patches:` in a kustomization. */
export interface Patch {
  target: { group?: string; kind?: string; name?: string; namespace?: string };
  /** YAML of a JSON patch or of a strategic merge patch. */
  patch: string;
}

/** One operation of a JSON patch (RFC 6902). */
export type JsonPatchOperation = { op: 'add'; path: string; value: unknown } | { op: 'remove'; path: string };

/** A patch that leaves an object out. */
export function deletionPatch(object: LayerObject): Patch {
  return { target: targetOf(object), patch: toYaml({ $patch: 'delete', ...headOf(object) }) };
}

/**
 * A patch that leaves out whatever fits, which may be nothing.
 *
 * @param target regular expressions that have to fit the whole of a group, kind or name
 */
export function deletionOf(target: Patch['target']): Patch {
  return { target, patch: toYaml({ $patch: 'delete', ...ANY }) };
}

/** A patch that merges fields into whatever fits; `null` deletes one. @param target as that of `deletionOf` */
export function mergingOf(target: Patch['target'], fields: Record<string, unknown>): Patch {
  return { target, patch: toYaml({ ...ANY, ...fields }) };
}

/** kustomize wants a kind and a name in a patch, and goes by those of the target. */
const ANY = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'any' } };

/** A patch that merges fields into an object; `null` deletes one. */
export function mergingPatch(object: LayerObject, { metadata, ...fields }: Record<string, unknown>): Patch {
  const head = headOf(object);
  const own = typeof metadata === 'object' ? { ...head.metadata, ...metadata } : head.metadata;
  return { target: targetOf(object), patch: toYaml({ ...head, metadata: own, ...fields }) };
}

/** A JSON patch of one object. */
export function jsonPatch(object: LayerObject, operations: readonly JsonPatchOperation[]): Patch {
  return { target: targetOf(object), patch: toYaml(operations) };
}

/**
 * The target of a patch for exactly one object.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ where names are regular expressions
 */
export function targetOf(object: LayerObject): Patch['target'] {
  const { group, kind } = object;
  const exact = currentId(object).name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return { ...(group === '' ? {} : { group }), kind, name: exact };
}

function headOf(object: LayerObject): { apiVersion: string; kind: string; metadata: { name: string } } {
  const { group, version, kind } = object;
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: { name: currentId(object).name },
  };
}
