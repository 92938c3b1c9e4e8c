import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { aliasResolver } from './alias-resolver.js';
import { keyOf } from './model.js';
import { parseYaml, type YamlFile } from './parse.js';

/** A value with its line (from 1). Scalars are as spelled: `1.10` is the text `1.10`. */
export type YamlValue = MapValue | ListValue | TextValue;

export interface MapValue {
  kind: 'map';
  line: number;
  entries: Map<string, YamlValue>;
}

export interface ListValue {
  kind: 'list';
  line: number;
  items: YamlValue[];
}

export interface TextValue {
  kind: 'text';
  line: number;
  /** The content of a quoted or block scalar, the spelling of a plain one; empty for an empty value. */
  text: string;
}

/**
 * Reads the values of all documents of a file, aliases resolved.
 *
 * @returns one value for each document
 * @throws InvalidYaml with file and line where the file is not valid YAML
 */
export function readValues(text: string, file: string): YamlValue[] {
  const source = parseYaml(text, file);
  return source.documents.map((document) => {
    const open = aliasResolver(source, document);
    function read(node: Node | null | undefined, line: number): YamlValue {
      const here = startLine(source, node) ?? line;
      const target = open(node);
      if (isMap<Node, Node | null>(target)) {
        const pairs = target.items.map(
          (pair) => [keyOf(document, pair.key), read(pair.value, startLine(source, pair.key) ?? here)] as const,
        );
        return { kind: 'map', line: here, entries: new Map(pairs) };
      }
      if (isSeq<Node>(target)) {
        return { kind: 'list', line: here, items: target.items.map((item) => read(item, here)) };
      }
      return { kind: 'text', line: here, text: scalarText(target) };
    }
    return read(document.contents, 1);
  });
}

function startLine(source: YamlFile, node: Node | null | undefined): number | undefined {
  const start = node?.range?.[0];
  return start === undefined ? undefined : source.lineAt(start);
}

/** @see https://yaml.org/type/binary.html */
const BINARY = 'tag:yaml.org,2002:binary';

function scalarText(node: Node | null | undefined): string {
  if (!isScalar(node) || node.value === null || node.value === undefined) {
    return '';
  }
  if (node.tag === BINARY) {
    return Buffer.from(node.source ?? '', 'base64').toString('utf8');
  }
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

/**
 * The text under a key, also through a merge key (`<<: *defaults`); `undefined` where there is none, or no scalar.
 *
 * @see https://yaml.org/type/merge.html
 */
export function textAt(map: MapValue, key: string): string | undefined {
  const value = map.entries.get(key);
  const merged = map.entries.get('<<');
  if (value === undefined && merged?.kind === 'map') {
    return textAt(merged, key);
  }
  return value?.kind === 'text' ? value.text : undefined;
}

/** The mapping under a key; `undefined` where there is none. */
export function mapAt(map: MapValue, key: string): MapValue | undefined {
  const value = map.entries.get(key);
  return value?.kind === 'map' ? value : undefined;
}

/** The list under a key; `undefined` where there is none. */
export function listAt(map: MapValue, key: string): ListValue | undefined {
  const value = map.entries.get(key);
  return value?.kind === 'list' ? value : undefined;
}
