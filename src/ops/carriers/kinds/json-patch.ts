import { textAt } from '../../yaml/values.js';
import type { CarrierKind } from '../carrier.js';
import { referenceCandidates, referenceFinding } from './whole-reference.js';

/**
 * An operation of a JSON patch that writes an image: `{op: replace, path: …/image, value: repository:tag}`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
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
