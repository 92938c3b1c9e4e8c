import type { Edit } from '../../yaml/edits.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import type { ImageTarget } from '../carrier.js';
import { staysDigest } from '../image-reference.js';
import type { YamlNode } from '../yaml-nodes.js';

/** The keys under which charts have the tag of an image. */
export const TAG_KEYS = ['tag', 'imageTag', 'image_tag'] as const;

/** The version that a mapping has under the key of its tag, and under `digest`. */
export function tagIn(values: MapValue, tagKey: string): { tag: string | undefined; digest: string | undefined } {
  const [tag, pinned] = (textAt(values, tagKey) ?? '').split('@', 2);
  return { tag: tag || undefined, digest: textAt(values, 'digest') || pinned || undefined };
}

/**
 * The edits that set a version in a mapping with a tag of its own. A digest is written to the key `digest` where the
 * values have it, or behind the tag where that already is `1.2.3@sha256:…`. The key is never added, because a chart that
 * does not know it would ignore or refuse it. Where the target has no digest, the key is emptied and not removed, because
 * otherwise a default of the chart would apply. What is pinned by its digest alone keeps to that.
 *
 * @param node the mapping
 * @param after the key that a missing tag is added after
 */
export function tagEdits(node: YamlNode, values: MapValue, tagKey: string, target: ImageTarget, after: string): Edit[] {
  const at = (name: string) => ({ path: [...node.path, name], document: node.document });
  const current = tagIn(values, tagKey);
  const hasDigest = values.entries.has('digest');
  const pinned = (textAt(values, tagKey) ?? '').includes('@');
  const edits: Edit[] = [];
  if (values.entries.has(tagKey) || !staysDigest(current, target)) {
    const inTag = pinned && target.digest !== undefined && !hasDigest;
    const tag = target.tag ?? '';
    edits.push({ ...at(tagKey), value: inTag ? `${tag}@${target.digest}` : tag, after });
  }
  if (hasDigest) {
    edits.push({ ...at('digest'), value: target.digest ?? '' });
  }
  return edits;
}

/** Whether a digest can be written to a mapping without a tag. */
export function takesDigest(values: MapValue): boolean {
  return values.entries.has('digest');
}
