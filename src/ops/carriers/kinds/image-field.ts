import type { CarrierKind } from '../carrier.js';
import { TAG_KEYS } from './helm-image.js';
import { candidatesIn, referenceFinding } from './whole-reference.js';

/**
 * An `image:` scalar that holds a reference: containers, init containers and jobs of any manifest or patch, also inline,
 * and charts that take the whole reference. The name stays as it is spelled; tag and digest are both written.
 */
export const imageField: CarrierKind = {
  name: 'image',
  find(site, target) {
    if (target.kind !== 'image' || site.key !== 'image' || site.parent === undefined) {
      return [];
    }
    // A chart that has the tag in a key beside the name is a Helm image.
    return TAG_KEYS.some((key) => site.parent?.entries.has(key))
      ? []
      : referenceFinding(site, site.path, site.value, target);
  },
  candidates({ key, value }) {
    return key === 'image' ? candidatesIn(value) : [];
  },
};
