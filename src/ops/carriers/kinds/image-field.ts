import type { CarrierKind } from '../carrier.js';
import { TAG_KEYS } from './helm-image.js';
import { referenceCandidates, referenceFinding } from './whole-reference.js';

/**
 * An `image:` scalar that holds a reference: containers, init containers and jobs of any manifest or patch, also inline,
 * and charts that take the whole reference. The name stays as it is spelled; tag and digest are both written.
 */
export const imageField: CarrierKind = {
  name: 'image',
  find(node, target) {
    if (target.kind !== 'image' || node.key !== 'image' || node.parent === undefined) {
      return [];
    }
    // A chart that has the tag in a key beside the name is a Helm image.
    return TAG_KEYS.some((key) => node.parent?.entries.has(key))
      ? []
      : referenceFinding(node, node.path, node.value, target);
  },
  candidates({ key, value }) {
    return key === 'image' ? referenceCandidates(value) : [];
  },
};
