import { attempt, isRequestFailure } from '../../github/errors.js';
import { Cursor } from '../../github/page.js';
import { operationIn } from '../../github/try-operation.js';
import { type Held, heldBy, holdSame } from '../carriers/held.js';
import { KUSTOMIZATION_NAMES } from '../kustomize/kustomization.js';
import { isPerApp, type Layout, overlayFolder } from '../overlays/layout.js';
import { readOverlay } from '../overlays/overlay.js';
import { CachedTree } from '../tree/cached-tree.js';
import { addToCache } from '../tree/github-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { Ledger, LedgerEntry } from './ledger.js';
import { cacheOf, headTree, type LedgerHead, type LedgerSource, treeOf } from './ledger-cache.js';
import { type MergeTime, mergeTimesOf, type PathHistory } from './merge-times.js';
import { parseTrailers } from './trailers.js';

/** Commits of each path that are looked at before a ledger gives up. */
const MAX_COMMITS = 200;

/** Commits of the first look, where a few mostly tell enough, and of each further one. */
const FIRST_PAGE_SIZE = 5;
const NEXT_PAGE_SIZE = 30;

/** How far a ledger goes back. */
export interface LedgerExtent {
  /** How many entries are wanted, newest first; 20 by default. */
  limit?: number;
  /**
   * Whether what is known is enough, though it is fewer. Of the last of the given entries only its state is sure: it may
   * have begun earlier.
   */
  enough?: (entries: readonly LedgerEntry[]) => boolean;
}

/**
 * Reads what an app's overlay held, from the files at the commits that changed it, whatever wrote them. Ledgers asked for
 * in one tick share their requests. The cost is that of the overlay's own history, never of the repository's.
 *
 * @throws Error explaining a failed request; it takes `contents: read` and `pull-requests: read`
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
      { environment, app, layout: await layoutOf(source, head, layout, environment, app) },
      extent,
    ),
  );
}

interface OverlayLocation {
  environment: string;
  app: string;
  layout: Layout;
}

/** A history that is being read, and where its next page begins. */
interface OpenHistory extends PathHistory {
  cursor: Cursor;
}

async function readBack(
  source: LedgerSource,
  head: LedgerHead,
  place: OverlayLocation,
  { limit = 20, enough }: LedgerExtent,
): Promise<Ledger> {
  const most = Math.min(50, Math.max(10, limit + 5));
  const [first, further] = enough === undefined ? [most, most] : [FIRST_PAGE_SIZE, NEXT_PAGE_SIZE];
  const paths = await pathsOf(source, head, place);
  let histories: OpenHistory[] = await Promise.all(
    paths.map((path) => {
      const cursor = new Cursor(`the history of ${path}`);
      return nextPage(source, head, { path, commits: [], hasMore: true, cursor }, first);
    }),
  );
  for (;;) {
    const moments = mergeTimesOf(histories);
    const runs = await entriesOf(source, place, moments, limit);
    const ended = histories.every(({ hasMore: goesOn }) => !goesOn);
    const spent = histories.some(({ commits: steps }) => steps.length >= MAX_COMMITS);
    if (runs.length > limit || ended || spent || enough?.(runs) === true) {
      return { entries: runs.slice(0, limit), complete: ended && runs.length <= limit };
    }
    histories = await advance(source, head, histories, further);
  }
}

/** Of several groups those that have the app now; all of them where none has. */
async function layoutOf(
  source: LedgerSource,
  head: LedgerHead,
  layout: Layout,
  environment: string,
  app: string,
): Promise<Layout> {
  if (layout.templates.length === 1) {
    return layout;
  }
  const tree = headTree(source, head);
  const found = await Promise.all(
    layout.templates.map((template) => readOverlay(tree, { templates: [template] }, environment, app)),
  );
  const templates = layout.templates.filter((_, index) => found[index] !== undefined);
  return templates.length === 0 ? layout : { templates };
}

/** The paths whose histories tell what the app's overlay held. */
async function pathsOf(
  source: LedgerSource,
  head: LedgerHead,
  { environment, app, layout }: OverlayLocation,
): Promise<string[]> {
  const tree = headTree(source, head);
  const paths = layout.templates.map(async (template) => {
    const folder = overlayFolder(template, environment, app);
    if (isPerApp(template)) {
      return [folder];
    }
    const overlay = await readOverlay(tree, { templates: [template] }, environment, app);
    const files = overlay?.files.map(({ path }) => path) ?? [`${folder}/${KUSTOMIZATION_NAMES[0]}`];
    const own = `${folder}/${app}`;
    return [own, ...files.filter((path) => !path.startsWith(`${own}/`))];
  });
  return (await Promise.all(paths)).flat();
}

async function nextPage(
  source: LedgerSource,
  head: LedgerHead,
  history: OpenHistory,
  size: number,
): Promise<OpenHistory> {
  const { path, commits: steps, cursor } = history;
  const page = await cacheOf(source).page(head, path, size, cursor.after);
  return { ...history, commits: [...steps, ...page.commits], hasMore: cursor.goOn(page.pageInfo) };
}

/** Goes on with the histories that reach back least: what the others held earlier is of no use without them. */
async function advance(
  source: LedgerSource,
  head: LedgerHead,
  histories: readonly OpenHistory[],
  size: number,
): Promise<OpenHistory[]> {
  const reach = ({ commits: steps }: PathHistory) => steps.at(-1)?.at.getTime() ?? 0;
  const open = histories.filter(({ hasMore: goesOn }) => goesOn);
  const least = Math.max(...open.map(reach));
  return Promise.all(
    histories.map((history) =>
      history.hasMore && reach(history) >= least ? nextPage(source, head, history, size) : history,
    ),
  );
}

/** The changes of what is held: of moments that hold the same only the first in time, which brought it. */
async function entriesOf(
  source: LedgerSource,
  place: OverlayLocation,
  moments: readonly MergeTime[],
  limit: number,
): Promise<LedgerEntry[]> {
  const runs: { entry: LedgerEntry; held: Held | undefined }[] = [];
  const states = await Promise.all(moments.map((moment) => stateOf(source, place, moment)));
  for (const [index, state] of states.entries()) {
    const moment = moments[index];
    const newer = runs.at(-1);
    if (moment === undefined || state === 'broken') {
      continue;
    }
    if (newer !== undefined && isSameState(newer.held, state)) {
      newer.entry = { ...entryOf(moment, state), lastOid: newer.entry.lastOid };
    } else if (runs.length > limit) {
      break;
    } else {
      runs.push({ entry: entryOf(moment, state), held: state });
    }
  }
  // Before an app came to an environment, it was not there: nothing to tell of.
  return runs.filter(({ entry }, index) => entry.present || index < runs.length - 1).map(({ entry }) => entry);
}

/**
 * What is held at a moment, `undefined` where the app is not there. A commit whose overlay cannot be read is passed over:
 * what reconciles the repository cannot build it either, and goes on with what was there before.
 */
async function stateOf(source: LedgerSource, { environment, app, layout }: OverlayLocation, moment: MergeTime) {
  try {
    const overlay = await readOverlay(treeAt(source, moment), layout, environment, app);
    return overlay === undefined ? undefined : heldBy(overlay.files, app);
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    return 'broken';
  }
}

/** The paths as they were at a moment, each at the commit that it is known from; nothing else is there. */
function treeAt(source: LedgerSource, { contents: holds }: MergeTime): TreeReader {
  const trees = [...holds].map(([path, step]) => {
    const tree = new CachedTree(step === undefined ? NOTHING : treeOf(source, step.oid));
    addToCache(tree, path, step?.content?.mode ?? 0, step?.content?.object ?? null);
    return { path, tree };
  });
  const treeFor = (path: string) =>
    trees.find(({ path: root }) => path === root || path.startsWith(`${root}/`))?.tree ?? NOTHING;
  return { read: (path) => treeFor(path).read(path), list: (path) => treeFor(path).list(path) };
}

const NOTHING: TreeReader = { read: async () => undefined, list: async () => undefined };

function isSameState(one: Held | undefined, other: Held | undefined): boolean {
  return one === undefined || other === undefined ? one === other : holdSame(one, other);
}

function entryOf({ commit: step, at }: MergeTime, held: Held | undefined): LedgerEntry {
  return {
    oid: step.oid,
    lastOid: step.oid,
    at,
    present: held !== undefined,
    version: held?.version ?? null,
    targets: held?.targets ?? [],
    pinned: held?.pinned ?? [],
    trailers: parseTrailers(step.message),
    author: step.author,
    pullRequest: step.pullRequest,
  };
}
