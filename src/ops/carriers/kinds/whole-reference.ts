import type { YamlPath } from '../../yaml/path.js';
import type { YamlValue } from '../../yaml/values.js';
import type { Candidate, Finding, ImageTarget } from '../carrier.js';
import { type ImageReference, parseReference, referenceTo, sameRepository } from '../image-reference.js';
import { variableReference } from '../variables.js';
import type { YamlNode } from '../yaml-nodes.js';

/** The image that a scalar names by a whole reference, `repository:tag@digest`. */
export function referenceCandidates(value: YamlValue): Candidate[] {
  const reference = value.kind === 'text' ? referenceOf(value.text) : undefined;
  return reference === undefined ? [] : [{ kind: 'image', repository: reference.name }];
}

/** The finding for a scalar with a whole reference of the target's image. Tag and digest are both written. */
export function referenceFinding(node: YamlNode, path: YamlPath, value: YamlValue, target: ImageTarget): Finding[] {
  const reference = value.kind === 'text' ? referenceOf(value.text) : undefined;
  if (reference === undefined || !sameRepository(reference.name, target.repository)) {
    return [];
  }
  const text = referenceTo(reference, target);
  return [
    {
      path,
      line: value.line,
      current: { repository: reference.name, tag: reference.tag, digest: reference.digest },
      // A reference without a version most likely gets it from `images`.
      certain: reference.tag !== undefined || reference.digest !== undefined,
      edits: [{ path, document: node.document, value: text }],
    },
  ];
}

function referenceOf(text: string): ImageReference | undefined {
  return parseReference(text) ?? variableReference(text);
}
