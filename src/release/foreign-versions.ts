import semver from 'semver';

/** The version in the name of a tag, as other tools write it. */
export interface ForeignVersion {
  /** What is before the version and its mark: `shop@` of `shop@v1.4.0`. */
  before: string;
  /** `v`, `V`, `v.` or nothing. */
  mark: string;
  /** As a semantic version; numbers that are not there are 0. */
  version: string;
  /** What is after it and belongs to every release: `.Final` of `2.4.0.Final`. */
  after: string;
  /** Whether it counts days. */
  dated: boolean;
  /** Whether it has the three numbers of a semantic version. */
  counts: boolean;
}

/** From this number on, a version is a year. */
const FIRST_YEAR = 1990;

/** Two to four numbers with one sign between them, or a day in eight digits; what is before them, and what is after. */
const TAG =
  /^(.{0,150}?)(v\.?|)(?:(\d{1,9})([._-])(\d{1,9})(?:\4(\d{1,9})(?:\4(\d{1,9}))?)?|((?:19|20)\d{6}))(\D.*|)$/is;

/** What some write after each release that is done. */
const DONE = /^[.-](?:final|ga|release)$/i;

/** A prerelease and maybe a build of Semantic Versioning. */
const SEMANTIC = /^(?:-[0-9A-Za-z.-]{1,100})?(?:\+[0-9A-Za-z.-]{1,100})?$/;

/** A step on the way to a release, where it is not written as Semantic Versioning does: `.M1`, `.CR1`, `rc1`, `.dev3`. */
const STEP = /^[._-]?((?:alpha|a|beta|b|m|pre|cr|rc|dev|snapshot|build-snapshot)[._-]?\d{0,9})$/i;

/** One after a release: `.SP1`, `.SR2`, `.post1`, `-p1`. */
const LATER = /^[._-]?(?:sp|sr|post|patch|p)[._-]?\d{1,9}$/i;

/**
 * Reads the version at the end of a tag.
 *
 * @returns `undefined` where it has none, or something follows that no known tool writes
 */
export function readForeignVersion(tag: string): ForeignVersion | undefined {
  const [, before = '', mark = '', major, , minor = '', patch, fourth, day, rest = ''] = TAG.exec(tag) ?? [];
  const end = readEnd(rest);
  if (end === undefined || (major === undefined && day === undefined)) {
    return undefined;
  }
  const numbers = major === undefined ? [day, '0', '0'] : [major, minor, patch ?? '0'];
  const version = semver.parse(`${numbers.map(Number).join('.')}${end.prerelease}`)?.version;
  const dated =
    day !== undefined || Number(major) >= FIRST_YEAR || [minor, patch, fourth].some((one) => /^0\d/.test(one ?? ''));
  const counts = !dated && patch !== undefined && fourth === undefined;
  return version === undefined ? undefined : { before, mark, version, after: end.after, dated, counts };
}

/** What follows on the numbers: the prerelease that it stands for, and what every release has. */
function readEnd(rest: string): { prerelease: string; after: string } | undefined {
  if (DONE.test(rest)) {
    return { prerelease: '', after: rest };
  }
  if (SEMANTIC.test(rest)) {
    return { prerelease: rest.split('+', 1)[0] ?? '', after: '' };
  }
  const step = STEP.exec(rest)?.[1];
  return step === undefined
    ? LATER.test(rest)
      ? { prerelease: '', after: '' }
      : undefined
    : { prerelease: `-${step.replace(/[._-]/g, '')}`, after: '' };
}
