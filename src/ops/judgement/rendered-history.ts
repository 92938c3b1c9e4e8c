import { posix } from 'node:path';
import { nameOf } from '../../github/connected.js';
import { attempt, isRequestFailure } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';
import { PARTS, readParts } from '../../materialize/manifests/remote-parts.js';
import type { Target } from '../carriers/carrier.js';
import { deployedTargets } from '../carriers/deployed.js';
import { isSameThing } from '../carriers/target.js';
import { cacheOf } from '../ledger/ledger-cache.js';
import { type MergeTime, mergeTimesOf } from '../ledger/merge-times.js';
import { type LedgerExtent, readLedger } from '../ledger/read-ledger.js';
import { readState, withLayers } from '../overlays/app-state.js';
import { renderedFolder } from '../policy/places.js';
import { environmentPolicy } from '../policy/policy.js';
import type { HeldEntry, HeldOnce } from '../policy/rules.js';
import type { Snapshot } from '../repository/snapshot.js';
import { textOf } from '../tree/github-tree.js';
import type { StrangerIn } from './app-commits.js';

/** Where what is rendered is written: its versions are read at the commits that were rendered. */
export type RenderedFrom = Pick<Snapshot, 'ops' | 'treeAt' | 'layout'>;

/** What is asked of a rendered branch. */
export interface AskedRendered {
  environment: string;
  app: string;
  extent: LedgerExtent;
  /** What came later is left out. */
  until?: Date;
}

/** Changes of the parts of an environment that are looked at: of one at least nobody knows what was before. */
const MOST_CHANGES = 50;

/**
 * What an environment ran of an app whose branch materialize writes: the images of the manifests there, and the charts and remote bases
 * that its source said at the commit that was rendered, each from when that came to the branch. What is written later runs there not
 * before it is rendered and merged.
 *
 * Which commit was rendered says a file on the branch that changes with these parts alone (`PARTS`). Whoever may write there can write
 * it, so it counts where `strangerIn` says nothing against who brought it. Where nobody can tell it, no chart and no base was there,
 * and `untold` says why and what to do.
 *
 * @param rendered the branch, with a layout that finds the app
 * @param sourceOf where it is rendered from; asked only where there are such parts
 * @param strangerIn missing where nobody asks who wrote it
 * @throws what a failed request throws
 */
export async function ranAsRendered(
  rendered: Snapshot,
  sourceOf: () => Promise<RenderedFrom>,
  asked: AskedRendered,
  strangerIn: StrangerIn = async () => undefined,
): Promise<HeldOnce> {
  const { environment, app, extent, until } = asked;
  const { ops, reader, repo, tree, layout, policy } = rendered;
  const head = { oid: repo.baseOid, branch: repo.base };
  const from = { ...ops, reader, base: tree };
  const path = posix.join(renderedFolder(policy.environments, environmentPolicy(policy, environment)), PARTS);
  const operation = operationIn(
    ops.repository,
    `read the history of ${path}`,
    'contents: read and pull-requests: read',
  );
  const [ran, { commits, pageInfo }] = await Promise.all([
    readLedger(from, head, layout, environment, app, extent),
    attempt(operation, () => cacheOf(from).page(head, path, MOST_CHANGES, null)),
  ]);
  const times = mergeTimesOf([{ path, commits, hasMore: pageInfo.hasNextPage }]).filter(
    ({ at }) => until === undefined || at <= until,
  );
  const [newest, ...older] = times;
  if (newest === undefined) {
    return untoldOf(ran, environment, `there is no ${path}`);
  }
  const source = await unlessUnclear(sourceOf);
  const read = (time: MergeTime) => partsAt(time, source, asked, strangerIn);
  const now = await read(newest);
  if (now.untold !== undefined) {
    return untoldOf(ran, environment, now.untold);
  }
  // Of an app that has none now, its images are all that counts.
  return now.targets.length === 0
    ? ran
    : together(ran, [now, ...(await Promise.all(older.map(read)))], !pageInfo.hasNextPage);
}

function untoldOf(ran: HeldOnce, environment: string, why: string): HeldOnce {
  const untold = `Nobody can tell which charts and remote bases ${environment} runs (${why}): run Materialize with the gate's App, and with \`force: true\` where it has run already.`;
  return { ...ran, untold };
}

/** What is read of a source, or why nobody can: one that is no ops repository's says no version to anybody. */
async function unlessUnclear<T>(reading: () => Promise<T>): Promise<T | Error> {
  try {
    return await reading();
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return error;
  }
}

/** What the source said of an app when it was rendered, of what no manifest says. */
interface Parts {
  /** When that came to the branch, and with which commit. */
  at: Date;
  oid: string;
  targets: readonly Target[];
  version: string | null;
  /** Whether that version is of an image, whatever else there is. */
  isOfImage: boolean;
  /** Why nobody can tell, the part of a sentence. */
  untold?: string;
}

async function partsAt(
  { commit, at, contents }: MergeTime,
  source: RenderedFrom | Error,
  { environment, app }: AskedRendered,
  strangerIn: StrangerIn,
): Promise<Parts> {
  const none = { at, oid: commit.oid, targets: [], version: null, isOfImage: false };
  const content = [...contents.values()][0]?.content;
  if (content === null || content === undefined) {
    return none;
  }
  const said = readParts(textOf(content.mode, content.object) ?? '');
  const stranger = said === undefined ? `${PARTS} is none of materialize` : await strangerIn(commit);
  if (said === undefined || stranger !== undefined) {
    return { ...none, untold: stranger ?? '' };
  }
  if (source instanceof Error) {
    return { ...none, untold: source.message };
  }
  const [repository = '', oid = ''] = said.source.split('@');
  if (repository.toLowerCase() !== nameOf(source.ops).toLowerCase()) {
    return { ...none, untold: `it is rendered from ${said.source}` };
  }
  const there = source.treeAt(oid);
  const state = await unlessUnclear(async () =>
    withLayers(there, source.layout, await readState(there, source.layout, environment, app)),
  );
  if (state instanceof Error) {
    return { ...none, untold: state.message };
  }
  const { deployed } = state;
  const all = deployed === undefined ? [] : deployedTargets(deployed);
  const targets = all.filter(({ kind }) => kind !== 'image');
  return { ...none, targets, version: deployed?.version ?? null, isOfImage: targets.length < all.length };
}

/** What ran at each time at which one of both changed. @param all newest first */
function together(ran: HeldOnce, all: readonly Parts[], isComplete: boolean): HeldOnce {
  const key = ({ targets, version, untold }: Parts) => JSON.stringify([targets, version, untold !== undefined]);
  const changes = all.filter((each, index) => {
    const before = all[index + 1];
    return before === undefined || key(before) !== key(each);
  });
  const times = [...new Set([...ran.entries, ...changes].map(({ at }) => at.getTime()))];
  const entries = times
    .sort((one, other) => other - one)
    .map((time): HeldEntry => {
      const runs = ran.entries.find(({ at }) => at.getTime() <= time);
      const parts = changes.find(({ at }) => at.getTime() <= time);
      return { ...entryOf(runs, parts), at: new Date(time) };
    });
  return { ...ran, entries, complete: ran.complete && isComplete };
}

function entryOf(runs: HeldEntry | undefined, parts: Parts | undefined): Omit<HeldEntry, 'at'> {
  const { oid, present = false, version = null, targets = [], places } = runs ?? {};
  // What a manifest says is what it runs, whatever its source says.
  const isSaid = (target: Target) => targets.some((other) => isSameThing(other, target));
  const further = (parts?.targets ?? []).filter((target) => !isSaid(target));
  const isNewer = parts !== undefined && (runs === undefined || parts.at > runs.at);
  const commit = isNewer ? parts.oid : oid;
  return {
    ...(commit !== undefined && { oid: commit }),
    present: present || further.length > 0,
    version: further.length > 0 && (!present || parts?.isOfImage !== true) ? (parts?.version ?? null) : version,
    targets: [...targets, ...further],
    ...(places !== undefined && {
      places: places.map((each) => ({ ...each, targets: [...each.targets, ...further] })),
    }),
    ...(parts?.untold !== undefined && { isUntold: true }),
  };
}
