import { isPattern } from '../../kustomize/image-pattern.js';
import type { Edit } from '../../yaml/edits.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import type { CarrierKind, CurrentVersion, Finding, ImageTarget } from '../carrier.js';
import { formatReference, parseReference, sameRepository, staysDigest } from '../image-reference.js';
import type { YamlNode } from '../yaml-nodes.js';

/**
 * An entry of `images:` in a Kustomization or Component, in a Flux Kustomization or a HelmRelease's post renderer, or the
 * `imageTag` of an ImageTagTransformer: `{name, newName, newTag, digest}`. An entry is the target's when
 *
 * 1. its `newName` is the target's repository, because that is what runs;
 * 2. its `name` is the target's repository, whatever its `newName`: the mirror of a team stays and gets the version;
 * 3. its `name` is a placeholder, the bare name of the image without a registry, and it has no `newName`. Then
 *    `newName` is set too, because a bare name would be pulled from Docker Hub. This is not certain: `redis` may be
 *    meant so.
 *
 * With both a tag and a digest, kustomize renders `name:tag@digest` (before 5.0 only the digest). Either way the digest
 * decides. An entry that has a digest alone keeps to that. A `newName` with a tag in it stays one where the entry has
 * no `newTag` and no `digest`, which kustomize would write behind it; else it gets the repository alone.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_imagetagtransformer_
 */
export const kustomizeImage: CarrierKind = {
  name: 'kustomize-image',
  find(node, target) {
    const entry = entryAt(node);
    const name = entry && nameIn(entry);
    if (target.kind !== 'image' || entry === undefined || name === undefined) {
      return [];
    }
    const found: Entry = { ...versionIn(entry), name, newName: newNameIn(entry) };
    const { newName } = found;
    const certain = [newName, name].some((each) => each !== undefined && sameRepository(each, target.repository));
    const placeholder = newName === undefined && name === target.image && !name.includes('/');
    return certain || placeholder ? [finding(node, entry, target, { ...found, certain })] : [];
  },
  candidates(node) {
    const entry = entryAt(node);
    const name = entry && (newNameIn(entry) ?? nameIn(entry));
    // What several images may be called is the name of none: what runs is told by the layers.
    return name && !isPattern(name) ? [{ kind: 'image', repository: name }] : [];
  },
};

interface Entry extends Omit<CurrentVersion, 'repository'> {
  /** Without the tag that kustomize may be told to look for: `postgres` of `postgres:15`. */
  name: string;
  newName: string | undefined;
  /** Where the version is written. */
  place: 'keys' | 'newName';
}

/** The entry that a node is: an item of `images`, or `imageTag`. */
function entryAt({ key, path, value }: YamlNode): MapValue | undefined {
  const listed = key === 'images' && typeof path.at(-1) === 'number';
  return (listed || path.at(-1) === 'imageTag') && value.kind === 'map' ? value : undefined;
}

function nameIn(entry: MapValue): string | undefined {
  const name = textAt(entry, 'name');
  return name === undefined ? undefined : (parseReference(name)?.name ?? name);
}

function newNameIn(entry: MapValue): string | undefined {
  const name = textAt(entry, 'newName') || undefined;
  return name === undefined ? undefined : (parseReference(name)?.name ?? name);
}

/** The version that an entry of `images` sets, and where it is written; neither tag nor digest where it sets none. */
export function versionIn(entry: MapValue): Pick<Entry, 'tag' | 'digest' | 'place'> {
  const [tag, pinned] = (textAt(entry, 'newTag') ?? '').split('@', 2);
  const keys = { tag: tag || undefined, digest: textAt(entry, 'digest') || pinned || undefined };
  const whole = parseReference(textAt(entry, 'newName') ?? '');
  return (keys.tag ?? keys.digest) === undefined && (whole?.tag ?? whole?.digest) !== undefined
    ? { tag: whole?.tag, digest: whole?.digest, place: 'newName' }
    : { ...keys, place: 'keys' };
}

function finding(node: YamlNode, entry: MapValue, target: ImageTarget, found: Entry & { certain: boolean }): Finding {
  const { name, newName, tag, digest, certain } = found;
  return {
    path: node.path,
    line: entry.line,
    current: { repository: newName ?? name, tag, digest },
    certain,
    edits: edits(node, entry, target, found),
  };
}

function edits(node: YamlNode, entry: MapValue, target: ImageTarget, found: Entry & { certain: boolean }): Edit[] {
  const at = (key: string) => ({ path: [...node.path, key], document: node.document });
  const tag = staysDigest(found, target) && !entry.entries.has('newTag') ? undefined : target.tag;
  if (found.place === 'newName' && found.newName !== undefined) {
    return [{ ...at('newName'), value: formatReference({ name: found.newName, tag, digest: target.digest }) }];
  }
  const named = entry.entries.has('newName') ? 'newName' : 'name';
  const tagged = entry.entries.has('newTag') && tag !== undefined ? 'newTag' : named;
  const result: Edit[] = found.certain ? [] : [{ ...at('newName'), value: target.repository, after: 'name' }];
  if (found.newName !== undefined && found.newName !== textAt(entry, 'newName')) {
    result.push({ ...at('newName'), value: found.newName });
  }
  if (tag !== undefined) {
    result.push({ ...at('newTag'), value: tag, after: named });
  } else if (entry.entries.has('newTag')) {
    result.push({ ...at('newTag'), remove: true });
  }
  if (target.digest !== undefined) {
    result.push({ ...at('digest'), value: target.digest, after: tagged });
  } else if (entry.entries.has('digest')) {
    result.push({ ...at('digest'), remove: true });
  }
  return result;
}
