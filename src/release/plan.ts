import semver from 'semver';
import type { App } from '../apps/app.js';
import { type Change, summarize } from './changes.js';
import { isNoteworthy, type LevelRules, releaseLevel } from './level.js';
import type { AppTag, TagFormat } from './tags.js';
import { isPrerelease, type Level, nextVersion } from './version.js';
import { withoutReverted } from './without-reverted.js';

/** Rules for releases. */
export interface ReleaseRules extends LevelRules {
  format: TagFormat;
  /** Version of an app's first release. */
  firstVersion: string;
  /** Identifier of prereleases to make; `undefined` for stable releases. */
  prerelease: string | undefined;
}

/** A commit's relation to HEAD. `diverged`: neither ancestor nor descendant; `unknown`: a shallow clone is too short. */
export type Relation = 'head' | 'ancestor' | 'descendant' | 'diverged' | 'unknown';

/** Input for planning the release of one app. */
export interface AppFacts {
  app: App;
  /** Every release tag of the app on the server, highest version first. */
  tags: readonly AppTag[];
  relation(commit: string): Relation;
  /** The app's changes since a release, or from the beginning, newest first. */
  changesSince(base: AppTag | undefined): readonly Change[];
  /** Whether the app's files at HEAD are those of a release. */
  sameAs(release: AppTag): boolean;
}

/** A release to make. */
export interface NewRelease {
  kind: 'release';
  app: App;
  version: string;
  tag: string;
  previous: AppTag | undefined;
  level: Level;
  /** Changes for the notes, newest first. */
  changes: readonly Change[];
}

/** The decision about one app, and its reason. */
export type Plan =
  | NewRelease
  | { kind: 'released'; app: App; tag: AppTag }
  | { kind: 'late'; app: App; newest: AppTag }
  | {
      kind: 'unchanged';
      app: App;
      last: AppTag | undefined;
      /** Changes that need no release. */
      ignored: number;
      /** Whether all that was changed has been taken back. */
      undone: boolean;
    };

/**
 * Plans the release of one app at HEAD.
 *
 * - HEAD has a release of the app: nothing new is released. A prerelease does not count when a stable one is asked for, so
 *   that `1.3.0-rc.2` can become `1.3.0` on the same commit.
 * - HEAD is an ancestor of a release of the app, because this run was slow: nothing is released.
 * - The app has no release yet: it gets its first one, even without changes that need a release.
 * - Otherwise the changes since the last release decide. A stable release is about everything since the last stable one,
 *   and a prerelease needs something new since the last one of any kind.
 * - What is taken back again is no change, and an app whose files are those of its last release has nothing to release.
 *
 * @throws Error when the next version's tag is on a commit outside this history
 */
export async function planRelease(facts: AppFacts, rules: ReleaseRules): Promise<Plan> {
  const { app, relation } = facts;
  const relevant = relevantTags(facts.tags, rules.prerelease);
  const here = relevant.find(({ commit }) => relation(commit) === 'head');
  if (here !== undefined) {
    return { kind: 'released', app, tag: here };
  }
  const newest = relevant[0];
  if (newest !== undefined && relation(newest.commit) === 'descendant') {
    return { kind: 'late', app, newest };
  }
  const { last, stable } = lastReleases(facts, rules.prerelease);
  const all = facts.changesSince(last);
  const same = last !== undefined && facts.sameAs(last);
  const fresh = same ? [] : remaining(all);
  const asked = releaseLevel(summarize(fresh), rules);
  const level = last === stable ? asked : releaseLevel(summarize(remaining(facts.changesSince(stable))), rules);
  if (last !== undefined && asked === undefined) {
    return { kind: 'unchanged', app, last, ignored: fresh.length, undone: fresh.length === 0 && all.length > 0 };
  }
  return newRelease(facts, rules, { last, stable, fresh, level: level ?? asked ?? 'patch' });
}

/**
 * The changes without those that are taken back again. Where nothing is left although files differ, a revert took back less
 * than its message says: then it is a change itself.
 */
function remaining(changes: readonly Change[]): readonly Change[] {
  const left = withoutReverted(changes);
  return left.length > 0 ? left : changes.filter(({ said }) => said.reverts !== undefined);
}

/** The tags that a release depends on: for a stable release the stable ones, for a prerelease all. */
export function relevantTags(tags: readonly AppTag[], prerelease: string | undefined): readonly AppTag[] {
  return prerelease === undefined ? tags.filter(({ version }) => !isPrerelease(version)) : tags;
}

/** The last release before HEAD that the next one follows, and the last stable one. */
export function lastReleases(
  { tags, relation }: Pick<AppFacts, 'tags' | 'relation'>,
  prerelease: string | undefined,
): { last: AppTag | undefined; stable: AppTag | undefined } {
  const before = tags.filter(({ commit }) => relation(commit) === 'ancestor');
  return { last: relevantTags(before, prerelease)[0], stable: relevantTags(before, undefined)[0] };
}

interface Since {
  last: AppTag | undefined;
  stable: AppTag | undefined;
  fresh: readonly Change[];
  level: Level;
}

function newRelease(facts: AppFacts, rules: ReleaseRules, { last, stable, fresh, level }: Since): Plan {
  const { app, tags, relation } = facts;
  const version = nextVersion({
    last: stable?.version,
    level,
    first: rules.firstVersion,
    prereleases: tags
      .filter((tag) => isPrerelease(tag.version) && ['ancestor', 'head'].includes(relation(tag.commit)))
      .map((tag) => tag.version),
    prerelease: rules.prerelease,
    taken: tags.map((tag) => tag.version),
  });
  const tag = rules.format.name(app.name, version);
  const taken = tags.find(({ name }) => name === tag);
  if (taken !== undefined && relation(taken.commit) === 'descendant') {
    return { kind: 'late', app, newest: taken };
  }
  if (taken !== undefined) {
    throw new Error(
      `The next release of ${app.name} is ${version}, but the tag "${tag}" is already on the commit ${taken.commit}, which ` +
        'is not in the history of this one. If it was made by mistake, delete it (with its release) and run this again; ' +
        'if it belongs to another branch, merge that branch first.',
    );
  }
  const changes = summarize(fresh).filter((change) => isNoteworthy(change, rules));
  return { kind: 'release', app, version, tag, previous: last, level, changes };
}

/**
 * The release before an existing one: the next lower version in its history, for a stable one the next lower stable
 * version. In a shallow clone that is too short, the next lower version.
 */
export function previousRelease(tag: AppTag, { tags, relation }: AppFacts): AppTag | undefined {
  return relevantTags(tags, isPrerelease(tag.version) ? 'any' : undefined).find(
    ({ version, commit }) =>
      semver.lt(version, tag.version) && ['head', 'ancestor', 'unknown'].includes(relation(commit)),
  );
}
