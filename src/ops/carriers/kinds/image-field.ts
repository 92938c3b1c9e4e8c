import type { CarrierKind } from '../carrier.js';
import { TAG_KEYS } from './tag-field.js';
import { referenceCandidates, referenceFinding } from './whole-reference.js';

/**
 * An `image:` scalar with a whole reference: in containers and init containers of any manifest or patch, also inline,
 * and in Helm values of charts that take it whole. The name stays as spelled; tag and digest are both written.
 */
export const imageField: CarrierKind = {
  name: 'image',
  find(node, target) {
    if (target.kind !== 'image' || node.key !== 'image' || node.parent === undefined) {
      return [];
    }
    // With the tag in a key of the same mapping, it is a Helm image.
    return TAG_KEYS.some((key) => node.parent?.entries.has(key))
      ? []
      : referenceFinding(node, node.path, node.value, target);
  },
  candidates({ key, value }) {
    return key === 'image' ? referenceCandidates(value) : [];
  },
};
