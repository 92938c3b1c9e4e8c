import { canBeEnvironment, isUsualEnvironment } from '../overlays/environment-name.js';
import { tellsShape } from '../overlays/top-folders.js';
import { spread } from './app-samples.js';
import { clusterForms } from './cluster-forms.js';
import { findsApps } from './finds-apps.js';
import { OF_APPS, OF_ENVIRONMENTS } from './folder-words.js';
import type { Shapes } from './shapes.js';
import type { Sketch } from './sketch.js';
import { valuesFiles } from './values-files.js';

/** Names that a list of environments has at most. */
const NAMED = 8;

/** Patterns that a message shows at most. */
const SHOWN = 3;

/** Patterns that are tried, and folders that are looked at for each level, so that a message has its price, too. */
const MOST = { tried: 8, folders: 100, inside: 6 };

/** What stands in the place of an environment in files of Helm values, and is none. */
const NO_ENVIRONMENTS = new Set(['schema', 'example', 'sample', 'template', 'secret', 'secrets', 'global']);

/**
 * Contents for `ostack.yaml`, of which one may say where overlays are that nothing else tells. Each pattern finds apps: that is
 * tried. Looks two levels deeper than a shape is looked for, and at what the patterns lead to: a run that ends with a
 * question takes some requests more.
 *
 * @param declared the environments that the policy names: what is suggested finds apps in one of these
 */
export async function suggestionsOf(
  sketch: Sketch,
  { variants }: Pick<Shapes, 'variants'>,
  declared?: readonly string[],
): Promise<string[]> {
  const names = [...new Set(variants.flatMap((each) => each.names))];
  if (names.length > 0) {
    return [environmentLines(names.slice(0, NAMED))];
  }
  await lookDeeper(sketch);
  const some = await working(
    sketch,
    [...valuesFilesIn(sketch), ...environmentFiles(sketch), ...overlayFolders(sketch, declared ?? [])],
    declared,
  );
  return (some.length > 0 ? some : await working(sketch, guesses(sketch), declared)).map(linesOf);
}

/** A pattern, with the environments where other files are called in the same way. */
interface Suggestion {
  pattern: string;
  /** Further patterns of the same kind: those of other clusters. */
  beside?: readonly string[];
  environments?: readonly string[];
}

function linesOf({ pattern, beside = [], environments = [] }: Suggestion): string {
  return `${environments.length === 0 ? '' : environmentLines(environments)}${overlayLines([pattern, ...beside])}`;
}

/** Lines that name environments. */
export function environmentLines(names: readonly string[]): string {
  return ['environments:', ...names.map((name) => `  ${name}: {}`), ''].join('\n');
}

/** Lines that say where overlays are. */
export function overlayLines(patterns: readonly string[]): string {
  return ['overlays:', ...patterns.map((pattern) => `  - "${pattern}"`), ''].join('\n');
}

/** Those that lead to apps. */
async function working(
  sketch: Sketch,
  all: readonly Suggestion[],
  declared: readonly string[] | undefined,
): Promise<Suggestion[]> {
  const some = all.slice(0, MOST.tried);
  const works = await Promise.all(
    some.map(({ pattern, environments }) =>
      findsApps(sketch.tree, { templates: [pattern], environments: declared ?? environments }),
    ),
  );
  return some.filter((_, index) => works[index]).slice(0, SHOWN);
}

async function lookDeeper(sketch: Sketch): Promise<void> {
  const tops = topsOf(sketch);
  const inside = tops.flatMap((top) => below(sketch, top));
  await sketch.look(inside.slice(0, MOST.folders));
  const inner = inside.flatMap((folder) => spread(below(sketch, folder), MOST.inside));
  await sketch.look(inner.slice(0, MOST.folders).flatMap((folder) => [folder, `${folder}/overlays`]));
}

/** The folders at the root that may tell something, those first that hold apps or environments by their names. */
function topsOf(sketch: Sketch): string[] {
  const tops = sketch.folders('').filter((top) => tellsShape(top) && (canBeEnvironment(top) || isLikely(top)));
  return [...tops.filter(isLikely), ...tops.filter((top) => !isLikely(top))];
}

function below(sketch: Sketch, folder: string): string[] {
  return sketch.folders(folder).map((name) => `${folder}/${name}`);
}

/** Files of Helm values that have names of environments which nothing knows; those with usual names first. */
function valuesFilesIn(sketch: Sketch): Suggestion[] {
  const found = sketch.known().flatMap((folder) => {
    const above = folder.split('/').slice(0, -1);
    const start = folder === '' ? '' : `${[...above, OF_APPS.has(folder) ? folder : '{app}'].join('/')}/`;
    return valuesFiles(sketch.files(folder)).map((each) => ({ ...each, pattern: `${start}${each.pattern}` }));
  });
  const patterns = [...new Set(found.map(({ pattern }) => pattern))].flatMap((pattern) => {
    const same = found.filter((each) => each.pattern === pattern);
    const names = [...new Set(same.flatMap((each) => each.names))].filter(isPossible);
    const usual = names.filter(isUsualEnvironment);
    if (same.some((each) => each.isCertain)) {
      return names.length > 0 ? [{ pattern, usual }] : [];
    }
    return usual.length > 1 ? [{ pattern, usual, environments: usual }] : [];
  });
  return patterns.sort((one, other) => Number(other.usual.length > 0) - Number(one.usual.length > 0));
}

function isPossible(name: string): boolean {
  return canBeEnvironment(name) && !NO_ENVIRONMENTS.has(name);
}

/** Files that are called after several environments, in a folder of any name. */
function environmentFiles(sketch: Sketch): Suggestion[] {
  return sketch.known().flatMap((folder) => {
    const names = sketch.files(folder).flatMap((name) => /^(.+)\.yaml$/.exec(name)?.[1] ?? []);
    const environments = names.filter(isUsualEnvironment);
    return folder !== '' && environments.length > 1 ? [{ pattern: `${folder}/{environment}.yaml`, environments }] : [];
  });
}

/** Folders `overlays` in what may be apps, deeper than they are looked for, or with folders of clusters in them. */
function overlayFolders(sketch: Sketch, declared: readonly string[]): Suggestion[] {
  const found = sketch.known().flatMap((folder) => {
    const [last, , ...above] = folder.split('/').reverse();
    const start = `${[...above].reverse().join('/')}/{app}/overlays`;
    return last === 'overlays' && above.length > 0 && sketch.folders(folder).some(canBeEnvironment)
      ? [{ start, forms: clusterForms(sketch.folders(folder), declared).map(({ form }) => form) }]
      : [];
  });
  return [...new Set(found.map(({ start }) => start))].map((start) => {
    const forms = new Set(found.filter((each) => each.start === start).flatMap((each) => each.forms));
    const [pattern = `${start}/{environment}`, ...beside] = [...forms].map((form) => `${start}/${form}`);
    return { pattern, beside };
  });
}

function isLikely(top: string): boolean {
  return OF_APPS.has(top) || OF_ENVIRONMENTS.has(top);
}

/** Patterns that fit to the folders, whatever they are. */
function guesses(sketch: Sketch): Suggestion[] {
  const tops = topsOf(sketch).filter((top) => sketch.folders(top).some(canBeEnvironment));
  return tops.flatMap((top) => {
    const inside = below(sketch, top);
    // A chart is an app, and what is in it is no environment.
    const isChart = sketch.known().some((folder) => isIn(folder, top) && sketch.files(folder).includes('Chart.yaml'));
    const isDeep = inside.some((folder) => sketch.folders(folder).some(canBeEnvironment));
    const ways = isDeep ? [`${top}/{environment}/{app}`, `${top}/{app}/{environment}`] : [`${top}/{environment}`];
    return isChart ? [] : ways.map((pattern) => ({ pattern }));
  });
}

function isIn(folder: string, top: string): boolean {
  return folder === top || folder.startsWith(`${top}/`);
}
