import type { App } from '../apps/app.js';
import { liesIn } from '../apps/lies-in.js';
import { appsByPath, touchedApps } from '../apps/touched.js';
import type { Git } from '../git/git.js';
import { type Change, toChanges } from './changes.js';
import { type ForeignTag, foreignTags, highestForeign } from './foreign-tags.js';
import { readCommits } from './git/read-commits.js';
import { readHistory } from './git/read-history.js';
import { readMoves } from './git/read-moves.js';
import { type RemoteTag, readTags } from './git/read-tags.js';
import { readUnchanged } from './git/read-unchanged.js';
import type { History } from './history.js';
import { type AppFacts, lastReleases, type Relation, relevantTags } from './plan.js';
import { readReleaseAs } from './release-as.js';
import { type AppTag, type TagFormat, tagsByApp } from './tags.js';

/** Most commits in the notes of a first release. */
const FIRST_RELEASE_COMMITS = 500;

/** Depth that a shallow clone must have for a first release: its commits are the same in any clone. */
const FIRST_RELEASE_DEPTH = FIRST_RELEASE_COMMITS + 1;

export interface FactsOptions {
  head: string;
  /** Every app of the repository, since tags are told apart by all their names. */
  apps: readonly App[];
  /** Names of those to release. */
  selected: ReadonlySet<string>;
  format: TagFormat;
  prerelease: string | undefined;
  /** Told of each commit that asks for a version in a way that no app can hear: it changes nothing, and names no app. */
  unheard?: ((commit: string, footer: string) => void) | undefined;
}

/** An app with the tags that count as its releases. */
interface Candidate {
  app: App;
  tags: readonly AppTag[];
  /** Whether these are tags of the whole repository, from when it named no apps in them. */
  common: boolean;
  /** The highest release of another format that is the app's. */
  foreign: ForeignTag | undefined;
}

/**
 * Reads what planning needs for all selected apps together: the tags with one command, the commit ids with one, and the
 * commits since the releases with one.
 */
export async function gatherFacts(git: Git, options: FactsOptions): Promise<AppFacts[]> {
  return factsWith(await readTags(git), git, options);
}

/** The same with tags that are known: those of the server, or of a time that is past. */
export async function factsWith(tags: readonly RemoteTag[], git: Git, options: FactsOptions): Promise<AppFacts[]> {
  const { head, prerelease, unheard } = options;
  const names = new Set(options.apps.map(({ name }) => name));
  const candidates = candidatesOf(tags, options);
  const releases = candidates.flatMap((one) => [...deciding(one.tags), ...pastOf(one).map((tag) => [tag])]);
  const near = await readHistory(git, { head, releases, firstDepth: FIRST_RELEASE_DEPTH });
  const relation = relationTo(head, near);
  const withLast = candidates.map((one) => ({ ...one, last: lastReleases({ ...one, relation }, prerelease).last }));
  const past = withLast.flatMap((one) => pastOf(one).map((tag) => ({ app: one.app, tag })));
  const places = await readMoves(git, { head, pairs: [...withLast.flatMap(pairWithLast), ...past] });
  // A tag of the whole repository is a release of the apps that it had then.
  const known = withLast.map((one) =>
    one.common && places.get(one.app) === undefined
      ? { ...one, relation, tags: [], last: undefined, foreign: undefined }
      : { ...one, relation },
  );
  const isNew = known.some(({ common, tags }) => common && tags.length === 0) && !near.whole;
  const history = isNew ? await readHistory(git, { head, releases: [[]], firstDepth: FIRST_RELEASE_DEPTH }) : near;
  const bases = known
    .filter((one) => !relevantTags(one.tags, prerelease).some(({ commit }) => relation(commit) === 'head'))
    .map((one) => lastReleases(one, prerelease))
    .flatMap(({ last, stable }) => [last, stable]);
  const all = await readChanges(git, history, { head, bases });
  const changes = changesByApp(all, known, places);
  if (unheard !== undefined) {
    for (const { sha, footer } of unheardWishes(all, options.apps)) {
      unheard(sha, footer);
    }
  }
  const same = await readUnchanged(git, {
    head,
    pairs: known.filter(({ app }) => changes.get(app)?.length !== 0).flatMap(pairWithLast),
  });
  // Cached: the same base is looked up many times, and computing a span takes as long as the history since the release.
  const spans = new Map<string | undefined, ReadonlySet<string>>();
  return known.map(({ app, tags, foreign }) => ({
    app,
    apps: names,
    tags,
    foreign,
    relation,
    sameAs: (release) => same(app, release),
    changesSince: (base) => {
      const span = spans.get(base?.commit) ?? new Set(spanSince(history, head, base));
      spans.clear();
      spans.set(base?.commit, span);
      return changes.get(app)?.filter(({ sha }) => span.has(sha)) ?? [];
    },
  }));
}

function pairWithLast({ app, last }: { app: App; last: AppTag | undefined }): { app: App; tag: AppTag }[] {
  return last === undefined ? [] : [{ app, tag: last }];
}

/** The tag of the whole repository that may be the app's last release and that releases cannot count on from. */
function pastOf({ common, foreign }: Candidate): ForeignTag[] {
  return common && foreign !== undefined ? [foreign] : [];
}

/**
 * The selected apps with their tags. An app without any takes those of the whole repository for its own, where the format
 * has become one that names apps: so the first app goes on when a second one comes.
 */
function candidatesOf(tags: readonly RemoteTag[], { apps, selected, format }: FactsOptions): Candidate[] {
  const own = tagsByApp(tags, { format, apps });
  const foreign = foreignTags(
    tags.filter(({ name }) => format.parse(name) === undefined),
    apps,
  );
  const whole = foreign.filter(({ app }) => app === undefined);
  const common = format.namesApps ? whole.filter(({ counts }) => counts) : [];
  return apps
    .filter(({ name }) => selected.has(name))
    .map((app) => {
      const mine = own.get(app.name) ?? [];
      const named = foreign.filter((tag) => tag.app === app.name || (tag.app === undefined && !format.namesApps));
      return mine.length > 0
        ? { app, tags: mine, common: false, foreign: undefined }
        : named.length > 0
          ? { app, tags: [], common: false, foreign: highestForeign(named) }
          : { app, tags: common, common: true, foreign: common.length > 0 ? undefined : whole[0] };
    });
}

/** The changes of one app between two of its releases, or up to its first: for the notes of a release that lacks them. */
export async function changesBetween(
  git: Git,
  { app, tag, previous }: { app: App; tag: AppTag; previous: AppTag | undefined },
): Promise<Change[]> {
  const head = tag.commit;
  const history = await readHistory(git, {
    head,
    releases: [previous === undefined ? [] : [previous]],
    firstDepth: FIRST_RELEASE_DEPTH,
  });
  const changes = await readChanges(git, history, { head, bases: [previous] });
  return changes
    .filter((change) => touchedApps([app], change.paths).length > 0)
    .map((change) => asDependent(app, change));
}

/**
 * The changes of each app.
 *
 * @param places where the folders were at the last release: a change from before a move touched the app there
 */
function changesByApp(
  changes: readonly Change[],
  chosen: readonly { app: App }[],
  places: ReadonlyMap<App, string | undefined>,
): Map<App, Change[]> {
  const apps = chosen.map(({ app }) => app);
  const byApp = new Map<App, Change[]>(apps.map((app) => [app, []]));
  const owners = appsByPath(apps);
  const touched = changes.map(({ paths }) => new Set(paths.flatMap((path) => owners(path))));
  const moves = apps.flatMap((app) => {
    const was = places.get(app) ?? app.path;
    return was === app.path
      ? []
      : [{ app, was: { ...app, path: was }, at: touched.findLastIndex((of) => of.has(app)) }];
  });
  const only = onlyApp(apps);
  for (const [index, change] of changes.entries()) {
    const before = moves.filter(({ was, at }) => index > at && touchedApps([was], change.paths).length > 0);
    const asked = change.paths.length > 0 ? [] : apps.filter((app) => speaksOf(app, change, only));
    for (const app of new Set([...(touched[index] ?? []), ...before.map((move) => move.app), ...asked])) {
      byApp.get(app)?.push(asDependent(app, change));
    }
  }
  return byApp;
}

/** A change as the app sees it: one of a package that it depends on is told as such. */
function asDependent(app: App, change: Change): Change {
  const { dependencies = [], ...own } = app;
  const dependency = dependencies
    .filter((folder) => change.paths.some((path) => liesIn(path, folder)))
    .sort((a, b) => b.length - a.length)[0];
  return dependency === undefined || touchedApps([own], change.paths).length > 0 ? change : { ...change, dependency };
}

/**
 * Whether an empty commit is for an app although it changes none: it asks for a version, or it says of the only app what the
 * release is, as `feat: …` does. Its type must be one that the specification gives a meaning, since others say nothing here.
 */
function speaksOf(app: App, { sha, merge, said }: Change, only: App | undefined): boolean {
  const meant = said.breaking.length > 0 || said.type === 'feat' || said.type === 'fix';
  if (app === only && meant && sha !== merge) {
    return true;
  }
  return said.footers.some((footer) => {
    const asked = readReleaseAs(footer);
    return asked !== undefined && ('unreadable' in asked ? only?.name : (asked.app ?? only?.name)) === app.name;
  });
}

/** The app that is the whole repository. */
function onlyApp(apps: readonly App[]): App | undefined {
  return apps.length === 1 && apps[0]?.path === '.' ? apps[0] : undefined;
}

/** Commits that change nothing and ask for a version of what is no app, or of nobody knows which. */
function unheardWishes(changes: readonly Change[], apps: readonly App[]): { sha: string; footer: string }[] {
  const only = onlyApp(apps);
  return changes
    .filter((change) => change.paths.length === 0 && !apps.some((app) => speaksOf(app, change, only)))
    .flatMap(({ sha, said }) => said.footers.map((footer) => ({ sha, footer })))
    .filter(({ footer }) => readReleaseAs(footer) !== undefined)
    .map(({ sha, footer }) => ({ sha, footer: `${footer.token}: ${footer.value}` }));
}

/**
 * The tags that decide how much history is needed, in their order: the highest of all, because a prerelease pulls the next
 * release up to it; and the highest stable one, since which the changes are told.
 */
function deciding(tags: readonly AppTag[]): (readonly AppTag[])[] {
  return [tags, relevantTags(tags, undefined)];
}

function relationTo(head: string, history: History): (commit: string) => Relation {
  const reach = history.reach(head);
  const after = new Map<string, boolean>();
  return (commit) => {
    if (commit === head) {
      return 'head';
    }
    if (reach.has(commit)) {
      return 'ancestor';
    }
    const follows = after.get(commit) ?? history.span(commit, head).connected;
    after.set(commit, follows);
    return follows
      ? 'descendant'
      : history.relation(head, commit) === 'elsewhere' || history.whole
        ? 'diverged'
        : 'unknown';
  };
}

async function readChanges(
  git: Git,
  history: History,
  { head, bases }: { head: string; bases: readonly (AppTag | undefined)[] },
): Promise<Change[]> {
  const shas = new Set(bases.flatMap((base) => spanSince(history, head, base)));
  return toChanges(await readCommits(git, [...shas]), history, head);
}

/** Commits since a release, without those at the boundary of a shallow clone: these seem to add every file. */
function spanSince(history: History, head: string, base: AppTag | undefined): string[] {
  const limit = base === undefined ? FIRST_RELEASE_COMMITS : undefined;
  return history.span(head, base?.commit, limit).commits.filter((commit) => !history.isBoundary(commit));
}
