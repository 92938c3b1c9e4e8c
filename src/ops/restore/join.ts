import { posix } from 'node:path';
import { addReference } from '../kustomize/edit-references.js';
import { references } from '../kustomize/references.js';
import { isRemote } from '../kustomize/remote.js';
import type { OverlayPart } from '../overlays/app-state.js';
import { editYaml } from '../yaml/edit.js';
import { readValues, textAt } from '../yaml/values.js';
import { isPromotable, withoutKept } from './copy.js';
import type { Draft } from './draft.js';

/**
 * Brings an app with a folder of its own into an environment: the folder's files but those whose name starts with `_`,
 * with the namespace of the new environment, and a reference in the environment's own kustomization where it has one.
 *
 * @returns what a person should look at
 * @throws Error where the kustomization is no valid YAML or cannot be changed in place
 */
export function joinEnvironment(draft: Draft, source: OverlayPart, target: OverlayPart): string[] {
  const { kustomization } = source;
  const { root } = target;
  for (const [name, text] of source.files) {
    if (isPromotable(name)) {
      draft.write(`${target.folder}/${name}`, text);
    }
  }
  if (kustomization === undefined) {
    return [];
  }
  const path = `${target.folder}/${posix.basename(kustomization.path)}`;
  const { text, note } = withNamespace(withoutKept(kustomization), path, source.environment, target.environment);
  draft.write(path, text);
  if (root !== undefined && references(root.text, root.path).some(({ list }) => list === 'resources')) {
    const reference = posix.relative(posix.dirname(root.path), target.folder);
    draft.write(root.path, addReference(draft.read(root.path) ?? root.text, 'resources', reference, root.path));
  }
  return [...note, ...outside(kustomization.text, kustomization.path, source.environment)];
}

/** The namespace is the environment's, or has the environment's name as a part: `staging`, `shop-staging`. */
function withNamespace(text: string, file: string, from: string, to: string): { text: string; note: string[] } {
  const root = readValues(text, file)[0];
  const namespace = root?.kind === 'map' ? textAt(root, 'namespace') : undefined;
  if (namespace === undefined || namespace === '') {
    return { text, note: [] };
  }
  const escaped = from.replaceAll('.', '\\.');
  const value = namespace.replace(new RegExp(`(^|-)${escaped}(-|$)`), `$1${to}$2`);
  return value === namespace
    ? { text, note: [`${file} keeps the namespace ${namespace} of ${from}.`] }
    : { text: editYaml(text, [{ path: ['namespace'], value }], file), note: [] };
}

/** References to folders that have the source environment's name in their path: they are not the target's. */
function outside(text: string, file: string, environment: string): string[] {
  const above = posix.dirname(file);
  return references(text, file)
    .filter(({ path }) => !isRemote(path) && posix.join(above, path).split('/').includes(environment))
    .filter(({ path }) => !posix.join(above, path).startsWith(`${above}/`))
    .map(({ path }) => `It refers to ${path}, which is a folder of ${environment}.`);
}
