import { posix } from 'node:path';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { addReference } from '../../kustomize/edit-references.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { references } from '../../kustomize/references.js';
import { patchesFolder } from '../../overlays/app-overlay.js';
import { editYaml } from '../../yaml/edit.js';
import { toYaml } from '../../yaml/to-yaml.js';
import type { Base } from './base.js';
import { clusterObject } from './cluster-object.js';
import { type ImageEntry, versionPatch } from './first-version.js';
import type { NewOverlay } from './new-overlay.js';
import type { Onboarding } from './onboarding.js';
import { siblingsOf } from './siblings.js';

/** Files that add an app to an environment. */
export interface Draft {
  /** New contents by path. */
  files: Map<string, string>;
  /** What those of them held that exist already. */
  before: Map<string, string>;
}

/**
 * Adds the app with a folder of its own: in the namespace of the other apps, and with an object in the cluster where they
 * have one each.
 *
 * @throws InvalidYaml naming file and line; what reading the tree throws
 */
export async function joinByFolder(
  onboarding: Onboarding,
  { template, folder }: NewOverlay,
  base: Base,
  entries: readonly ImageEntry[],
): Promise<Draft> {
  const { tree, app, environment } = onboarding;
  const { apps: siblings, namespace, areOthers } = await siblingsOf(onboarding, template);
  const resources = base.remote.length > 0 ? base.remote : [posix.relative(folder, base.folder)];
  const text = toYaml({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    ...(namespace === undefined ? {} : { namespace }),
    resources,
    ...(entries.length === 0 ? {} : { images: entries }),
  });
  const draft: Draft = { files: new Map([[`${folder}/kustomization.yaml`, text]]), before: new Map() };
  const root = await readKustomization(tree, posix.dirname(folder));
  if (root !== undefined && references(root.text, root.path).some(({ list }) => list === 'resources')) {
    draft.files.set(root.path, addReference(root.text, 'resources', posix.basename(folder), root.path));
    draft.before.set(root.path, root.text);
  }
  const overlays = new Map(siblings.map((sibling) => [sibling.app, sibling.folder]));
  const newApp = { environment, app, folder, namespace: areOthers ? namespace : undefined };
  const cluster = await clusterObject(tree, newApp, overlays);
  return {
    files: new Map([...draft.files, ...cluster.files]),
    before: new Map([...draft.before, ...cluster.before]),
  };
}

/**
 * Adds the app to a group: a reference and its first version in the environment's kustomization. No namespace is set for
 * the app: kustomize gives everything that a kustomization takes in its one `namespace`, so the apps of a group share one,
 * and an app that needs its own has to be in a group of its own.
 *
 * @throws InvalidYaml naming file and line
 */
export function joinGroup(
  { app }: Onboarding,
  { folder }: NewOverlay,
  { path, text: before }: OverlayFile,
  base: Base,
  entries: readonly ImageEntry[],
): Draft {
  const resources = base.remote.length > 0 ? base.remote : [posix.relative(folder, base.folder)];
  let text = resources.reduce((result, each) => addReference(result, 'resources', each, path), before);
  const files = new Map<string, string>();
  const patch = base.manifests === undefined ? undefined : versionPatch(entries, base.manifests.objects);
  if (patch === undefined) {
    for (const entry of entries) {
      text = editYaml(text, [{ path: ['images'], append: { ...entry } }], path);
    }
  } else if (entries.length > 0) {
    const file = `${patchesFolder(false, folder, app)}/version.yaml`;
    files.set(file, patch);
    text = addReference(text, 'patches', posix.relative(folder, file), path);
  }
  files.set(path, text);
  return { files, before: new Map([[path, before]]) };
}
