import { isDeepStrictEqual } from 'node:util';
import { isScalar } from 'yaml';
import { add } from './add.js';
import { append } from './append.js';
import { mapNested } from './block-scalar.js';
import type { Edit, EditPlan, FlatEdit } from './edits.js';
import { expectedModels } from './expected-models.js';
import { lineOf, locate } from './locate.js';
import { modelOf } from './model.js';
import { parseYaml, type YamlFile } from './parse.js';
import { formatPath, type PathSegment, type YamlPath } from './path.js';
import { remove } from './remove.js';
import { set } from './set.js';
import { sharedValueError } from './shared-value-error.js';
import { applySplices, orderSplices, type Splice } from './splice.js';

/**
 * Changes values of a YAML file and nothing else: comments, order, blank lines, quotes, indentation, anchors, line
 * ends, further documents, a byte order mark and a missing last newline all stay byte for byte. All paths are those of
 * the file before the edits. An edit whose value is already there changes nothing.
 *
 * @param file path of the file, for messages
 * @returns the new text
 * @throws InvalidYaml when the file is not valid YAML
 * @throws Error when a path does not exist, two edits overlap, or a value cannot be changed without changing another
 *   one (anchors and aliases)
 */
export function editYaml(text: string, edits: readonly Edit[], file: string): string {
  return planEdits(text, edits, file).text;
}

/** Like `editYaml`, and also returns the replacements. */
export function planEdits(content: string, edits: readonly Edit[], file: string): EditPlan {
  const source = parseYaml(content, file);
  const flat: FlatEdit[] = edits.filter((edit) => indexOfNestedStep(edit.path) < 0).map(flatten);
  const planned = flat.flatMap((edit) => spliceFor(source, edit));
  for (const { outer, inner } of nestedGroups(edits)) {
    const change = planNested(source, outer, inner);
    planned.push(...change.splices);
    flat.push(change.edit);
  }
  const splices = orderSplices(planned);
  if (splices === undefined) {
    throw new Error(`${file}: two of the changes meant for this file touch the same characters.`);
  }
  const result = applySplices(source.text, splices);
  verify(source, flat, result);
  const mark = content.slice(0, content.length - source.text.length);
  return { text: mark + result, splices };
}

function flatten(edit: Edit): FlatEdit {
  return { ...edit, document: edit.document ?? 0 };
}

function spliceFor(source: YamlFile, edit: FlatEdit): Splice[] {
  const location = locate(source, edit.document, edit.path);
  if ('remove' in edit) {
    return remove(source, location, edit.path);
  }
  if ('add' in edit) {
    return add(source, location, edit);
  }
  return 'append' in edit ? append(source, location, edit.path, edit.append, edit.at) : set(source, location, edit);
}

function indexOfNestedStep(path: YamlPath): number {
  return path.findIndex((segment: PathSegment) => typeof segment === 'object');
}

/** Edits of YAML inside a scalar, grouped by that scalar. */
function nestedGroups(edits: readonly Edit[]): { outer: FlatEdit; inner: Edit[] }[] {
  const groups = new Map<string, { outer: FlatEdit; inner: Edit[] }>();
  for (const edit of edits) {
    const depth = indexOfNestedStep(edit.path);
    const segment = edit.path[depth];
    if (typeof segment !== 'object') {
      continue;
    }
    const document = edit.document ?? 0;
    const path = edit.path.slice(0, depth);
    const key = JSON.stringify([document, path]);
    const group = groups.get(key) ?? { outer: { path, document, value: '' }, inner: [] };
    group.inner.push({ ...edit, document: segment.yaml, path: edit.path.slice(depth + 1) });
    groups.set(key, group);
  }
  return [...groups.values()];
}

function planNested(source: YamlFile, outer: FlatEdit, inner: Edit[]): { edit: FlatEdit; splices: Splice[] } {
  const { node } = locate(source, outer.document, outer.path);
  if (!isScalar(node) || typeof node.value !== 'string') {
    throw new Error(
      `${source.file}:${lineOf(source, node)}: expected ${formatPath(outer.path)} to be text that holds YAML.`,
    );
  }
  const where = `${source.file}:${lineOf(source, node)} (inside ${formatPath(outer.path)})`;
  const plan = planEdits(node.value, inner, where);
  const edit = { path: outer.path, document: outer.document, value: plan.text };
  return { edit, splices: mapNested(source, node, plan, outer.path) ?? spliceFor(source, edit) };
}

/**
 * Parses the result and checks that the intended values changed and no others.
 *
 * @throws Error when anything else would change too
 */
function verify(source: YamlFile, edits: readonly FlatEdit[], result: string): void {
  const expected = expectedModels(
    source.documents.map((document) => modelOf(source, document)),
    edits,
    source.file,
  );
  const after = reparse(source, edits, result);
  const actual = after.documents.map((document) => modelOf(after, document));
  if (!isDeepStrictEqual(actual, expected)) {
    throw sharedValueError(source, edits) ?? unexpected(source, edits);
  }
}

function reparse(source: YamlFile, edits: readonly FlatEdit[], result: string): YamlFile {
  try {
    return parseYaml(result, source.file);
  } catch {
    throw unexpected(source, edits);
  }
}

function unexpected(source: YamlFile, edits: readonly FlatEdit[]): Error {
  const paths = edits.map((edit) => formatPath(edit.path)).join(', ');
  return new Error(
    `${source.file}: changing ${paths} in place would change something else of the file too, so it was left alone. ` +
      'Write that part in a plainer form (one key a line, no aliases) and run again.',
  );
}
