import type { App } from '../apps/app.js';
import { appsByPath, touchedApps } from '../apps/touched.js';
import type { Git } from '../git/git.js';
import { type Change, toChanges } from './changes.js';
import { readCommits } from './git/read-commits.js';
import { readHistory } from './git/read-history.js';
import { readTags } from './git/read-tags.js';
import { readUnchanged } from './git/read-unchanged.js';
import type { History } from './history.js';
import { type AppFacts, lastReleases, type Relation, relevantTags } from './plan.js';
import { readAskedVersion } from './release-as.js';
import { type AppTag, type TagFormat, tagsByApp } from './tags.js';

/** Most commits in the notes of a first release. */
const FIRST_RELEASE_COMMITS = 500;

/** Commits that a shallow clone should have for a first release. */
const FIRST_RELEASE_DEPTH = 50;

export interface FactsOptions {
  head: string;
  /** Every app of the repository, since tags are told apart by all their names. */
  apps: readonly App[];
  /** Names of those to release. */
  selected: ReadonlySet<string>;
  format: TagFormat;
  prerelease: string | undefined;
}

/**
 * Reads what planning needs for all selected apps together: the tags with one command, the commit ids with one, and the
 * commits since the releases with one.
 */
export async function gatherFacts(git: Git, options: FactsOptions): Promise<AppFacts[]> {
  const { head, apps, selected, format, prerelease } = options;
  const tags = tagsByApp(await readTags(git), { format, apps });
  const chosen = apps.filter(({ name }) => selected.has(name)).map((app) => ({ app, tags: tags.get(app.name) ?? [] }));
  const history = await readHistory(git, {
    head,
    tags: unique(chosen.flatMap((one) => deciding(one.tags, prerelease))),
    atLeast: chosen.some((one) => one.tags.length === 0) ? FIRST_RELEASE_DEPTH : 0,
  });
  const relation = relationTo(head, history);
  const known = chosen.map((one) => ({ ...one, relation }));
  const bases = known
    .filter((one) => !relevantTags(one.tags, prerelease).some(({ commit }) => relation(commit) === 'head'))
    .flatMap((one) => Object.values(lastReleases(one, prerelease)));
  const changes = changesByApp(await readChanges(git, history, { head, bases }), chosen);
  const same = await readUnchanged(git, {
    head,
    pairs: known.flatMap((one) => {
      const { last } = lastReleases(one, prerelease);
      return last === undefined || changes.get(one.app)?.length === 0 ? [] : [{ app: one.app, tag: last }];
    }),
  });
  // Cached: the same base is looked up many times, and computing a span takes as long as the history since the release.
  const spans = new Map<string | undefined, ReadonlySet<string>>();
  return known.map((one) => ({
    ...one,
    sameAs: (release) => same(one.app, release),
    changesSince: (base) => {
      const span = spans.get(base?.commit) ?? new Set(spanSince(history, head, base));
      spans.clear();
      spans.set(base?.commit, span);
      return changes.get(one.app)?.filter(({ sha }) => span.has(sha)) ?? [];
    },
  }));
}

/** The changes of one app between two of its releases, or up to its first: for the notes of a release that lacks them. */
export async function changesBetween(
  git: Git,
  { app, tag, previous }: { app: App; tag: AppTag; previous: AppTag | undefined },
): Promise<Change[]> {
  const head = tag.commit;
  const history = await readHistory(git, {
    head,
    ...(previous === undefined ? { tags: [], atLeast: FIRST_RELEASE_DEPTH } : { tags: [previous], atLeast: 0 }),
  });
  const changes = await readChanges(git, history, { head, bases: [previous] });
  return changes.filter((change) => touchedApps([app], change.paths).length > 0);
}

function changesByApp(changes: readonly Change[], chosen: readonly { app: App }[]): Map<App, Change[]> {
  const byApp = new Map<App, Change[]>(chosen.map(({ app }) => [app, []]));
  const owners = appsByPath(chosen.map(({ app }) => app));
  const only = chosen.length === 1 && chosen[0]?.app.path === '.' ? chosen[0].app : undefined;
  for (const change of changes) {
    const touched = change.paths.flatMap((path) => owners(path));
    // An empty commit changes no app, but it may ask for a version.
    const asked =
      change.paths.length > 0 ? [] : chosen.filter(({ app }) => asksFor(app, change, only)).map(({ app }) => app);
    for (const app of new Set([...touched, ...asked])) {
      byApp.get(app)?.push(change);
    }
  }
  return byApp;
}

function asksFor(app: App, { said }: Change, only: App | undefined): boolean {
  return said.footers.some(({ token, value }) => {
    const asked = token.toLowerCase() === 'release-as' ? readAskedVersion(value) : undefined;
    return asked !== undefined && (asked.app ?? only?.name) === app.name;
  });
}

/** The tags that decide how much history is needed: the newest that count, and the newest stable one. */
function deciding(tags: readonly AppTag[], prerelease: string | undefined): AppTag[] {
  const stable = relevantTags(tags, undefined);
  return [relevantTags(tags, prerelease)[0] ?? tags[0], stable[0]].filter((tag) => tag !== undefined);
}

function unique(tags: readonly AppTag[]): AppTag[] {
  return [...new Map(tags.map((tag) => [tag.name, tag])).values()];
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
    return follows ? 'descendant' : history.whole ? 'diverged' : 'unknown';
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
