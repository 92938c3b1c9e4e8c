import { posix } from 'node:path';
import { releaseValuesFiles } from '../../carriers/release-values.js';
import { parseRemote } from '../../kustomize/remote.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import { type DeployedFolder, plainPath, type Revision, textsIn } from '../deployed-folder.js';
import { hasShape, mapAt, nameOf, valueAt } from '../fields.js';
import { HELM_RELEASE, KUSTOMIZATION } from './shape.js';
import { BOOTSTRAP_SOURCE } from './source.js';

/**
 * The folder that a Flux Kustomization deploys. What it takes from another source than a git repository is left out: its
 * paths are not those of this repository.
 *
 * @param objects all objects that are known, those nearest to it first, for its source
 */
export function foldersOfKustomization(object: MapValue, objects: readonly MapValue[]): DeployedFolder[] {
  const written = valueAt(object, KUSTOMIZATION.pathField);
  const path = plainPath(written?.kind === 'text' ? written.text : '');
  const repository = repositoryOf(object, objects);
  // Without a path it deploys the root: https://fluxcd.io/flux/components/kustomize/kustomizations/#path
  if (!hasShape(object, KUSTOMIZATION) || path === undefined || repository === undefined) {
    return [];
  }
  const namespace = valueAt(object, KUSTOMIZATION.namespaceField);
  const words = [...textsIn(mapAt(object, 'metadata', 'labels')), ...textsIn(namespace)];
  const isSetting = ['images', 'patches', 'patchesStrategicMerge', 'patchesJson6902', 'components'].some(
    (key) => valueAt(object, ['spec', key]) !== undefined,
  );
  const revision = revisionOf(object, objects);
  const components = textsIn(valueAt(object, ['spec', 'components'])).flatMap(
    (each) => plainPath(posix.join(path, each)) ?? [],
  );
  return [{ path, values: [], repository, name: nameOf(object) ?? '', words, isSetting, revision, components }];
}

/** The files of values that a HelmRelease takes from the git repository that its chart is in. */
export function valuesOfRelease(object: MapValue, objects: readonly MapValue[]): DeployedFolder[] {
  const values = hasShape(object, HELM_RELEASE) ? releaseValuesFiles(object) : [];
  const at = ['spec', 'chart', 'spec', 'sourceRef'];
  const repository = repositoryOf(object, objects, at);
  if (values.length === 0 || repository === undefined) {
    return [];
  }
  const words = textsIn(mapAt(object, 'metadata', 'labels'));
  const isSetting = ['values', 'valuesFrom', 'postRenderers'].some(
    (key) => valueAt(object, ['spec', key]) !== undefined,
  );
  const revision = revisionOf(object, objects, at);
  return [
    {
      path: '',
      values,
      repository,
      name: nameOf(object) ?? '',
      words,
      isSetting,
      revision,
    },
  ];
}

/** Where an object takes its folder from; `undefined` for no git repository. */
function repositoryOf(
  object: MapValue,
  objects: readonly MapValue[],
  at: readonly string[] = ['spec', 'sourceRef'],
): string | undefined {
  const reference = mapAt(object, ...at);
  const name = reference && textAt(reference, 'name');
  if (reference === undefined || name === BOOTSTRAP_SOURCE.name) {
    return '';
  }
  if (textAt(reference, 'kind') !== 'GitRepository') {
    return undefined;
  }
  const addressOf = (source: string | undefined) => {
    const found = objects.find((each) => textAt(each, 'kind') === 'GitRepository' && nameOf(each) === source);
    const spec = found && mapAt(found, 'spec');
    const url = (spec && textAt(spec, 'url')) ?? '';
    return found === undefined ? undefined : (parseRemote(url)?.repository.toLowerCase() ?? url);
  };
  const [own, other] = [addressOf(BOOTSTRAP_SOURCE.name), addressOf(name)];
  if (other === undefined) {
    // A source that no file has is the repository that the cluster was set up with, by another name than usual.
    return isBootstrapped(objects) ? undefined : '';
  }
  return other === own ? '' : other;
}

/**
 * What the GitRepository of a Flux Kustomization follows, where it is among the objects.
 *
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#reference
 */
function revisionOf(
  object: MapValue,
  objects: readonly MapValue[],
  at: readonly string[] = ['spec', 'sourceRef'],
): Revision | undefined {
  const reference = mapAt(object, ...at);
  const name = (reference && textAt(reference, 'name')) ?? BOOTSTRAP_SOURCE.name;
  const source = objects.find((each) => textAt(each, 'kind') === 'GitRepository' && nameOf(each) === name);
  const ref = source && mapAt(source, 'spec', 'ref');
  const pinned = ref && ['commit', 'name', 'semver', 'tag'].flatMap((key) => textAt(ref, key) || [])[0];
  const branch = ref && textAt(ref, 'branch');
  if (pinned !== undefined) {
    const full = pinned.replace(/^refs\/heads\//, '');
    return { name: full, isPinned: full === pinned };
  }
  return branch === undefined ? undefined : { name: branch, isPinned: false };
}

/** Whether something refers to the source that `flux bootstrap` makes: then no other source is that repository. */
function isBootstrapped(objects: readonly MapValue[]): boolean {
  return objects.some((object) => {
    const reference = mapAt(object, 'spec', 'sourceRef');
    return reference !== undefined && textAt(reference, 'name') === BOOTSTRAP_SOURCE.name;
  });
}
