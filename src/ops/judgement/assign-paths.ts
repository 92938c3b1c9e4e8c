import type { Layout } from '../overlays/layout.js';
import { HOLDS_FILE, type Hold, readHolds, sameHold } from '../policy/holds.js';
import { assignedByPolicy, isFree } from '../policy/path-policy.js';
import { POLICY_FILE, type Policy } from '../policy/policy.js';
import type { Problem } from '../tree/problem.js';
import { environmentsAimedAt, environmentsOfDestinations } from './destinations.js';
import { layoutKey } from './layout-key.js';
import { linksTo, linkTargets } from './link-targets.js';
import { environmentsOfNamespaces } from './namespaces.js';
import type { Reach } from './reach.js';
import { type ReachedSide, reachedSide } from './reached-side.js';
import type { RepositoryChange, RepositorySide } from './repository-change.js';
import { type SideFiles, sideFiles } from './side-files.js';
import { type ReachedSides, withUnreached } from './unreached.js';

/** Whose a changed path is. */
export interface PathOwners {
  path: string;
  /** Environments whose clusters it can change, in the order of the policy; none for what changes no cluster. */
  environments: readonly string[];
  /** Whether its objects deploy something that is no folder of an environment, on one side alone. */
  isUnclear?: boolean;
  /** Why, the rest of a sentence that begins with the path: `is taken in by clusters/production/apps.yaml`. */
  reason: string;
}

/** What a change can alter, environment by environment. */
export interface Assignment {
  paths: PathOwners[];
  /** What clusters take in before and after, by environment, and what else of the change is the environment's. */
  reach: ReachedSides;
  before: SideFiles;
  after: SideFiles;
  /** What of the side after the change cannot be read and belongs to a cluster, with the environment. */
  unread: { environment: string; problem: Problem }[];
}

/**
 * Says of every changed path whose it is: of the environments whose clusters take it in, before the change or after it. A path
 * that nothing tells of belongs to every environment, and so do the policy, the workflows and CODEOWNERS.
 *
 * @param policy the one in force
 * @param environments all long-lived environments
 */
export async function assignPaths(
  { base, head, changed }: RepositoryChange,
  policy: Policy,
  layout: Layout,
  environments: readonly string[],
): Promise<Assignment> {
  const files = sideFiles(head);
  const [before, plain] = await Promise.all([
    onceReached(base, layout, environments),
    reachedSide(files, layout, environments),
  ]);
  const links = (await Promise.all([base, head].map(linkTargets))).flat();
  const [moved, aimed, entered] = await Promise.all([
    environmentsOfDestinations(before, plain, changed, environments),
    environmentsAimedAt(before, plain, changed, environments),
    environmentsOfNamespaces(before, plain, changed, environments),
  ]);
  const further = joined([aimed, entered]);
  const after = further.size === 0 ? plain : await reachedSide(files, layout, environments, further);
  const sides = [before, after];
  const paths = await Promise.all(
    [...changed].sort().map(async (path): Promise<PathOwners> => {
      const own = await ownersOf(path, sides, policy, environments);
      const linked = linksTo(links, path).flatMap((link) => ownersOfLink(link, sides, policy, environments));
      const elsewhere = [...(joined([moved, further]).get(path) ?? []), ...new Set(linked)];
      const more = elsewhere.filter((each) => !own.environments.includes(each));
      const all = [...own.environments, ...more];
      const also = more.every((each) => linked.includes(each)) ? 'a link to it is of' : 'deploys to';
      const reason = more.length === 0 ? own.reason : `${own.reason}, and ${also} ${more.join(' and ')}`;
      const { isUnclear = false } = own;
      return {
        path,
        environments: environments.filter((each) => all.includes(each)),
        reason,
        ...(isUnclear ? { isUnclear } : {}),
      };
    }),
  );
  const taken = new Map(
    environments.flatMap((name) => {
      const [old, next] = [before.reach.get(name), after.reach.get(name)];
      return old === undefined || next === undefined ? [] : [[name, { before: old, after: next }] as const];
    }),
  );
  const deployed = paths.filter(({ path }) => !isDeciding(path));
  const reach = withUnreached(taken, deployed, before.files, after.files);
  // Only what is read cannot be read.
  await Promise.all(deployed.map(({ path }) => after.files.maps(path)));
  return { paths, reach, before: before.files, after: after.files, unread: unreadOf(reach, after.files, changed) };
}

/** Environments by path, each once. */
function joined(maps: readonly ReadonlyMap<string, readonly string[]>[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const [path, names] of maps.flatMap((map) => [...map])) {
    all.set(path, [...new Set([...(all.get(path) ?? []), ...names])]);
  }
  return all;
}

/** What clusters take in of the sides before changes: of many pull requests, it is the same one. */
const reached = new WeakMap<RepositorySide, Map<string, Promise<ReachedSide>>>();

function onceReached(side: RepositorySide, layout: Layout, environments: readonly string[]): Promise<ReachedSide> {
  const own = reached.get(side) ?? new Map<string, Promise<ReachedSide>>();
  const key = JSON.stringify([layoutKey(layout), environments]);
  const reading = own.get(key) ?? reachedSide(sideFiles(side), layout, environments);
  own.set(key, reading);
  reached.set(side, own);
  return reading;
}

/** A template that nobody in the repository fills in was left alone before: it counts where it changes, or comes in. */
function unreadOf(reach: ReachedSides, files: SideFiles, changed: ReadonlySet<string>): Assignment['unread'] {
  const problems = files.problems();
  const templates = files.templates();
  return [...reach].flatMap(([environment, { before, after }]) => {
    const fresh = templates.filter(({ file }) => changed.has(file) || !before.files.has(file));
    const all = [...problems, ...fresh];
    return all.filter(({ file }) => after.files.has(file)).map((problem) => ({ environment, problem }));
  });
}

/** Whether a file decides what may be merged, and changes no cluster by itself. */
export function isDeciding(path: string): boolean {
  return DECIDING.test(path);
}

/** Files that decide what may be merged, and how. */
const DECIDING = /^(ostack\.yaml|\.ostack\/.*|\.github\/.*|(?:docs\/)?CODEOWNERS)$/i;

async function ownersOf(
  path: string,
  sides: readonly ReachedSide[],
  policy: Policy,
  environments: readonly string[],
): Promise<Omit<PathOwners, 'path'>> {
  if (path === HOLDS_FILE) {
    return ownersOfHolds(sides, environments);
  }
  if (path === POLICY_FILE || isDeciding(path)) {
    return { environments, reason: 'decides what may be merged' };
  }
  const hub = hubOwners(sides, path);
  if (hub === 'unclear') {
    return { environments, isUnclear: true, reason: 'deploys something that is no folder of an environment' };
  }
  const taken = sides.flatMap(({ files, reach }) =>
    [...reach.values()].filter((each) => isTaken(each, files, path) || each.missing.has(path)),
  );
  const named = assignedByPolicy(policy, path);
  if (taken.length + named.length > 0) {
    return { environments: [...taken.map(({ environment }) => environment), ...named], reason: reasonOf(path, taken) };
  }
  if (isFree(policy, path)) {
    return { environments: [], reason: 'changes no cluster' };
  }
  return { environments, reason: 'may be of any environment, because nothing says of which it is' };
}

/**
 * The environments that take in what a symbolic link leads to. Who follows links, and how, nobody can tell: a link that nothing
 * tells of is of every environment.
 */
function ownersOfLink(
  link: string,
  sides: readonly ReachedSide[],
  policy: Policy,
  environments: readonly string[],
): readonly string[] {
  const taken = sides.flatMap(({ reach }) => [...reach.values()].filter((each) => isTakenByLink(each, link)));
  const named = assignedByPolicy(policy, link);
  if (taken.length + named.length > 0) {
    return [...taken.map(({ environment }) => environment), ...named];
  }
  return isFree(policy, link) ? [] : environments;
}

function isTakenByLink({ files, missing }: Reach, link: string): boolean {
  return files.has(link) || [...missing].some((path) => path === link || path.startsWith(`${link}/`));
}

/**
 * The environments that the objects of a file deploy, where it is in none's folder: `unclear` where they say it plainly on one
 * side of the change only.
 */
function hubOwners(sides: readonly ReachedSide[], path: string): 'unclear' | 'told' | 'none' {
  const there = sides.filter(({ files }) => files.has(path));
  const hubs = there.filter(({ hubs: known }) => known.has(path));
  const isPlaced = there.some(
    ({ hubs: known, reach }) => !known.has(path) && [...reach.values()].some(({ files }) => files.has(path)),
  );
  return hubs.length === 0 ? 'none' : hubs.length < there.length && !isPlaced ? 'unclear' : 'told';
}

function reasonOf(path: string, taken: readonly Reach[]): string {
  const from = [...new Set(taken.map(({ files }) => files.get(path)))].filter((each) => each !== undefined);
  const others = from.filter((each) => each !== path);
  return others.length === 0 ? 'is of its folder' : `is taken in by ${others.slice(0, 3).join(', ')}`;
}

/** Whether a cluster takes a file in. Documents beside manifests are none, unless something names them or a chart may read them. */
function isTaken({ files, named }: Reach, side: SideFiles, path: string): boolean {
  if (!files.has(path)) {
    return false;
  }
  return !/(\.md|(^|\/)LICENSE)$/.test(path) || named.has(path) || side.isInChart(path);
}

/** The environments that lose a hold; all where one of the sides cannot be read. */
async function ownersOfHolds(
  sides: readonly ReachedSide[],
  environments: readonly string[],
): Promise<Omit<PathOwners, 'path'>> {
  const [before, after] = await Promise.all(sides.map(({ files }) => holdsIn(files)));
  if (before === undefined || after === undefined) {
    return { environments, reason: 'cannot be read' };
  }
  return { environments: losingHolds(before, after, environments), reason: 'holds versions' };
}

/** The environments that lose a hold by a change. A hold that is added keeps versions out, and takes nobody's leave. */
export function losingHolds(
  before: readonly Hold[],
  after: readonly Hold[],
  environments: readonly string[],
): string[] {
  const isOf = (name: string) => (hold: Hold) => hold.environment === name || hold.environment === '*';
  return environments.filter((name) => !isSubset(before.filter(isOf(name)), after.filter(isOf(name))));
}

function isSubset(some: readonly Hold[], others: readonly Hold[]): boolean {
  return some.every((hold) => others.some((other) => sameHold(hold, other)));
}

async function holdsIn(files: SideFiles): Promise<Hold[] | undefined> {
  try {
    return readHolds(await files.text(HOLDS_FILE));
  } catch {
    return undefined;
  }
}
