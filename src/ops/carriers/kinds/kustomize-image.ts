import type { Edit } from '../../yaml/edit.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import type { CarrierKind, Finding, ImageTarget } from '../carrier.js';
import { sameRepository } from '../image-reference.js';
import type { YamlNode } from '../yaml-nodes.js';

/**
 * An entry of `images:` in a Kustomization or Component, in a Flux Kustomization or a HelmRelease's post renderer:
 * `{name, newName, newTag, digest}`. An entry is the target's when
 *
 * 1. its `newName` is the target's repository, because that is what runs;
 * 2. its `name` is the target's repository, whatever its `newName`: the mirror of a team stays and gets the version;
 * 3. its `name` is a placeholder, the bare name of the image without a registry, and it has no `newName`. Then
 *    `newName` is set too, because a bare name would be pulled from Docker Hub. This is not certain: `redis` may be
 *    meant so.
 *
 * With both a tag and a digest, kustomize renders `name:tag@digest` (before 5.0 only the digest). Either way the digest
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
