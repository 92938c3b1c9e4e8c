import { isKustomization } from '../kustomize/kustomization.js';
import { mapsAt } from '../kustomize/list-fields.js';
import { RECONCILERS } from '../reconcilers/all.js';
import { nameOf, namespaceOf } from '../reconcilers/fields.js';
import { fieldText } from '../reconcilers/object-inputs.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import { type MapValue, readValues, textAt } from '../yaml/values.js';
import type { ReachedSide } from './reached-side.js';
import type { SideFiles } from './side-files.js';

/**
 * The environments into whose namespaces changed files newly put something: on a cluster that several environments share, a
 * namespace is all that keeps them apart. A namespace that the environment of the file has itself is its own: then each has a
 * cluster.
 *
 * @returns environments by path, for paths that name another namespace than before
 */
export async function environmentsOfNamespaces(
  before: ReachedSide,
  after: ReachedSide,
  changed: ReadonlySet<string>,
  environments: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  let known: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  for (const path of changed) {
    const [old, next] = await Promise.all([namespacesIn(before.files, path), namespacesIn(after.files, path)]);
    const fresh = [...next].filter((name) => !old.has(name));
    if (fresh.length === 0) {
      continue;
    }
    known ??= await namespacesOfAll(before, environments);
    const own = environments.filter((name) => after.reach.get(name)?.files.has(path) === true);
    const others = environments.filter((name) => !own.includes(name));
    const isOwn = (namespace: string) => own.some((name) => known?.get(name)?.has(namespace) === true);
    const reached = others.filter((name) =>
      fresh.some((namespace) => !isOwn(namespace) && known?.get(name)?.has(namespace) === true),
    );
    if (reached.length > 0 && own.length > 0) {
      found.set(path, reached);
    }
  }
  return found;
}

async function namespacesOfAll(
  { files, reach }: ReachedSide,
  environments: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const all = environments.map(async (name) => {
    const paths = [...(reach.get(name)?.files.keys() ?? [])];
    const found = await Promise.all(paths.map((path) => namespacesIn(files, path)));
    return [name, new Set(found.flatMap((each) => [...each]))] as const;
  });
  return new Map(await Promise.all(all));
}

/** The namespaces that a file puts something into. Where an object of a reconciler lies itself says nothing of what it deploys. */
async function namespacesIn(files: SideFiles, path: string): Promise<ReadonlySet<string>> {
  const objects = await files.objects(path);
  const found = objects.flatMap((object) => [
    ...(isKustomization(path) ? ofKustomization(object) : []),
    ...[fieldText(object, 'spec', 'targetNamespace'), fieldText(object, 'spec', 'destination', 'namespace')],
    ...(isOfReconciler(object) ? [] : [namespaceOf(object)]),
    ...(textAt(object, 'kind') === 'Namespace' ? [nameOf(object)] : []),
  ]);
  return new Set(found.filter((name) => name !== undefined).filter((name) => name !== ''));
}

function isOfReconciler(object: MapValue): boolean {
  return RECONCILERS.some((reconciler) => (reconciler satisfies Reconciler).inputsOf(object) !== undefined);
}

/** The namespace that it gives to everything, and those that its patches set. */
function ofKustomization(object: MapValue): (string | undefined)[] {
  const patches = ['patches', 'patchesJson6902'].flatMap((key) => mapsAt(object, key));
  return [textAt(object, 'namespace'), ...patches.flatMap((patch) => ofPatch(textAt(patch, 'patch') ?? ''))];
}

/** `[{ op: replace, path: /metadata/namespace, value: production }]`; a patch that is an object is read as one. */
function ofPatch(text: string): (string | undefined)[] {
  if (!text.includes('/metadata/namespace')) {
    return [];
  }
  try {
    const operations = readValues(text, '').flatMap((value) => (value.kind === 'list' ? value.items : []));
    return operations.flatMap((each) =>
      each.kind === 'map' && textAt(each, 'path') === '/metadata/namespace' ? [textAt(each, 'value')] : [],
    );
  } catch {
    return [];
  }
}
