import type { Layout } from './layout.js';

/** Names of folders that hold what environments share, or what belongs to none: never an environment. */
const NEVER = new Set([
  'base',
  'bases',
  'charts',
  'common',
  'components',
  'crds',
  'default',
  'environments',
  'envs',
  'flux-system',
  'lib',
  'overlays',
  'shared',
  'templates',
]);

/**
 * Whether a folder in the place of environments can be one by its name: none that holds what environments share (`base`,
 * `common`, …), is hidden, or begins with `_`.
 */
export function canBeEnvironment(name: string): boolean {
  return !NEVER.has(name) && !name.startsWith('.') && !name.startsWith('_');
}

/** Whether a folder in the place of environments is one: where the layout names them, no other folder is. */
export function isEnvironment(layout: Pick<Layout, 'environments' | 'hasUsual'>, name: string): boolean {
  const { environments, hasUsual } = layout;
  return environments === undefined
    ? canBeEnvironment(name)
    : environments.includes(name) || (hasUsual === true && canBeEnvironment(name) && isUsualEnvironment(name));
}

/** Words that environments are called by. */
const WORDS = new Set(
  (
    'local dev devel development test testing tst int integration qa uat perf acceptance stage staging stg preprod ' +
    'preproduction nonprod sandbox sbox sbx demo canary prod production prd live'
  ).split(' '),
);

/** Those that folders of other kinds are called by too. */
const AMBIGUOUS = new Set('local test testing int integration acceptance perf demo canary live'.split(' '));

/** Whether a name tells an environment only where others are beside it: folders of an app's tests are called `test` too. */
export function isAmbiguous(name: string): boolean {
  return AMBIGUOUS.has(name);
}

/** What stands beside such a word: a part of the world, a number, one of several clusters. */
const BESIDE =
  /^(\d+|[a-z]|pre|non|eu|us|ap|sa|ca|af|me|uk|de|fr|asia|europe|america|global|(north|south|east|west|central|middle)+|(eu|us|ap|sa|ca|af|me)?[nsewc]{1,2}\d|primary|secondary|dr|blue|green|cluster\d*|region\d*|zone\d*)$/;

/** Whether a name is one that environments usually have: `staging`, `prod-eu`, `eu-west-1-production`, `dev2`. */
export function isUsualEnvironment(name: string): boolean {
  const parts = partsOf(name);
  return parts.some(isWord) && parts.every((part) => isWord(part) || BESIDE.test(part));
}

/**
 * Whether a name in a folder `overlays` is that of an environment: it begins or ends with a word for one, whatever is beside
 * it, such as the name of a cluster. Folders `overlays` hold variants of other kinds too: `default`, `with-tls`.
 */
export function namesEnvironment(name: string): boolean {
  const parts = partsOf(name);
  return [parts[0], parts.at(-1)].some((part) => part !== undefined && isWord(part));
}

function partsOf(name: string): string[] {
  return name.toLowerCase().split(/[-_.]/);
}

function isWord(part: string): boolean {
  return WORDS.has(part.replace(/(?<!\d)\d+$/, ''));
}

/** Whether a name is that of a part of the world or of one of several clusters: `eu-1`, `us-east-1`, `cluster-2`. */
export function isRegion(name: string): boolean {
  const parts = partsOf(name);
  return parts.every((part) => BESIDE.test(part)) && !/^([a-z]|\d+)$/.test(name);
}

/** Whether a name is an environment's: one that the policy names, or without those one that is called as usual. */
export function environmentTest(declared: readonly string[] | undefined): (name: string) => boolean {
  return declared === undefined ? isUsualEnvironment : (name) => declared.includes(name);
}
