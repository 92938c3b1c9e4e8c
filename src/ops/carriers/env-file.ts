import type { Edit } from '../yaml/edits.js';
import { formatPath } from '../yaml/path.js';
import type { MapValue, YamlValue } from '../yaml/values.js';
import type { YamlNode } from './yaml-nodes.js';

/** A line `KEY=value` of a file of environment variables. */
interface Variable {
  key: string;
  /** Without the quotes around it, which kustomize takes for a part of the value and others do not. */
  value: string;
  /** From 1. */
  line: number;
  /** Offsets of the value. */
  start: number;
  end: number;
}

/**
 * The variables of a file such as the `envs` of a ConfigMap generator, as nodes of one mapping.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/
 */
export function envNodes(text: string): YamlNode[] {
  const variables = variablesIn(text);
  const entries = variables.map(({ key, value, line }): [string, YamlValue] => [
    key,
    { kind: 'text', line, text: value },
  ]);
  const root: MapValue = { kind: 'map', line: 1, entries: new Map(entries) };
  const at = { document: 0, above: [] };
  return [
    { ...at, path: [], value: root, parent: undefined, key: '' },
    ...[...root.entries].map(([key, value]) => ({
      ...at,
      path: [key],
      value,
      parent: root,
      above: [root],
      key,
      isVariable: true as const,
    })),
  ];
}

/**
 * Sets variables of such a file and leaves every other byte alone.
 *
 * @param file path of the file, for messages
 * @throws Error where a variable is not there, or is to hold more than one line
 */
export function editEnv(text: string, edits: readonly Edit[], file: string): string {
  const variables = variablesIn(text);
  const splices = edits.flatMap((edit) => {
    const [key] = edit.path;
    const found = variables.filter((each) => each.key === key);
    if (found.length === 0 || edit.path.length > 1 || !('value' in edit) || /[\r\n]/.test(edit.value)) {
      throw new Error(`${file}: ${formatPath(edit.path)} cannot be changed there: expected a line KEY=value.`);
    }
    return found.map(({ start, end }) => ({ start, end, value: edit.value }));
  });
  return splices
    .sort((one, other) => other.start - one.start)
    .reduce((result, { start, end, value }) => result.slice(0, start) + value + result.slice(end), text);
}

function variablesIn(text: string): Variable[] {
  const variables: Variable[] = [];
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const [, before = '', key = '', raw = ''] = /^(\uFEFF?[ \t]*)([A-Za-z_][\w.-]*)=([^\n]*)$/.exec(line) ?? [];
    if (key !== '') {
      const value = raw.replace(/\r$/, '');
      const [quote = ''] = value;
      const isQuoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
      const start = offset + before.length + key.length + 1 + (isQuoted ? 1 : 0);
      const inner = isQuoted ? value.slice(1, -1) : value;
      variables.push({ key, value: inner, line: index + 1, start, end: start + inner.length });
    }
    offset += line.length + 1;
  }
  return variables;
}
