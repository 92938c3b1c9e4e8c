import semver from 'semver';
import type { App } from '../apps/app.js';
import { firstFew } from '../report/first-few.js';
import { type Change, summarize } from './changes.js';
import { type ForeignTag, foreignReleases } from './foreign-tags.js';
import { isNoteworthy, type LevelRules, releaseLevel } from './level.js';
import type { MaintenanceLine } from './maintenance-line.js';
import { type Asked, type AskedVersion, isVersion, versionAskedFor } from './release-as.js';
import type { AppTag, TagFormat } from './tags.js';
import { isPrerelease, type Level, nextVersion } from './version.js';
import { withoutReverted } from './without-reverted.js';

/** Rules for releases. */
export interface ReleaseRules extends LevelRules {
  format: TagFormat;
  /** Version of an app's first release. */
  firstVersion: string;
  /** The versions that the branch is for, `undefined` for any. */
  line?: MaintenanceLine | undefined;
  /** Whether people chose the first version. */
  firstIsChosen?: boolean | undefined;
  /** What a feature raises before 1.0.0. */
  beforeOne?: Level | undefined;
  /** Versions that the run asks for, by app. */
  releaseAs?: ReadonlyMap<string, string> | undefined;
  /** Identifier of prereleases to make; `undefined` for stable releases. */
  prerelease: string | undefined;
}

/** A commit's relation to HEAD. `diverged`: neither ancestor nor descendant; `unknown`: a shallow clone is too short. */
export type Relation = 'head' | 'ancestor' | 'descendant' | 'diverged' | 'unknown';

/** Characters of a footer that a message shows. */
const MOST_SHOWN = 100;
/** Apps that a message names. */
const MOST_NAMED = 10;

/** Input for planning the release of one app. */
export interface AppFacts {
  app: App;
  /** Names of all apps of the repository. */
  apps: ReadonlySet<string>;
  /** Every release tag of the app on the server, highest version first. */
  tags: readonly AppTag[];
  relation(commit: string): Relation;
  /** The app's changes since a release, or from the beginning, newest first. */
  changesSince(base: AppTag | undefined): readonly Change[];
  /** The highest release of another format, for an app that has none of its own. */
  foreign?: ForeignTag | undefined;
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
  /** Something that people have to decide: `why` says what it is and what to do. Other apps go on. */
  | { kind: 'blocked'; app: App; last: AppTag | undefined; why: string }
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
 * - A version that people ask for, with the footer `Release-As` or the input, is released whatever the changes are.
 * - A version that is taken on another branch, or asked for and not higher than the last, is for people to decide.
 */
export function planRelease(facts: AppFacts, rules: ReleaseRules): Plan {
  const { app, relation } = facts;
  const relevant = relevantTags(facts.tags, rules.prerelease);
  const here = relevant.find(({ commit }) => relation(commit) === 'head');
  const wanted = rules.releaseAs?.get(app.name);
  if (here !== undefined && (wanted === undefined || semver.lte(wanted, here.version))) {
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
  // An empty commit may ask for a version, and so may one that is taken back: the word of people counts in any case.
  const footer = wanted === undefined ? versionAskedFor(app.name, all, facts.apps) : undefined;
  if (footer !== undefined && !isVersion(footer)) {
    return { kind: 'blocked', app, last, why: unclearWish(app, footer, facts.apps) };
  }
  const as = wanted ?? footer?.version;
  if (last !== undefined && asked === undefined && as === undefined) {
    return {
      kind: 'unchanged',
      app,
      last,
      ignored: fresh.length,
      undone: fresh.length === 0 && all.some(({ paths }) => paths.length > 0),
    };
  }
  return newRelease(facts, rules, { last, stable, fresh, level: level ?? asked ?? 'patch', as });
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
  const before = tags.filter(({ commit }) => ['ancestor', 'head'].includes(relation(commit)));
  return { last: relevantTags(before, prerelease)[0], stable: relevantTags(before, undefined)[0] };
}

interface Since {
  last: AppTag | undefined;
  stable: AppTag | undefined;
  fresh: readonly Change[];
  level: Level;
  /** The version that people asked for. */
  as: string | undefined;
}

function newRelease(facts: AppFacts, rules: ReleaseRules, { last, stable, fresh, level, as }: Since): Plan {
  const { app, tags, relation } = facts;
  const version = nextVersion({
    last: stable?.version,
    level,
    first: rules.firstVersion,
    prereleases: tags
      .filter((tag) => isPrerelease(tag.version) && ['ancestor', 'head'].includes(relation(tag.commit)))
      .map((tag) => tag.version),
    prerelease: rules.prerelease,
    beforeOne: rules.beforeOne,
    as,
    taken: tags.map((tag) => tag.version),
  });
  const tag = rules.format.name(app.name, version);
  // Two tags of one version, as with build metadata, are the same release.
  const taken = tags.find((one) => one.version === version);
  if (taken !== undefined && relation(taken.commit) === 'descendant') {
    return { kind: 'late', app, newest: taken };
  }
  const why =
    leavesLine(app, version, { last, line: rules.line, tags }) ??
    (taken === undefined
      ? (notHigher(app, version, { last, as }) ?? hasForeign(facts, rules, { last, version, as }))
      : takenElsewhere(app, taken, { tags, last, line: rules.line }));
  if (why !== undefined) {
    return { kind: 'blocked', app, last, why };
  }
  const changes = summarize(fresh).filter((change) => isNoteworthy(change, rules));
  return { kind: 'release', app, version, tag, previous: last, level, changes };
}

/** A wish that nobody can follow is not as good as none: another version than people asked for cannot be taken back. */
function unclearWish({ name }: App, wish: Exclude<Asked, AskedVersion>, apps: ReadonlySet<string>): string {
  if ('stranger' in wish) {
    const { stranger, version } = wish;
    return (
      `The footer "Release-As: ${stranger.slice(0, MOST_SHOWN)}=${version}" of a change of ${name} names no app of this ` +
      `repository, which has ${firstFew([...apps], MOST_NAMED)}. Expected for example "Release-As: ${name}=${version}". Write it as a ` +
      'footer of a new commit, which wins over earlier ones and may be empty, or use the input "release-as".'
    );
  }
  return (
    `The footer "Release-As: ${wish.unreadable.slice(0, MOST_SHOWN)}" asks for a version of ${name}, and is none. Expected ` +
    `three numbers, for example "Release-As: 1.0.0", or "Release-As: ${name}=1.0.0" for one app of several. Write it as a footer ` +
    'of a new commit, which wins over earlier ones and may be empty, or use the input "release-as".'
  );
}

function takenElsewhere(
  app: App,
  { name, version, commit }: AppTag,
  { tags, last, line }: { tags: readonly AppTag[]; last: AppTag | undefined; line: MaintenanceLine | undefined },
): string {
  const found =
    `The next release of ${app.name} is ${version}, but the tag "${name}" is already on the commit ${commit}, which is not ` +
    'in the history of this one. ';
  const mistake = 'If it was made by mistake, delete it (with its release) and run this again.';
  if (line !== undefined && last !== undefined && line.has(last.version)) {
    return (
      `${found}The branch "${line.branch}" goes on beside it: ask for a number of its own with the footer ` +
      `"Release-As: ${freeNumber(last.version, tags)}" or the input "release-as". ${mistake}`
    );
  }
  return (
    `${found}If it belongs to another branch, as that of a hotfix, merge that branch first, and the ` +
    'next number follows; to go on without what it has, ask for the number with the footer ' +
    `"Release-As: ${freeNumber(version, tags)}" or the input "release-as". ${mistake}`
  );
}

/** The lowest version with a higher last number that no tag has. */
function freeNumber(version: string, tags: readonly AppTag[]): string {
  const taken = new Set(tags.map((tag) => tag.version));
  const { major, minor, patch } = new semver.SemVer(version);
  const free = Array.from({ length: taken.size + 1 }, (_none, step) => `${major}.${minor}.${patch + step + 1}`);
  return free.find((candidate) => !taken.has(candidate)) ?? '';
}

/** Why a version does not belong to a branch of maintenance. Apps whose releases are of another line are free of it. */
function leavesLine(
  app: App,
  version: string,
  { last, line, tags }: { last: AppTag | undefined; line: MaintenanceLine | undefined; tags: readonly AppTag[] },
): string | undefined {
  return line === undefined || last === undefined || !line.has(last.version) || line.has(version)
    ? undefined
    : `The next release of ${app.name} is ${version}, and the branch "${line.branch}" is for ${line.name} only. Merge what ` +
        'asks for it into the main line instead and take it back here; or, where it belongs here, ask for a version of ' +
        `this line with the footer "Release-As: ${freeNumber(last.version, tags)}" or the input "release-as".`;
}

function hasForeign(
  { app, foreign }: AppFacts,
  { format, firstIsChosen }: ReleaseRules,
  { last, version, as }: { last: AppTag | undefined; version: string; as: string | undefined },
): string | undefined {
  const asked = as !== undefined || firstIsChosen === true;
  const example = format.name(app.name, '1.2.3');
  return last === undefined ? foreignReleases(app, foreign, { first: version, asked, example }) : undefined;
}

/** Why a version cannot follow the last one: one that people asked for, or a prerelease of an earlier word, can be lower. */
function notHigher(
  app: App,
  version: string,
  { last, as }: { last: AppTag | undefined; as: string | undefined },
): string | undefined {
  if (last === undefined || semver.gt(version, last.version)) {
    return undefined;
  }
  return as === undefined
    ? `The next prerelease of ${app.name} would be ${version}, which comes before ${last.name}: their words are compared as ` +
        'texts. Choose a word for "prerelease" that comes later in the alphabet, or ask for a higher version with the footer ' +
        '"Release-As:" or the input "release-as".'
    : `The release of ${app.name} was asked for as ${version}, but it has ${last.name} already, and a release is never ` +
        'followed by a lower one. Ask for a higher version: in the input "release-as", or with the footer "Release-As:" of ' +
        'a new commit, which wins over earlier ones.';
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
