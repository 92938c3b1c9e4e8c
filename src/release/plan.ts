import semver from 'semver';
import type { App } from '../apps/app.js';
import { type Change, summarize } from './changes.js';
import { isNoteworthy, type LevelRules, releaseLevel } from './level.js';
import type { AppTag, TagFormat } from './tags.js';
import { isPrerelease, type Level, nextVersion } from './version.js';

/** How releases are made. */
export interface ReleaseRules extends LevelRules {
  format: TagFormat;
  /** Version of an app's first release. */
  firstVersion: string;
  /** Identifier of prereleases to make; `undefined` for stable releases. */
  prerelease: string | undefined;
}

/** Where a commit is, seen from HEAD. `unknown`: a shallow clone does not tell. */
export type Relation = 'here' | 'before' | 'after' | 'elsewhere' | 'unknown';

/** What is known of one app at the moment of planning. */
export interface AppFacts {
  app: App;
  /** Every release tag of the app on the server, highest version first. */
  tags: readonly AppTag[];
  relation(commit: string): Relation;
  /** The app's changes since a release, or from the beginning, newest first. */
  changesSince(base: AppTag | undefined): readonly Change[];
}

/** A release to make. */
export interface NewRelease {
  kind: 'release';
  app: App;
  version: string;
  tag: string;
  previous: AppTag | undefined;
  level: Level;
  /** What the notes tell, newest first. */
  changes: readonly Change[];
}

/** What to do about one app, and why. */
export type Plan =
  | NewRelease
  | { kind: 'released'; app: App; tag: AppTag }
  | { kind: 'late'; app: App; newest: AppTag }
  | { kind: 'unchanged'; app: App; last: AppTag | undefined; ignored: number };

/**
 * Plans the release of one app at HEAD.
 *
 * - HEAD has a release of the app: that is the release. A prerelease does not count when a stable one is asked for, so
 *   that `1.3.0-rc.2` can become `1.3.0` on the same commit.
 * - HEAD comes before a release of the app: a slow run that finishes late; nothing is released.
 * - The app has no release yet: it gets its first, whatever its changes are.
 * - Otherwise the changes since the last release decide. A stable release is about everything since the last stable one,
 *   and a prerelease needs something new since the last one of any kind.
 *
 * @throws Error when the next version's tag is on a commit outside this history
 */
export async function planRelease(facts: AppFacts, rules: ReleaseRules): Promise<Plan> {
  const { app, relation } = facts;
  const relevant = relevantTags(facts.tags, rules.prerelease);
  const here = relevant.find(({ commit }) => relation(commit) === 'here');
  if (here !== undefined) {
    return { kind: 'released', app, tag: here };
  }
  const newest = relevant[0];
  if (newest !== undefined && relation(newest.commit) === 'after') {
    return { kind: 'late', app, newest };
  }
  const { last, stable } = lastReleases(facts, rules.prerelease);
  const fresh = facts.changesSince(last);
  const asked = await releaseLevel(summarize(fresh), rules);
  const level = last === stable ? asked : await releaseLevel(summarize(facts.changesSince(stable)), rules);
  if (last !== undefined && (asked === undefined || level === undefined)) {
    return { kind: 'unchanged', app, last, ignored: fresh.length };
  }
  return newRelease(facts, rules, { last, stable, fresh, level: level ?? 'patch' });
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
  const before = tags.filter(({ commit }) => relation(commit) === 'before');
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
      .filter((tag) => isPrerelease(tag.version) && ['before', 'here'].includes(relation(tag.commit)))
      .map((tag) => tag.version),
    prerelease: rules.prerelease,
    taken: tags.map((tag) => tag.version),
  });
  const tag = rules.format.name(app.name, version);
  const taken = tags.find(({ name }) => name === tag);
  if (taken !== undefined && relation(taken.commit) === 'after') {
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
 * The release before one that exists: the next lower version in its history, of its own kind if it is stable. Where a
 * shallow clone does not tell, the next lower version.
 */
export function previousRelease(tag: AppTag, { tags, relation }: AppFacts): AppTag | undefined {
  return relevantTags(tags, isPrerelease(tag.version) ? 'any' : undefined).find(
    ({ version, commit }) =>
      semver.lt(version, tag.version) && ['here', 'before', 'unknown'].includes(relation(commit)),
  );
}
