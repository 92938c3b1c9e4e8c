import { isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { lineBreak, lineEnd, lineStart, nextLine } from './lines.js';
import { type Location, lineOf } from './locate.js';
import { endOfItem, endOfNode, endOfPair, isFlow, startOfItem, startOfPair } from './node-range.js';
import type { YamlFile } from './parse.js';
import { formatPath, type YamlPath } from './path.js';
import type { Splice } from './splice.js';

/**
 * Removes a key or an item of a list: in block style its lines, with a comment at their end; in flow style its text and
 * a comma. Where the only item of a block list goes, `[]` stays.
 *
 * @returns the replacements in the text
 * @throws Error when the key is the only one of its mapping, or does not exist
 */
export function remove(source: YamlFile, location: Location, path: YamlPath): Splice[] {
  const { parent, pair, index, node } = location;
  if (isMap<Node, Node | null>(parent) && pair !== undefined) {
    return [isFlow(parent) ? removeFlowPair(source.text, parent, pair) : removeBlockPair(source, parent, pair, path)];
  }
  if (isSeq<Node>(parent) && index !== undefined && node !== undefined) {
    return [isFlow(parent) ? removeFlowItem(source.text, parent, index) : removeBlockItem(source, parent, index, path)];
  }
  throw new Error(
    `${source.file}:${lineOf(source, parent)}: ${formatPath(path)} is not there, so it cannot be removed.`,
  );
}

function removeBlockPair(
  source: YamlFile,
  map: YAMLMap<Node, Node | null>,
  pair: Pair<Node, Node | null>,
  path: YamlPath,
): Splice {
  const { text } = source;
  const start = startOfPair(pair);
  if (map.items.length === 1) {
    throw new Error(
      `${source.file}:${source.lineAt(start)}: ${formatPath(path)} is the only key there; remove what holds it instead.`,
    );
  }
  if (text.slice(lineStart(text, start), start).trim() === '') {
    return wholeLines(text, start, endOfPair(pair));
  }
  // The first key of `- key: …`: the next key moves up to the dash.
  const next = map.items[map.items.indexOf(pair) + 1];
  const end = next === undefined ? start : startOfPair(next);
  if (text.slice(lineEnd(text, Math.max(start, endOfPair(pair) - 1)), end).trim() !== '') {
    throw new Error(
      `${source.file}:${source.lineAt(start)}: ${formatPath(path)} is followed by a comment on a line of its own; ` +
        'move the comment and run again.',
    );
  }
  return { start, end, text: '' };
}

function removeBlockItem(source: YamlFile, seq: YAMLSeq<Node>, index: number, path: YamlPath): Splice {
  const { text } = source;
  const start = startOfItem(seq, index);
  const end = endOfItem(seq, index);
  if (seq.items.length === 1) {
    // Where the list began on the line after its key, `[]` goes behind the colon of the key.
    const from = text.slice(0, start).trimEnd().length;
    const lone = lineEnd(text, from) < start && !text.slice(lineStart(text, from), from).includes('#');
    return lone ? { start: from, end, text: ' []' } : { start, end: endOfNode(seq), text: '[]' };
  }
  if (text.slice(lineStart(text, start), start).trim() !== '') {
    throw new Error(`${source.file}:${source.lineAt(start)}: ${formatPath(path)} begins a list inside a list.`);
  }
  return wholeLines(text, start, end);
}

function removeFlowPair(text: string, map: YAMLMap<Node, Node | null>, pair: Pair<Node, Node | null>): Splice {
  const index = map.items.indexOf(pair);
  const before = map.items[index - 1];
  const after = map.items[index + 1];
  if (before !== undefined) {
    return withoutComment(text, endOfPair(before), startOfPair(pair), endOfPair(pair));
  }
  return { start: startOfPair(pair), end: after === undefined ? endOfPair(pair) : startOfPair(after), text: '' };
}

function removeFlowItem(text: string, seq: YAMLSeq<Node>, index: number): Splice {
  if (index > 0) {
    return withoutComment(text, endOfItem(seq, index - 1), startOfItem(seq, index), endOfItem(seq, index));
  }
  const end = seq.items.length > 1 ? startOfItem(seq, 1) : endOfItem(seq, 0);
  return { start: startOfItem(seq, 0), end, text: '' };
}

/**
 * Removes the text from `start` to `end` and the comma before it; the previous item ends at `before`. Where a comment
 * is between the two, it belongs to the previous item and stays with its comma; then the comma and comment after the
 * removed text go instead.
 */
function withoutComment(text: string, before: number, start: number, end: number): Splice {
  const between = text.slice(before, start);
  if (!between.includes('#')) {
    return { start: before, end, text: '' };
  }
  const comma = /^[ \t]*,?[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  const remark = /^#[^\r\n]*/.exec(text.slice(end + comma))?.[0].length ?? 0;
  const wholeLine = /^(\r?\n|$)/.test(text.slice(end + comma + remark));
  const from = wholeLine ? before + between.search(/\r?\n[^\n]*$/) : start;
  return { start: from, end: end + comma + remark, text: '' };
}

/** Removes the lines from that of `start` to the one in which the value ends. */
function wholeLines(text: string, start: number, end: number): Splice {
  const from = lineStart(text, start);
  const to = text[end - 1] === '\n' ? end : nextLine(text, end);
  const atEnd = to === text.length && !text.endsWith('\n') && from > 0;
  return { start: atEnd ? from - lineBreak(text, from - 1).length : from, end: to, text: '' };
}
