import type { Edit } from '../../yaml/edit.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import type { CarrierKind, Finding, ImageTarget } from '../carrier.js';
import { sameRepository } from '../image-reference.js';
import type { YamlNode } from '../yaml-nodes.js';

/**
 * An entry of `images:` in a Kustomization or Component, in a Flux Kustomization or a HelmRelease's post renderer:
 * `{name, newName, newTag, digest}`. An entry is the target's when
 *
 * 1. its `newName` is the target's repository: that is what runs;
 * 2. its `name` is the target's repository, whatever `newName` says: a team's mirror keeps its name and gets the version;
 * 3. its `name` is a placeholder, the image's bare name without registry, and there is no `newName`: then `newName` is
 *    set too, since a bare name would be pulled from Docker Hub. Not certain, for `redis` may be Docker Hub's.
 *
 * Kustomize writes `name:tag@digest` where both are given (since 5.0; before, the digest alone): either way the digest
 * decides.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
 */
export const kustomizeImage: CarrierKind = {
  name: 'kustomize-image',
  find(node, target) {
    const entry = node.value;
    const listed = node.key === 'images' && typeof node.path.at(-1) === 'number';
    if (target.kind !== 'image' || !listed || entry.kind !== 'map') {
      return [];
    }
    const name = textAt(entry, 'name');
    const newName = textAt(entry, 'newName') || undefined;
    if (name === undefined) {
      return [];
    }
    const certain = [newName, name].some((each) => each !== undefined && sameRepository(each, target.repository));
    const placeholder = newName === undefined && name === target.image && !name.includes('/');
    return certain || placeholder ? [finding(node, entry, target, { name, newName, certain })] : [];
  },
  candidates({ key, value, path }) {
    const listed = key === 'images' && typeof path.at(-1) === 'number';
    const name = listed && value.kind === 'map' ? textAt(value, 'newName') || textAt(value, 'name') : undefined;
    return name ? [{ kind: 'image', repository: name }] : [];
  },
};

function finding(
  node: YamlNode,
  entry: MapValue,
  target: ImageTarget,
  found: { name: string; newName: string | undefined; certain: boolean },
): Finding {
  const [tag, pinned] = (textAt(entry, 'newTag') ?? '').split('@', 2);
  const placeholder = !found.certain;
  return {
    path: node.path,
    line: entry.line,
    current: {
      repository: found.newName ?? found.name,
      tag: tag || undefined,
      digest: textAt(entry, 'digest') || pinned || undefined,
    },
    certain: found.certain,
    edits: edits(node, entry, target, placeholder),
  };
}

function edits(node: YamlNode, entry: MapValue, target: ImageTarget, placeholder: boolean): Edit[] {
  const at = (key: string) => ({ path: [...node.path, key], document: node.document });
  const named = entry.entries.has('newName') ? 'newName' : 'name';
  const tagged = entry.entries.has('newTag') ? 'newTag' : named;
  const result: Edit[] = placeholder ? [{ ...at('newName'), value: target.repository, after: 'name' }] : [];
  result.push({ ...at('newTag'), value: target.tag, after: named });
  if (target.digest !== undefined) {
    result.push({ ...at('digest'), value: target.digest, after: tagged });
  } else if (entry.entries.has('digest')) {
    result.push({ ...at('digest'), remove: true });
  }
  return result;
}
