import { type MapValue, readValues, textAt, type YamlValue } from '../yaml/values.js';

/** A document of a strategic merge patch, which patches one object. */
export interface PatchDocument {
  /** API group without its version: `apps`; empty for the core group. */
  group: string;
  kind: string;
  name: string;
  /** Which document of the file, from 0. */
  document: number;
  /** From 1. */
  line: number;
  value: MapValue;
}

/** For messages: what makes a file a patch. */
const EXPECTED = 'expected a strategic merge patch with apiVersion, kind and metadata.name';

/**
 * Reads a strategic merge patch: one or more documents, each of which patches one object.
 *
 * @throws Error with file and line where a document is not such a patch, for example a JSON patch
 * @see https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */
export function readPatch(text: string, file: string): PatchDocument[] {
  const documents = readValues(text, file);
  const found = documents.flatMap((value, document) => {
    const isEmpty = value.kind === 'text' && value.text === '';
    return isEmpty ? [] : [readDocument(value, document, file)];
  });
  if (found.length === 0) {
    throw new Error(`${file}: ${EXPECTED}, found nothing.`);
  }
  return found;
}

function readDocument(value: YamlValue, document: number, file: string): PatchDocument {
  const where = `${file}:${value.line}: ${EXPECTED}`;
  if (value.kind !== 'map') {
    throw new Error(`${where}, found ${value.kind === 'list' ? 'a list (a JSON patch?)' : 'a single value'}.`);
  }
  const apiVersion = textAt(value, 'apiVersion') ?? '';
  const kind = textAt(value, 'kind') ?? '';
  const metadata = value.entries.get('metadata');
  const name = metadata?.kind === 'map' ? (textAt(metadata, 'name') ?? '') : '';
  const missing = Object.entries({ apiVersion, kind, 'metadata.name': name }).filter(([, text]) => text === '');
  if (missing.length > 0) {
    throw new Error(`${where}, found no ${missing.map(([key]) => key).join(' and no ')}.`);
  }
  return { group: groupOf(apiVersion), kind, name, document, line: value.line, value };
}

/** The API group of an `apiVersion`: `apps` of `apps/v1`, empty for `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/**
 * The path of each value that a patch sets, for example `Deployment/shop: spec.replicas`. Items of a list are
 * identified by their `name` where they have one, which is the merge key of most lists in Kubernetes.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function patchedFields({ kind, name, value }: PatchDocument): string[] {
  const own = ['apiVersion', 'kind', 'metadata.name'];
  return leaves(value, [])
    .filter((path) => !own.includes(path))
    .map((path) => `${kind}/${name}: ${path}`);
}

function leaves(value: YamlValue, path: readonly string[]): string[] {
  if (value.kind === 'map' && value.entries.size > 0) {
    return [...value.entries].flatMap(([key, child]) => leaves(child, [...path, key]));
  }
  if (value.kind === 'list' && value.items.every((item) => item.kind === 'map' && textAt(item, 'name') !== undefined)) {
    return value.items.flatMap((item) => {
      const entries = item.kind === 'map' ? [...item.entries].filter(([key]) => key !== 'name') : [];
      const named = item.kind === 'map' ? [...path, `[${textAt(item, 'name') ?? ''}]`] : [...path];
      return entries.flatMap(([key, child]) => leaves(child, [...named, key]));
    });
  }
  return [path.join('.')];
}
