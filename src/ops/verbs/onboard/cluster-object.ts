import { addReference } from '../../kustomize/edit-references.js';
import { isKustomization } from '../../kustomize/kustomization.js';
import { references, samePath } from '../../kustomize/references.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { editYaml } from '../../yaml/edit.js';
import { readValues, textAt, type YamlValue } from '../../yaml/values.js';

interface NewPlace {
  environment: string;
  app: string;
  folder: string;
  namespace: string | undefined;
}

/** Where objects of Flux and Argo CD say which namespace what they deploy goes to. */
const NAMESPACES = [
  ['spec', 'targetNamespace'],
  ['spec', 'destination', 'namespace'],
];

/**
 * What tells the cluster of an environment to deploy an app, where every app has an object of its own: the Flux
 * Kustomization or Argo CD Application of another app in `clusters/<environment>`, with the new app's name and folder.
 *
 * @param place.folder the new app's overlay
 * @param place.namespace where it goes, where that is another namespace than the other apps have
 * @param siblings overlays of other apps, by app
 * @returns the files to be written by path, none where the cluster has no such objects
 */
export async function clusterObject(
  tree: TreeReader,
  place: NewPlace,
  siblings: ReadonlyMap<string, string>,
): Promise<{ files: Map<string, string>; before: Map<string, string> }> {
  const { environment, app } = place;
  const files = new Map<string, string>();
  const before = new Map<string, string>();
  const cluster = `clusters/${environment}`;
  const entries = ((await tree.list(cluster)) ?? []).filter(({ type }) => type === 'file');
  const names = entries.map(({ name }) => name);
  const candidates = [...siblings].flatMap(([sibling, overlay]) =>
    names
      .filter((name) => name === `${sibling}.yaml` || name === `${sibling}.yml`)
      .map((name) => ({ sibling, overlay, name })),
  );
  for (const { sibling, overlay, name } of candidates) {
    const text = (await tree.read(`${cluster}/${name}`)) ?? '';
    const copy = copyFor(text, `${cluster}/${name}`, { sibling, overlay }, place);
    const target = `${app}${name.slice(sibling.length)}`;
    if (copy === undefined || names.includes(target)) {
      continue;
    }
    files.set(`${cluster}/${target}`, copy);
    const [list] = names.filter(isKustomization);
    const listed = list === undefined ? undefined : await tree.read(`${cluster}/${list}`);
    if (list !== undefined && listed !== undefined) {
      const path = `${cluster}/${list}`;
      if (references(listed, path).some((reference) => samePath(reference.path, name))) {
        files.set(path, addReference(listed, 'resources', target, path, { after: name }));
        before.set(path, listed);
      }
    }
    return { files, before };
  }
  return { files, before };
}

/** The object with another name and folder, `undefined` where it is not that app's alone. */
function copyFor(
  text: string,
  file: string,
  { sibling, overlay }: { sibling: string; overlay: string },
  { app, folder, namespace }: NewPlace,
): string | undefined {
  const [root, more] = readValues(text, file);
  const at = (...path: string[]) => path.reduce<YamlValue | undefined>(child, root);
  const name = at('metadata', 'name');
  const places = [
    ['spec', 'path'],
    ['spec', 'source', 'path'],
  ];
  const path = places.find((each) => {
    const value = at(...each);
    return value?.kind === 'text' && value.text.replace(/^\.\//, '').replace(/\/$/, '') === overlay;
  });
  if (root?.kind !== 'map' || more !== undefined || path === undefined || name?.kind !== 'text') {
    return undefined;
  }
  const isOurs = /toolkit\.fluxcd\.io|argoproj\.io/.test(textAt(root, 'apiVersion') ?? '');
  const renamed = name.text.replace(sibling, app);
  const value = at(...path);
  const written = value?.kind === 'text' ? value.text.replace(overlay, folder) : folder;
  const spaces = namespace === undefined ? [] : NAMESPACES.filter((each) => at(...each)?.kind === 'text');
  return isOurs && renamed !== name.text
    ? editYaml(
        text,
        [
          { path: ['metadata', 'name'], value: renamed },
          { path, value: written },
          ...spaces.map((each) => ({ path: each, value: namespace ?? '' })),
        ],
        file,
      )
    : undefined;
}

function child(value: YamlValue | undefined, key: string): YamlValue | undefined {
  return value?.kind === 'map' ? value.entries.get(key) : undefined;
}
