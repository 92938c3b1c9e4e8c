import type { YamlPath } from '../../yaml/path.js';
import { textAt, type YamlValue } from '../../yaml/values.js';
import type { Candidate, CarrierKind, Finding, ImageTarget, YamlNode } from '../carrier.js';
import { formatReference, parseReference, sameRepository } from '../image-reference.js';
import { TAG_KEYS } from './helm-image.js';

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

/** Operations of a JSON patch that write an image: `{op: replace, path: …/image, value: repository:tag}` (RFC 6902). */
export const jsonPatch: CarrierKind = {
  name: 'json-patch',
  find(site, target) {
    const operation = site.value;
    if (target.kind !== 'image' || operation.kind !== 'map') {
      return [];
    }
    const op = textAt(operation, 'op');
    const value = operation.entries.get('value');
    const writes = (op === 'replace' || op === 'add') && textAt(operation, 'path')?.endsWith('/image') === true;
    return writes && value !== undefined ? referenceFinding(site, [...site.path, 'value'], value, target) : [];
  },
  candidates({ value: operation }) {
    const value = operation.kind === 'map' ? operation.entries.get('value') : undefined;
    return value === undefined ? [] : candidatesIn(value);
  },
};

function candidatesIn(value: YamlValue): Candidate[] {
  const reference = value.kind === 'text' ? parseReference(value.text) : undefined;
  return reference === undefined ? [] : [{ kind: 'image', repository: reference.name }];
}

function referenceFinding(site: YamlNode, path: YamlPath, value: YamlValue, target: ImageTarget): Finding[] {
  const reference = value.kind === 'text' ? parseReference(value.text) : undefined;
  if (reference === undefined || !sameRepository(reference.name, target.repository)) {
    return [];
  }
  const text = formatReference({ name: reference.name, tag: target.tag, digest: target.digest });
  return [
    {
      path,
      line: value.line,
      current: { repository: reference.name, tag: reference.tag, digest: reference.digest },
      // Without a version something else, most likely `images:`, supplies it.
      certain: reference.tag !== undefined || reference.digest !== undefined,
      edits: [{ path, document: site.document, value: text }],
    },
  ];
}
