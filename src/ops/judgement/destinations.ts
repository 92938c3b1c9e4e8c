import { RECONCILERS } from '../reconcilers/all.js';
import { nameOf } from '../reconcilers/fields.js';
import type { Destination } from '../reconcilers/object-inputs.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import { type MapValue, textAt } from '../yaml/values.js';
import type { ReachedSide } from './reached-side.js';

/**
 * The environments that changed objects newly deploy into, by the cluster and the namespace that they name: where objects of an
 * environment deploy to is its place. A cluster that no object named before may be anybody's.
 *
 * @returns environments by path, for paths whose objects go elsewhere than before
 */
export async function environmentsOfDestinations(
  before: ReachedSide,
  after: ReachedSide,
  changed: ReadonlySet<string>,
  environments: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const places = await placesOf(before, environments);
  const found = new Map<string, string[]>();
  for (const path of changed) {
    const [old, next] = await Promise.all([before, after].map(({ files }) => destinationsIn(files.objects(path))));
    const known = new Set(old?.map(keyOf));
    const fresh = (next ?? []).filter((each) => !known.has(keyOf(each)));
    // What lies in an environment's folder is in its own cluster, unless it names another one.
    const isPlaced = [before, after].some(({ reach }) =>
      [...reach.values()].some(({ files }) => files.get(path) === path),
    );
    const names = fresh
      .filter(
        ({ destination: { cluster, namespace } }) => cluster !== undefined || (namespace !== undefined && !isPlaced),
      )
      .flatMap(({ destination }) => environmentsAt(destination, places, environments));
    if (names.length > 0) {
      found.set(path, [...new Set(names)]);
    }
  }
  return found;
}

/**
 * The environments that changed objects of no environment's folder deploy into by what they say, whatever folder it is that they
 * deploy: where their cluster and namespace are one environment's and no other's.
 */
export async function environmentsAimedAt(
  before: ReachedSide,
  after: ReachedSide,
  changed: ReadonlySet<string>,
  environments: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const paths = [...changed].filter((path) => after.hubs.has(path));
  const places = paths.length === 0 ? new Map() : await placesOf(before, environments);
  const found = await Promise.all(
    paths.map(async (path) => {
      const destinations = await destinationsIn(after.files.objects(path));
      const owners = destinations.map(({ destination }) => environmentsAt(destination, places, environments));
      const known = after.hubs.get(path) ?? [];
      return [
        path,
        owners.flatMap((own) => (own.length === 1 ? own : [])).filter((each) => !known.includes(each)),
      ] as const;
    }),
  );
  return new Map(found.filter(([, names]) => names.length > 0));
}

/** A destination of an object, with the object's kind and name. */
interface Placed {
  object: string;
  destination: Destination;
}

function keyOf({ object, destination }: Placed): string {
  return JSON.stringify([object, destination.cluster, destination.namespace]);
}

async function destinationsIn(reading: Promise<readonly MapValue[]>): Promise<Placed[]> {
  return (await reading).flatMap((object) =>
    RECONCILERS.flatMap((reconciler) => (reconciler satisfies Reconciler).destinationsOf(object)).map(
      (destination) => ({
        object: `${textAt(object, 'kind')} ${nameOf(object)}`,
        destination,
      }),
    ),
  );
}

/** Where the objects of each environment deploy to. */
type Places = ReadonlyMap<string, readonly Destination[]>;

async function placesOf({ files, reach }: ReachedSide, environments: readonly string[]): Promise<Places> {
  const all = environments.map(async (name) => {
    const paths = [...(reach.get(name)?.files.keys() ?? [])];
    const found = await Promise.all(paths.map((path) => destinationsIn(files.objects(path))));
    return [name, found.flat().map(({ destination }) => destination)] as const;
  });
  return new Map(await Promise.all(all));
}

function environmentsAt(
  { cluster, namespace }: Destination,
  places: Places,
  environments: readonly string[],
): readonly string[] {
  const isUnknown = (text: string | undefined) => text?.includes('*') === true || text?.includes('$') === true;
  if (isUnknown(cluster) || isUnknown(namespace)) {
    return environments;
  }
  const isThere = (place: Destination) => place.cluster === cluster && place.namespace === namespace;
  const having = (test: (place: Destination) => boolean) =>
    environments.filter((name) => places.get(name)?.some(test) === true);
  const exact = having(isThere);
  if (cluster === undefined) {
    return exact;
  }
  // A name and an address may be of one cluster, and nothing in the files says of which.
  const other = having((place) => place.namespace === namespace && isOtherSpelling(place.cluster, cluster));
  // Nobody deploys into that namespace yet: it is of whoever has the cluster.
  const hosts = exact.length > 0 ? exact : having((place) => place.cluster === cluster);
  return hosts.length > 0 ? environments.filter((name) => [...hosts, ...other].includes(name)) : environments;
}

function isOtherSpelling(one: string | undefined, other: string): boolean {
  return one !== undefined && isAddress(one) !== isAddress(other);
}

function isAddress(cluster: string): boolean {
  return /^https?:\/\//.test(cluster);
}
