import type { Connected } from '../../github/connected.js';
import { explain, isRequestFailure } from '../../github/errors.js';
import { type RepositoryReader, repositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import { environmentApps } from '../overlays/environment-apps.js';
import type { Layout } from '../overlays/layout.js';
import type { Health, HealthHistory } from '../policy/health.js';
import type { PolicyEnvironment } from '../policy/policy.js';
import type { HeldOnce } from '../policy/rules.js';
import { githubTree } from '../tree/github-tree.js';
import { memoTree } from '../tree/memo-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { checkContext, isCheckContext } from './check-contexts.js';
import type { Checks } from './check-health.js';
import { healthHistory } from './health-of.js';
import { changeReader, type StatusWindow, statusWindow } from './read-reports.js';
import type { Change } from './said.js';
import { type WatchedObject, watchedObjects } from './watched-objects.js';

/** Where the reports of environments are: one branch at one commit. */
export interface HealthSource {
  ops: Connected;
  reader: RepositoryReader;
  /** Newest commit of the branch. */
  head: string;
}

/** What an environment held, as far as its commits are named. */
type Held = Pick<HeldOnce, 'entries' | 'health'>;

/** The latest versions of an app that are looked for among the reports. */
const MOST_VERSIONS = 10;

/** Adds what is reported of an environment to what it held; nothing where its policy says of nothing that it reports. */
export type HealthReader = <T extends Held>(
  layout: Layout,
  environment: PolicyEnvironment,
  held: T,
) => Promise<T & Pick<HeldOnce, 'health'>>;

/** What was read through a reader, by the head of the branch: all that ask within one run share it. */
const known = new WeakMap<RepositoryReader, Map<string, ReturnType<typeof open>>>();

function open({ ops, reader, head }: HealthSource) {
  const { reports: github, repository } = ops;
  const window =
    github === undefined
      ? statusWindow(ops, reader, head)
      : statusWindow({ github, repository }, repositoryReader(github, repository, 'Reports'), head);
  const tree = memoTree(githubTree(reader, ops.github, ops.repository, head));
  return { window, tree, changesOf: changeReader(reader, head) };
}

function opened(source: HealthSource): ReturnType<typeof open> {
  const heads = known.get(source.reader) ?? new Map();
  known.set(source.reader, heads);
  const found = heads.get(source.head) ?? open(source);
  heads.set(source.head, found);
  return found;
}

/**
 * Reads what is reported of environments that live on one branch. However many they are, it takes one request for the folders of all
 * that are asked in the same tick, and one for every hundred commits that are looked back.
 */
export function healthReader(source: HealthSource, now: () => Date): HealthReader {
  const { window, tree, changesOf } = opened(source);
  const read = async (layout: Layout, environment: PolicyEnvironment, asked: readonly string[]) => {
    const { name, ready } = environment;
    if (ready === undefined) {
      return undefined;
    }
    const objects = watchedObjects(layout, name, ready);
    const changes = await changesOf([...new Set(objects.flatMap((each) => each.folders))]);
    const last = objects.map((each) => ({ each, change: newestOf(each, changes) }));
    await window.reach([...asked, ...last.flatMap(({ change }) => change?.oid ?? [])]);
    const watched = last.map(({ each, change }) => ({ ...each, changed: change && window.arrivalOf(change.oid) }));
    const isReport = (context: string) => !isCheckContext(context) && objects.some((each) => each.isReport(context));
    const commits = await window.commits(ready.creators, isReport);
    const checks = await checksOf(tree, window, layout, environment);
    return healthHistory({ commits, watched, timeoutMs: ready.timeoutMs, now: now(), checks }, window.arrivalOf);
  };
  return async (layout, environment, held) => {
    const asked = held.entries.slice(0, MOST_VERSIONS).flatMap(({ oid }) => oid ?? []);
    const health = await read(layout, environment, asked).catch((error: unknown) => unreadable(source.ops, error));
    return health === undefined ? held : { ...held, health };
  };
}

/** What Ops watch checks in an environment, and has kept; `undefined` where it checks nothing. */
async function checksOf(
  tree: TreeReader,
  window: StatusWindow,
  layout: Layout,
  { name, ready, verify }: PolicyEnvironment,
): Promise<Checks | undefined> {
  const awaited = [
    ...(ready?.probe === undefined ? [] : [{ kind: 'probe' as const, timeoutMs: ready.timeoutMs }]),
    ...(verify === undefined ? [] : [{ kind: 'verify' as const, timeoutMs: verify.timeoutMs }]),
  ];
  if (ready === undefined || awaited.length === 0) {
    return undefined;
  }
  const starts = awaited.map(({ kind }) => checkContext(kind, name, ''));
  const isOwn = (context: string) => starts.some((start) => context.toLowerCase().startsWith(start));
  const commits = await window.commits([ready.watcher], isOwn);
  // Which apps there are is asked where something is wrong with one.
  const isWrong = commits.some(({ reports }) => reports.some(({ state }) => state !== 'success'));
  const apps = isWrong ? await environmentApps(tree, layout, name) : [];
  return { environment: name, awaited, commits, apps };
}

/** What cannot be read permits nothing, and keeps nobody from reading the rest. @throws what is no failed request */
function unreadable({ repository }: Connected, error: unknown): HealthHistory {
  const words = explain(error, operationIn(repository, 'read what is reported of its commits', 'statuses: read'));
  if (!isRequestFailure(error) || !(words instanceof Error)) {
    throw error;
  }
  const health: Health = { state: 'unknown', since: undefined, reason: words.message.replace(/\.$/, ''), url: '' };
  return { now: health, of: () => health };
}

function newestOf({ folders }: WatchedObject, changes: ReadonlyMap<string, Change>): Change | undefined {
  const own = folders.flatMap((folder) => changes.get(folder) ?? []);
  return own.reduce<Change | undefined>(
    (one, other) => (one === undefined || other.at > one.at ? other : one),
    undefined,
  );
}
