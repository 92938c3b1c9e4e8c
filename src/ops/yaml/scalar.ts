import { isScalar, type Node } from 'yaml';
import { yamlDocument } from '../../config/yaml-documents.js';

/** How a scalar on one line is written: without quotes, or with which ones. */
export type Style = 'plain' | 'single' | 'double';

/** Where a scalar is written: inside `[…]` or `{…}` (flow) more characters need quotes. */
export type Context = 'block' | 'flow';

/**
 * Writes a text as a YAML scalar on one line.
 *
 * @param style the style to keep; a plain scalar gets `quotes` where YAML would not read it as this text
 * @param quotes the quotes that the file prefers
 */
export function writeScalar(value: string, style: Style, context: Context, quotes: 'single' | 'double'): string {
  if (style === 'plain') {
    return staysText(value, context) ? value : writeScalar(value, quotes, context, quotes);
  }
  return style === 'single' && !needsEscapes(value) ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value);
}

/** What every parser reads as plain text in `{…}`: go-yaml refuses `a?b` and `:a` there, which YAML allows. */
const FLOW_SAFE = /^[\w./][\w./@+=-]*(?::[\w./@+=-]+)*$/;

/**
 * Whether every parser reads this text, written without quotes, as a string. It is not one in YAML 1.2 where it looks
 * like JSON (`1.10`, `3e5`, `0o17`, `null`), nor in YAML 1.1, which most Kubernetes tools still use, where it looks
 * like a boolean, a number or a time (`yes`, `on`, `0123`, `1_000`, `12:30:45`, dates).
 *
 * @see https://yaml.org/type/ and https://yaml.org/spec/1.2.2/#103-core-schema
 */
export function staysText(value: string, context: Context): boolean {
  if (value === '' || value.includes('\n') || looksLikeNumber(value)) {
    return false;
  }
  if (context === 'flow' && !FLOW_SAFE.test(value)) {
    return false;
  }
  const text = context === 'flow' ? `[ ${value} ]` : `- ${value}`;
  return (['1.1', '1.2'] as const).every((version) => {
    const document = yamlDocument(text, { version, logLevel: 'silent' }).document;
    const node = document.getIn([0], true);
    const alone = document.getIn([1], true) === undefined && document.errors.length === 0;
    return alone && isScalar(node) && node.value === value && node.comment === undefined && node.tag === undefined;
  });
}

/** Numbers that go-yaml and other parsers know beyond the two schemas: `1_0.5`, `0x1_F`, `+1`, `.5`, `1e3`, `1:30`. */
function looksLikeNumber(value: string): boolean {
  return (
    /^[-+]?(0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+)$/.test(value) ||
    /^[-+]?[0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9_]+)?$/.test(value) ||
    /^[-+]?\d+(:[0-5]?\d)+(\.\d*)?$/.test(value)
  );
}

function needsEscapes(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: only an escape sequence can express these characters
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(value) || !value.isWellFormed();
}

function doubleQuoted(value: string): string {
  // A JSON string is a double-quoted YAML scalar, but YAML asks for escapes of a few more characters.
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** How a scalar is written; anything but a scalar counts as plain. */
export function styleOf(node: Node | null): Style {
  if (!isScalar(node)) {
    return 'plain';
  }
  return node.type === 'QUOTE_SINGLE' ? 'single' : node.type === 'QUOTE_DOUBLE' ? 'double' : 'plain';
}
