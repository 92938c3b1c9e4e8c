import { isMap, isScalar, type Node } from 'yaml';
import type { Added } from './edits.js';
import { type Location, lineOf } from './locate.js';
import { isEmpty, isFlow } from './node-range.js';
import type { YamlFile } from './parse.js';
import { formatPath, type YamlPath } from './path.js';
import { writeScalar } from './scalar.js';
import { fill, insertKey } from './set.js';
import type { Splice } from './splice.js';

/**
 * Adds a key that is not there to its mapping, at its end, or gives one that has no value a value.
 *
 * @returns the replacements in the text
 * @throws Error when the key has a value, or its mapping is not there, or is empty and in block style
 */
export function add(
  source: YamlFile,
  location: Location,
  { path, add: added }: { path: YamlPath; add: Added },
): Splice[] {
  const { node, parent } = location;
  const key = path.at(-1);
  if (node === null || (isScalar(node) && isEmpty(node))) {
    return fill(source, location, { path, lines: [flowText(added)] });
  }
  if (node !== undefined || !isMap<Node, Node | null>(parent) || typeof key !== 'string') {
    throw new Error(
      `${source.file}:${lineOf(source, node ?? parent)}: expected ${formatPath(path)} to be missing, so that it can be added.`,
    );
  }
  const isBlock = typeof added === 'string' && added.endsWith('\n') && !isFlow(parent);
  const lines = isBlock ? (['|', ...added.trimEnd().split('\n')] as const) : ([flowText(added)] as const);
  return [insertKey(source, parent, key, { path, lines: [...lines] })];
}

function flowText(added: Added): string {
  if (typeof added === 'string') {
    return writeScalar(added, 'plain', 'flow', 'double');
  }
  if (typeof added === 'boolean') {
    return String(added);
  }
  if (Array.isArray(added)) {
    return `[${added.map(flowText).join(', ')}]`;
  }
  const pairs = Object.entries(added).map(([key, value]) => `${flowText(key)}: ${flowText(value)}`);
  return `{ ${pairs.join(', ')} }`;
}
