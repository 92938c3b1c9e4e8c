import { isKustomization } from '../../kustomize/kustomization.js';
import { manifestReferences } from '../../kustomize/manifest-references.js';
import { clusterFolder } from '../../preview-records/paths.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { type MapValue, readValues, textAt, type YamlValue } from '../../yaml/values.js';

/** What the cluster of the host environment is told with. */
export interface Cluster {
  host: string;
  reconciler: 'flux' | 'argocd';
  /** The Flux source that this repository is in the cluster. */
  source: { name: string; namespace: string };
  /** What Argo CD Applications of this repository look like. */
  application: Application;
  /** Whether the cluster's folder has a kustomization, and then applies only what that lists. */
  listed: boolean;
  notices: string[];
}

export interface Application {
  /** `undefined` where no Application of the cluster tells. */
  repoURL: string | undefined;
  targetRevision: string;
  project: string;
  namespace: string;
  destination: { server: string } | { name: string };
}

/** Enough files of a cluster to tell how it is fed, of however many there are. */
const ENOUGH = 100;

const FLUX_SOURCE = { name: 'flux-system', namespace: 'flux-system' };
const APPLICATION: Application = {
  repoURL: undefined,
  targetRevision: 'HEAD',
  project: 'default',
  namespace: 'argocd',
  destination: { server: 'https://kubernetes.default.svc' },
};

/**
 * Tells from the folder `clusters/<host>` what deploys the repository there: a Flux GitRepository, or what Flux
 * Kustomizations of the folder refer to (default `flux-system`), or Argo CD Applications. Reads the folder and its
 * `flux-system`, at most 100 files of it.
 *
 * @param reconciler what the policy says, `undefined` to tell from the tree (Flux when it does not tell)
 */
export async function readCluster(
  tree: TreeReader,
  host: string,
  reconciler: 'flux' | 'argocd' | undefined,
): Promise<Cluster> {
  const folder = `clusters/${host}`;
  const [own = [], system = []] = await Promise.all([tree.list(folder), tree.list(`${folder}/flux-system`)]);
  const paths = [
    ...system.filter(({ name }) => name === 'gotk-sync.yaml').map(({ name }) => `${folder}/flux-system/${name}`),
    ...own.filter(({ type, name }) => type === 'file' && /\.ya?ml$/.test(name)).map(({ name }) => `${folder}/${name}`),
  ].slice(0, ENOUGH);
  const kustomizations = own.filter(({ name }) => isKustomization(name));
  const texts = await Promise.all(paths.map(async (path) => ({ path, text: (await tree.read(path)) ?? '' })));
  const objects = texts.flatMap(({ path, text }) => documents(text, path));
  const application = applicationOf(objects);
  const root = await Promise.all(kustomizations.map(({ name }) => readReferences(tree, `${folder}/${name}`)));
  return {
    host,
    reconciler: reconciler ?? (application === undefined || sourceOf(objects) !== undefined ? 'flux' : 'argocd'),
    source: sourceOf(objects) ?? FLUX_SOURCE,
    application: application ?? APPLICATION,
    listed: kustomizations.length > 0,
    notices:
      kustomizations.length > 0 && !root.flat().some((reference) => /^(\.\/)?previews\/?$/.test(reference))
        ? [`No preview is deployed before ${folder}/kustomization.yaml lists "previews" in its resources.`]
        : [],
  };
}

/**
 * The kustomization that lists the previews of a cluster, for clusters whose own lists what is applied. It stays when the
 * last preview goes: a list may be empty, what is referred to may not be absent.
 */
export function clusterList(host: string): string {
  return `${clusterFolder(host)}/kustomization.yaml`;
}

function sourceOf(objects: readonly MapValue[]): Cluster['source'] | undefined {
  const sources = objects.filter((object) => textAt(object, 'kind') === 'GitRepository');
  const [only] = sources;
  const references = objects
    .filter((object) => textAt(object, 'kind') === 'Kustomization' && isFlux(object))
    .flatMap((object) => {
      const reference = inside(object, 'spec', 'sourceRef');
      const name = reference && textAt(reference, 'kind') === 'GitRepository' ? textAt(reference, 'name') : undefined;
      const namespace = (reference && textAt(reference, 'namespace')) ?? namespaceOf(object);
      return name === undefined ? [] : [{ name, namespace: namespace ?? FLUX_SOURCE.namespace }];
    });
  if (references[0] !== undefined) {
    const counted = references.map((each) => references.filter((other) => other.name === each.name).length);
    return references[counted.indexOf(Math.max(...counted))];
  }
  const metadata = only === undefined ? undefined : inside(only, 'metadata');
  const name = metadata && textAt(metadata, 'name');
  return only === undefined || name === undefined
    ? undefined
    : { name, namespace: namespaceOf(only) ?? FLUX_SOURCE.namespace };
}

function applicationOf(objects: readonly MapValue[]): Application | undefined {
  const found = objects.find(
    (object) => textAt(object, 'kind') === 'Application' && textAt(object, 'apiVersion')?.startsWith('argoproj.io/'),
  );
  const source = found && inside(found, 'spec', 'source');
  if (found === undefined) {
    return undefined;
  }
  const spec = inside(found, 'spec');
  const destination = inside(found, 'spec', 'destination');
  const name = destination && textAt(destination, 'name');
  const server = destination && textAt(destination, 'server');
  return {
    repoURL: source && textAt(source, 'repoURL'),
    targetRevision: (source && textAt(source, 'targetRevision')) ?? APPLICATION.targetRevision,
    project: (spec && textAt(spec, 'project')) ?? APPLICATION.project,
    namespace: namespaceOf(found) ?? APPLICATION.namespace,
    destination: server !== undefined ? { server } : name !== undefined ? { name } : APPLICATION.destination,
  };
}

async function readReferences(tree: TreeReader, path: string): Promise<string[]> {
  const text = await tree.read(path);
  try {
    return text === undefined ? [] : manifestReferences(text, path);
  } catch {
    return [];
  }
}

/** The objects of a file; one that is no YAML is for the cluster to complain of. */
function documents(text: string, path: string): MapValue[] {
  try {
    return readValues(text, path).filter((value): value is MapValue => value.kind === 'map');
  } catch {
    return [];
  }
}

function isFlux(object: MapValue): boolean {
  return textAt(object, 'apiVersion')?.startsWith('kustomize.toolkit.fluxcd.io/') ?? false;
}

function namespaceOf(object: MapValue): string | undefined {
  const metadata = inside(object, 'metadata');
  return metadata && textAt(metadata, 'namespace');
}

function inside(map: MapValue, ...keys: string[]): MapValue | undefined {
  let value: YamlValue | undefined = map;
  for (const key of keys) {
    value = value?.kind === 'map' ? value.entries.get(key) : undefined;
  }
  return value?.kind === 'map' ? value : undefined;
}
