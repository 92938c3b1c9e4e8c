import { posix } from 'node:path';
import { attempt, isRequestFailure } from '../../github/errors.js';
import { Cursor } from '../../github/page.js';
import { operationIn } from '../../github/try-operation.js';
import { type Deployed, deployedTargets, sameDeployed } from '../carriers/deployed.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { KUSTOMIZATION_NAMES } from '../kustomize/kustomization.js';
import { templatesOf } from '../overlays/carrier-files.js';
import { overridingPaths } from '../overlays/deploying-objects.js';
import { deployedWith, effectiveVersions } from '../overlays/effective-versions.js';
import { type LayeredOverlay, layeredOverlaysOf } from '../overlays/layered-overlay.js';
import { isPerApp, type Layout, overlayFolder } from '../overlays/layout.js';
import { readOverlay } from '../overlays/overlay.js';
import { type DeployedPlace, deployedPlaces } from '../overlays/version-places.js';
import { CachedTree } from '../tree/cached-tree.js';
import { addToCache } from '../tree/github-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { Ledger, LedgerEntry } from './ledger.js';
import { cacheOf, headTree, type LedgerHead, type LedgerSource, treeOf } from './ledger-cache.js';
import { type MergeTime, mergeTimesOf, type PathHistory } from './merge-times.js';
import { parseTrailers } from './trailers.js';

/** How many commits of each path are read at most. */
const MAX_COMMITS = 200;

/** How many commits the first page has, where a few are mostly enough, and how many each further page. */
const FIRST_PAGE_SIZE = 5;
const NEXT_PAGE_SIZE = 30;

/** Folders of bases whose histories are read at most. */
const MOST_BASES = 12;

/** How many versions of an app a verb looks back for. All take as many, so that what one has read is there for the next. */
export const LOOK_BACK = 30;

/** How far a ledger goes back. */
export interface LedgerExtent {
  /** Number of entries, newest first. Default: 20. */
  limit?: number;
  /** Whether fewer entries are enough. The last of them may have begun earlier than it says. */
  enough?: (entries: readonly LedgerEntry[]) => boolean;
  /** Whether what the overlay takes in from outside counts, too: bases may say a version that it does not. It takes more. */
  bases?: boolean;
}

/**
 * Reads what an app ran in an environment and when, from the files of its overlay at the commits that changed them,
 * whoever made these commits. Ledgers that are read in one tick share requests. The cost depends on the history of the
 * overlay, and not on that of the repository.
 *
 * @throws Error where a request fails, with the permissions that it needs: `contents: read` and `pull-requests: read`
 */
export function readLedger(
  source: LedgerSource,
  head: LedgerHead,
  layout: Layout,
  environment: string,
  app: string,
  extent: LedgerExtent = {},
): Promise<Ledger> {
  const doing = `read the history of ${app} in ${environment}`;
  const operation = operationIn(source.repository, doing, 'contents: read and pull-requests: read');
  return attempt(operation, async () =>
    readBack(
      source,
      head,
      {
        ...{ environment, app, layout: await layoutOf(source, head, layout, environment, app) },
        bases: extent.bases === true,
      },
      extent,
    ),
  );
}

/** An overlay of an app, with the templates of the layout that have it. */
interface OverlayLocation {
  environment: string;
  app: string;
  layout: Layout;
  /** Whether its bases count. */
  bases: boolean;
}

/** A history that is being read, with the cursor of its next page. */
interface OpenHistory extends PathHistory {
  cursor: Cursor;
}

async function readBack(
  source: LedgerSource,
  head: LedgerHead,
  location: OverlayLocation,
  { limit = 20, enough }: LedgerExtent,
): Promise<Ledger> {
  const most = Math.min(50, Math.max(10, limit + 5));
  const [first, further] = enough === undefined ? [most, most] : [FIRST_PAGE_SIZE, NEXT_PAGE_SIZE];
  const paths = await pathsOf(source, head, location);
  let histories: OpenHistory[] = await Promise.all(
    paths.map((path) => {
      const cursor = new Cursor(`the history of ${path}`);
      return nextPage(source, head, { path, commits: [], hasMore: true, cursor }, first);
    }),
  );
  for (;;) {
    const mergeTimes = mergeTimesOf(histories);
    const spans = await entriesOf(source, location, mergeTimes, limit);
    const isComplete = histories.every(({ hasMore }) => !hasMore);
    const isExhausted = histories.some(({ commits }) => commits.length >= MAX_COMMITS);
    if (spans.length > limit || isComplete || isExhausted || enough?.(spans) === true) {
      return { entries: spans.slice(0, limit), complete: isComplete && spans.length <= limit };
    }
    histories = await advance(source, head, histories, further);
  }
}

/** The layout with only those groups that have the app now; with all of them where none has. */
async function layoutOf(
  source: LedgerSource,
  head: LedgerHead,
  layout: Layout,
  environment: string,
  app: string,
): Promise<Layout> {
  const all = templatesOf(layout, app);
  if (all.length === 1) {
    return layout;
  }
  const tree = headTree(source, head);
  const found = await Promise.all(all.map((template) => readOverlay(tree, layout, environment, app, [template])));
  const templates = all.filter((_, index) => found[index] !== undefined);
  return templates.length === 0 ? layout : { ...layout, templates };
}

/** The paths of an overlay whose histories make up the ledger. */
async function pathsOf(
  source: LedgerSource,
  head: LedgerHead,
  { environment, app, layout, bases }: OverlayLocation,
): Promise<string[]> {
  const tree = headTree(source, head);
  const outside = bases ? baseFolders(await layeredOverlaysOf(tree, layout, environment, app)) : [];
  const paths = templatesOf(layout, app).map(async (template) => {
    const folder = overlayFolder(layout, template, environment, app);
    if (isPerApp(layout, template)) {
      return [folder, ...overridingPaths(layout, folder)];
    }
    const overlay = await readOverlay(tree, layout, environment, app, [template]);
    const files = overlay?.files.map(({ path }) => path) ?? [`${folder}/${KUSTOMIZATION_NAMES[0]}`];
    const own = `${folder}/${app}`;
    return [own, ...files.filter((path) => !path.startsWith(`${own}/`))];
  });
  return [...(await Promise.all(paths)).flat(), ...outside];
}

/** The folders outside of overlays that they take in, without those inside of others. */
function baseFolders(overlays: readonly LayeredOverlay[]): string[] {
  const own = overlays.map(({ folder }) => folder);
  const isIn = (path: string, folders: readonly string[]) =>
    folders.some((folder) => path !== folder && path.startsWith(`${folder}/`));
  const files = overlays.flatMap(({ layers, outer }) => [...layers.texts.keys(), ...(outer?.texts.keys() ?? [])]);
  const outside = [...new Set(files.filter((path) => !isIn(path, own)).map((path) => posix.dirname(path)))];
  return outside.filter((folder) => !isIn(folder, outside) && !own.includes(folder)).slice(0, MOST_BASES);
}

async function nextPage(
  source: LedgerSource,
  head: LedgerHead,
  history: OpenHistory,
  size: number,
): Promise<OpenHistory> {
  const { path, commits, cursor } = history;
  const page = await cacheOf(source).page(head, path, size, cursor.after);
  return { ...history, commits: [...commits, ...page.commits], hasMore: cursor.goOn(page.pageInfo) };
}

/** Reads a page of the histories that reach back least; older commits of the others are of no use without them. */
async function advance(
  source: LedgerSource,
  head: LedgerHead,
  histories: readonly OpenHistory[],
  size: number,
): Promise<OpenHistory[]> {
  const oldest = ({ commits }: PathHistory) => commits.at(-1)?.at.getTime() ?? 0;
  const open = histories.filter(({ hasMore }) => hasMore);
  const least = Math.max(...open.map(oldest));
  return Promise.all(
    histories.map((history) =>
      history.hasMore && oldest(history) >= least ? nextPage(source, head, history, size) : history,
    ),
  );
}

/** The entries of a ledger: of consecutive times with the same versions only the first, which introduced them. */
async function entriesOf(
  source: LedgerSource,
  location: OverlayLocation,
  mergeTimes: readonly MergeTime[],
  limit: number,
): Promise<LedgerEntry[]> {
  const spans: { entry: LedgerEntry; state: State | undefined }[] = [];
  const states = await Promise.all(mergeTimes.map((mergeTime) => stateOf(source, location, mergeTime)));
  for (const [index, state] of states.entries()) {
    const mergeTime = mergeTimes[index];
    const newer = spans.at(-1);
    if (mergeTime === undefined || state === 'broken') {
      continue;
    }
    if (newer !== undefined && isSameState(newer.state, state)) {
      newer.entry = { ...entryOf(mergeTime, state), lastOid: newer.entry.lastOid };
    } else if (spans.length > limit) {
      break;
    } else {
      spans.push({ entry: entryOf(mergeTime, state), state });
    }
  }
  // That the app was not there before its first version is no entry.
  return spans.filter(({ entry }, index) => entry.present || index < spans.length - 1).map(({ entry }) => entry);
}

/**
 * The deployed versions at a time; `undefined` where the app is not there, `broken` where the overlay cannot be parsed.
 * Such a commit is skipped: Flux and Argo CD cannot build it either, and keep what they deployed before.
 */
async function stateOf(
  source: LedgerSource,
  { environment, app, layout, bases }: OverlayLocation,
  mergeTime: MergeTime,
): Promise<State | undefined | 'broken'> {
  try {
    const tree = treeAt(source, mergeTime);
    const overlay = await readOverlay(tree, layout, environment, app);
    if (overlay === undefined) {
      return undefined;
    }
    const layered = bases ? await layeredOverlaysOf(tree, layout, environment, app) : [];
    return deployedOf(overlay.files, app, layered);
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    return 'broken';
  }
}

/** A tree of the paths as they were at a time, each read at its commit. It has nothing else in it. */
function treeAt(source: LedgerSource, { contents }: MergeTime): TreeReader {
  const trees = [...contents].map(([path, commit]) => {
    const tree = new CachedTree(commit === undefined ? NOTHING : treeOf(source, commit.oid));
    addToCache(tree, path, commit?.content?.mode ?? 0, commit?.content?.object ?? null);
    return { path, tree };
  });
  const treeFor = (path: string) =>
    trees.find(({ path: root }) => path === root || path.startsWith(`${root}/`))?.tree ?? NOTHING;
  return { read: (path) => treeFor(path).read(path), list: (path) => treeFor(path).list(path) };
}

const NOTHING: TreeReader = { read: async () => undefined, list: async () => undefined };

/** What an app has at a time, with what each of its places has where these differ. */
interface State {
  deployed: Deployed;
  places: DeployedPlace[];
}

function deployedOf(files: readonly OverlayFile[], app: string, layered: readonly LayeredOverlay[]): State {
  const places = deployedPlaces(files, app, layered);
  const [first] = places;
  const differ = places.some(({ deployed }) => first !== undefined && !sameDeployed(first.deployed, deployed));
  const all = layered.map((overlay) => effectiveVersions(overlay));
  return { deployed: deployedWith(files, app, all), places: differ ? places : [] };
}

function isSameState(one: State | undefined, other: State | undefined): boolean {
  return one === undefined || other === undefined
    ? one === other
    : sameDeployed(one.deployed, other.deployed) &&
        one.places.length === other.places.length &&
        one.places.every(({ place, deployed }, index) => {
          const same = other.places[index];
          return same?.place === place && sameDeployed(same.deployed, deployed);
        });
}

function placesOf({ places }: State): Pick<LedgerEntry, 'places'> {
  const versions = places.map(({ place, deployed }) => ({
    ...{ place, version: deployed.version, targets: deployedTargets(deployed) },
  }));
  return versions.length === 0 ? {} : { places: versions };
}

function entryOf({ commit, at }: MergeTime, state: State | undefined): LedgerEntry {
  const deployed = state?.deployed;
  return {
    oid: commit.oid,
    lastOid: commit.oid,
    at,
    present: deployed !== undefined,
    version: deployed?.version ?? null,
    targets: deployed === undefined ? [] : deployedTargets(deployed),
    pinned: deployed?.pinned ?? [],
    ...(state === undefined ? {} : placesOf(state)),
    trailers: parseTrailers(commit.message),
    author: commit.author,
    pullRequest: commit.pullRequest,
  };
}
