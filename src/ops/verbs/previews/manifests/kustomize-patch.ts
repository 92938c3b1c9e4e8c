import type { Manifest } from '../../../overlays/manifests.js';
import { toYaml } from '../../../yaml/to-yaml.js';

/** An entry of `patches:` in a kustomization. */
export interface Patch {
  target: { group?: string; kind: string; name: string };
  /** YAML of a JSON patch or of a strategic merge patch. */
  patch: string;
}

/** A patch that leaves an object out. */
export function deletionPatch(object: Manifest): Patch {
  const { apiVersion, kind, name } = object;
  return { target: targetOf(object), patch: toYaml({ $patch: 'delete', apiVersion, kind, metadata: { name } }) };
}

/**
 * The target of a patch for exactly one object.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ where names are regular expressions
 */
export function targetOf({ apiVersion, kind, name }: Manifest): Patch['target'] {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : undefined;
  const exact = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return { ...(group === undefined ? {} : { group }), kind, name: exact };
}
