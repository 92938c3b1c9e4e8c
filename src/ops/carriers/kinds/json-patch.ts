import { textAt } from '../../yaml/values.js';
import type { CarrierKind } from '../carrier.js';
import { referenceCandidates, referenceFinding } from './whole-reference.js';

/** Operations of a JSON patch that write an image: `{op: replace, path: …/image, value: repository:tag}` (RFC 6902). */
export const jsonPatch: CarrierKind = {
  name: 'json-patch',
  find(node, target) {
    const operation = node.value;
    if (target.kind !== 'image' || operation.kind !== 'map') {
      return [];
    }
    const op = textAt(operation, 'op');
    const value = operation.entries.get('value');
    const writes = (op === 'replace' || op === 'add') && textAt(operation, 'path')?.endsWith('/image') === true;
    return writes && value !== undefined ? referenceFinding(node, [...node.path, 'value'], value, target) : [];
  },
  candidates({ value: operation }) {
    const value = operation.kind === 'map' ? operation.entries.get('value') : undefined;
    return value === undefined ? [] : referenceCandidates(value);
  },
};
