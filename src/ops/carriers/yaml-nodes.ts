import { isCollection } from 'yaml';
import { parseYaml } from '../yaml/parse.js';
import type { YamlPath } from '../yaml/path.js';
import { type MapValue, readValues, type YamlValue } from '../yaml/values.js';

/** A mapping, a list or a scalar of a file, with its position. */
export interface YamlNode {
  /** From the root of the document; may step into YAML inside a scalar. */
  path: YamlPath;
  /** Which document of the file, from 0. */
  document: number;
  value: YamlValue;
  /** The mapping that the value is in; `undefined` for an item of a list and for a root. */
  parent: MapValue | undefined;
  /** All mappings that it is in, the outermost first. Those around YAML inside a scalar are among them. */
  above: readonly MapValue[];
  /** Whether it is a variable of a file of `KEY=value` lines. */
  isVariable?: true;
  /** Whether it is all that its file holds. */
  isWhole?: true;
  /** The nearest key above: `images` for each item of a list `images:`. */
  key: string;
}

/** Keys whose text is YAML: kustomize patches, inline Helm values, files inside a ConfigMap. */
const YAML_KEYS = /^(patch|patchesStrategicMerge|values|valuesContent|.*\.ya?ml|.*\.json)$/;

/**
 * All mappings, lists and scalars of a file in the order of the text, including those of YAML inside a scalar (an
 * inline patch, a `values: |` block). A scalar that might hold YAML, but does not parse, counts as text.
 *
 * @throws InvalidYaml with file and line where the file itself is not valid YAML
 */
export function yamlNodes(text: string, file: string): YamlNode[] {
  const nodes: YamlNode[] = [];
  for (const [document, value] of readValues(text, file).entries()) {
    visit(value, { path: [], document, parent: undefined, above: [], key: '' });
  }
  return nodes;

  function visit(value: YamlValue, at: Omit<YamlNode, 'value'>): void {
    nodes.push({ ...at, value });
    if (value.kind === 'map') {
      const above = [...at.above, value];
      for (const [key, child] of value.entries) {
        visit(child, { ...at, path: [...at.path, key], parent: value, above, key });
      }
    } else if (value.kind === 'list') {
      for (const [index, child] of value.items.entries()) {
        visit(child, { ...at, path: [...at.path, index], parent: undefined });
      }
    } else if (YAML_KEYS.test(at.key)) {
      for (const [index, child] of nestedValues(value.text, value.line).entries()) {
        visit(child, { ...at, path: [...at.path, { yaml: index }], parent: undefined, key: '' });
      }
    }
  }
}

/** The YAML documents inside a scalar, with the lines that they have in the file where it is a literal block. */
function nestedValues(text: string, line: number): YamlValue[] {
  if (!/[:[{]/.test(text)) {
    return [];
  }
  try {
    const parsed = parseYaml(text, '');
    const collections = parsed.documents.every(
      (document) => document.contents === null || isCollection(document.contents),
    );
    return collections ? readValues(text, '').map((value) => shift(value, text.includes('\n') ? line : line - 1)) : [];
  } catch {
    // A shell script or a template: there is nothing to find in it.
    return [];
  }
}

/** The value with all of its lines moved down. */
function shift(value: YamlValue, by: number): YamlValue {
  const line = value.line + by;
  if (value.kind === 'map') {
    return { kind: 'map', line, entries: new Map([...value.entries].map(([key, child]) => [key, shift(child, by)])) };
  }
  return value.kind === 'list'
    ? { kind: 'list', line, items: value.items.map((child) => shift(child, by)) }
    : { kind: 'text', line, text: value.text };
}
