import type { YamlPath } from '../../yaml/path.js';
import type { YamlValue } from '../../yaml/values.js';
import type { Candidate, Finding, ImageTarget } from '../carrier.js';
import { formatReference, parseReference, sameRepository } from '../image-reference.js';
import type { YamlNode } from '../yaml-nodes.js';

export function referenceCandidates(value: YamlValue): Candidate[] {
  const reference = value.kind === 'text' ? parseReference(value.text) : undefined;
  return reference === undefined ? [] : [{ kind: 'image', repository: reference.name }];
}

export function referenceFinding(node: YamlNode, path: YamlPath, value: YamlValue, target: ImageTarget): Finding[] {
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
      edits: [{ path, document: node.document, value: text }],
    },
  ];
}
