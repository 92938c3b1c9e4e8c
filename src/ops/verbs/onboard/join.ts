import { posix } from 'node:path';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { addReference } from '../../kustomize/edit-references.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { references } from '../../kustomize/references.js';
import { patchesFolder } from '../../overlays/app-overlay.js';
import { editYaml } from '../../yaml/edit.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { clusterObject } from './cluster-object.js';
import { type ImageEntry, versionPatch } from './first-version.js';
import type { Place } from './place.js';
import { siblingsOf } from './siblings.js';
import type { Site } from './site.js';
import type { Base } from './start.js';

/** Files that take an app in, with what they held. */
export interface Draft {
  files: Map<string, string>;
  before: Map<string, string>;
}

/** A folder of its own for the app, in the namespace of its neighbours, and an object in the cluster where they have one. */
export async function joinByFolder(
  site: Site,
  { template, folder }: Place,
  base: Base,
  entries: readonly ImageEntry[],
): Promise<Draft> {
  const { tree, app, environment } = site;
  const { files: siblings, namespace, areOthers } = await siblingsOf(tree, template, site);
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
  const overlays = new Map(siblings.map(({ path }) => [posix.basename(posix.dirname(path)), posix.dirname(path)]));
  const place = { environment, app, folder, namespace: areOthers ? namespace : undefined };
  const cluster = await clusterObject(tree, place, overlays);
  return {
    files: new Map([...draft.files, ...cluster.files]),
    before: new Map([...draft.before, ...cluster.before]),
  };
}

/**
 * A reference and a first version in the kustomization of an environment of a group. No namespace is set for the app:
 * kustomize gives everything that a kustomization takes in its one `namespace`, so the apps of a group share the one of
 * their environment, and an app that is to be apart has a group of its own.
 */
export function joinGroup(
  { app }: Site,
  { template, folder }: Place,
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
    const file = `${patchesFolder(template, folder, app)}/version.yaml`;
    files.set(file, patch);
    text = addReference(text, 'patches', posix.relative(folder, file), path);
  }
  files.set(path, text);
  return { files, before: new Map([[path, before]]) };
}
