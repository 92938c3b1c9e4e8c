import { isWithin } from '../policy/overlay-pattern.js';
import { generalOf } from './general-pattern.js';
import type { Shape } from './shape.js';
import { MOST_TOPS, type Shapes } from './shapes.js';
import type { Sketch } from './sketch.js';
import { environmentLines, overlayLines, suggestionsOf } from './suggestions.js';

/** Where the overlays are is not clear: the message says what to write into `ostack.yaml`. */
export class UnclearLayout extends Error {
  override name = 'UnclearLayout';

  /** @param answers contents for `ostack.yaml` of which each would do, as far as the message has some that name patterns */
  constructor(
    message: string,
    readonly answers: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Nothing in the tree looks like overlays. */
export class NoOverlays extends UnclearLayout {
  override name = 'NoOverlays';
}

/** What is looked for, for messages. */
const KNOWN =
  'overlays/<environment>/<app>, <group>/overlays/<environment>, apps/<environment>, apps/<app>/overlays/<environment>, ' +
  'environments/<environment>, <environment>/<app>, <app>/<environment>, clusters/<environment>/<app>, ' +
  'charts/<app>/values-<environment>.yaml and the like';

const WHERE = 'Say in ostack.yaml where they are';

/** Folders that a message names. */
const NAMED = 6;

/**
 * The error of a tree that shows no overlays: with lines for `ostack.yaml` that fit to its folders.
 *
 * @param declared the environments that the policy names
 */
export async function noOverlays(
  sketch: Sketch,
  found: Pick<Shapes, 'variants'>,
  declared?: readonly string[],
): Promise<NoOverlays> {
  const root = sketch.folders('');
  const folders = root.slice(0, NAMED).map((name) => {
    const inside = sketch.folders(name);
    return inside.length === 0 ? name : `${name} (with ${few(inside)})`;
  });
  const looked = `No overlays found. Looked for ${KNOWN}, with environments that are called as usual (staging, production, …).`;
  const there = `Found at the top: ${root.length === 0 ? 'no folder' : `${folders.join(', ')}${root.length > NAMED ? ', …' : ''}`}.`;
  const [variants] = found.variants;
  const doubt =
    variants === undefined
      ? ''
      : ` In ${variants.folder} there are ${few(variants.names)}, which no name says to be environments.`;
  const blocks = await suggestionsOf(sketch, found, declared);
  if (blocks.length === 0) {
    return new NoOverlays(`${looked} ${there}${doubt}\nAdd overlays/<environment>/<app>/kustomization.yaml.`);
  }
  const intro = variants === undefined ? WHERE : 'Name the environments in ostack.yaml, those that are some';
  return new NoOverlays(`${looked} ${there}${doubt}\n${oneOf(blocks, intro)}`);
}

/**
 * The error of folders of which some are called like environments, and others are not.
 *
 * @param further what has to be said too once the environments are named: contents for `ostack.yaml`, of which each would do
 */
export function doubtfulNames({ doubts }: Pick<Shapes, 'doubts'>, further: readonly string[]): UnclearLayout {
  const sentences = doubts.map(({ folder, known, unknown, deep, isElsewhere }) => {
    if (deep !== undefined) {
      const flat = known.filter((name) => !deep.includes(name));
      return `In ${folder}, folders of clusters are in ${few(deep)} and none in ${few(flat)}, and other apps may have more environments of both kinds.`;
    }
    return isElsewhere === true
      ? `In ${folder} there are ${few(unknown)}, where other apps have ${few(known)}, which are taken for environments.`
      : `In ${folder} there are ${few(known)}, which are taken for environments, and ${few(unknown)}, which may be some too.`;
  });
  const lines = environmentLines(namesOf(doubts));
  const blocks = further.length === 0 ? [lines] : further.map((more) => `${lines}${more}`);
  return new UnclearLayout(
    `${sentences.join('\n')}\n${oneOf(blocks, 'Name the environments in ostack.yaml, and add what is missing')}`,
  );
}

/** The environments beside which there are names in doubt. */
export function namesOf(doubts: Shapes['doubts']): string[] {
  return [...new Set(doubts.flatMap(({ known }) => known))];
}

/** The error of environments that do not all have the same shape. What is clear beside them is in each of the answers. */
export function unevenShapes({ uneven, shapes }: Pick<Shapes, 'uneven' | 'shapes'>): UnclearLayout {
  const sentences = uneven.map(
    ({ folder, patterns }) =>
      `The environments in ${folder === '' ? 'the root' : folder} differ: ${patterns.join(' and ')} fit some of them each.`,
  );
  const clear = [...new Set(shapes.map(({ pattern, owner }) => generalOf(pattern, owner)))];
  const ways = Math.max(...uneven.map(({ patterns }) => patterns.length));
  const answers = Array.from({ length: ways }, (_, index) =>
    together([...clear, ...uneven.flatMap(({ patterns }) => patterns[index] ?? patterns[0] ?? [])]),
  );
  const blocks = blocksOf(answers);
  return new UnclearLayout(`${sentences.join('\n')}\n${oneOf(blocks, WHERE)}`, blocks);
}

/** Patterns that may stand beside each other: without those that another one has already, or that would be inside of one. */
function together(patterns: readonly string[]): string[] {
  return [...new Set(patterns)].filter(
    (pattern) =>
      !patterns.some((other) => other !== pattern && (isWithin(pattern, other) || isCovered(pattern, other))),
  );
}

/** Whether a pattern is that of one app, of what another one is for all apps. */
function isCovered(pattern: string, general: string): boolean {
  const segments = general.split('/');
  const own = pattern.split('/');
  return (
    own.length === segments.length &&
    segments.every(
      (segment, index) => segment === own[index] || (segment === '{app}' && !/[{*]/.test(own[index] ?? '')),
    )
  );
}

/** The error of a tree that has two shapes at once. */
export function severalShapes(shapes: readonly Shape[]): UnclearLayout {
  const patterns = shapes.map(({ pattern }) => pattern);
  const blocks = blocksOf(patterns.map((pattern) => [pattern]));
  return new UnclearLayout(`Overlays may be at ${patterns.join(' or at ')}.\n${oneOf(blocks, WHERE)}`, blocks);
}

/** The error of more folders at the root than are looked at, some of which are apps and others are not. */
export function tooManyFolders(shapes: readonly Shape[]): UnclearLayout {
  const patterns = [...new Set(shapes.map(({ pattern, owner }) => generalOf(pattern, owner)))];
  const lines = overlayLines([...new Set(patterns.map((pattern) => ofAllTops(pattern, patterns)))]);
  return new UnclearLayout(
    `There are more than ${MOST_TOPS} folders at the top, and those that were looked into differ.\n` +
      `Say where the overlays are in ostack.yaml, as far as these lines fit:\n\n${lines}`,
    [lines],
  );
}

/** A pattern for all folders at the root where several have the same. */
function ofAllTops(pattern: string, patterns: readonly string[]): string {
  const end = pattern.slice(pattern.indexOf('/'));
  const isCommon = patterns.filter((each) => each.slice(each.indexOf('/')) === end).length > 1;
  return isCommon ? `${end.includes('{app}') ? '*' : '{app}'}${end}` : pattern;
}

function blocksOf(answers: readonly (readonly string[])[]): string[] {
  return [...new Set(answers.map(overlayLines))];
}

function oneOf(blocks: readonly string[], intro: string): string {
  return `${intro}${blocks.length > 1 ? ', with one of these' : ''}:\n\n${blocks.join('\nor\n\n')}`;
}

function few(names: readonly string[]): string {
  return names.length > NAMED ? `${names.slice(0, NAMED).join(', ')}, …` : names.join(', ');
}
