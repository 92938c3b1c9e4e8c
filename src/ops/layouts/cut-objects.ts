import { posix } from 'node:path';
import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import { type Deployment, deploymentsOf, type EnvironmentNames, type FoundFolder } from './deployments.js';
import { patternOfFile } from './layout-of-deployments.js';
import type { ObjectFiles } from './object-files.js';
import { UnclearLayout } from './unclear-layout.js';

/** So many patterns of folders that were read say that those which were not have further ones. */
const MOST_PATTERNS = 6;

/**
 * Patterns that stand for the files of all apps in folders of which only a part was read: `argocd/{app}-{environment}.yaml`
 * where every file that was read is called so.
 *
 * @returns the patterns, and the carriers that no pattern stands for
 */
export function patternsOfCut(
  { files, cut }: ObjectFiles,
  carriers: readonly Deployment[],
  names: EnvironmentNames,
): { patterns: string[]; others: Deployment[] } {
  const general = carriers.map((each) => generalOf(patternOfFile(each.path, each.environment, names), each.app));
  const certain = [...cut].flatMap((folder) => {
    const read = files.filter(({ path }) => posix.dirname(path) === folder).length;
    const here = general.filter((_, index) => posix.dirname(carriers[index]?.path ?? '') === folder);
    return here.length === read && new Set(here).size === 1 ? here.slice(0, 1) : [];
  });
  const patterns = [...new Set(certain)].filter((pattern) => pattern.includes('{app}'));
  return { patterns, others: carriers.filter((_, index) => !patterns.includes(general[index] ?? '')) };
}

/** The pattern of a file for all apps, where its name is that of the app, or has it at one of its ends. */
function generalOf(pattern: string, app: string): string {
  const { dir, name, ext } = posix.parse(pattern);
  const ways: [boolean, string][] = [
    [name === app, '{app}'],
    [name.startsWith(`${app}-`), `{app}${name.slice(app.length)}`],
    [name.endsWith(`-${app}`), `${name.slice(0, -app.length)}{app}`],
  ];
  const [, general] = ways.find(([fits]) => fits) ?? [];
  return general === undefined ? pattern : posix.join(dir, `${general}${ext}`);
}

/**
 * The error of a folder that has more objects than are read, of which those that were do not fit into one pattern: the others
 * cannot be known.
 *
 * @returns `undefined` where each of the apps that have places for themselves is told by a file whose folder was read whole
 */
export function cutProblem(
  { cut }: ObjectFiles,
  told: readonly Deployment[],
  layout: Layout,
): UnclearLayout | undefined {
  const partly = told.find(({ file, app }) => {
    const isOwn = layout.apps?.has(app) === true || layout.further?.some((each) => each.app === app) === true;
    return cut.has(posix.dirname(file)) && (isOwn || layout.templates.length > MOST_PATTERNS);
  });
  if (partly === undefined) {
    return undefined;
  }
  return new UnclearLayout(
    `${posix.dirname(partly.file)} has more files with objects of Flux and Argo CD than are read, and those that were do not ` +
      `fit into one pattern.\n${linesToSay(layout)}`,
  );
}

/**
 * The error of more deployed folders than are looked at, where those that were fit into no patterns that stand for the others
 * too.
 *
 * @param left the others; a path may have `*` for what is not known either
 * @returns `undefined` where the layout has each of them
 */
export function unlookedProblem(
  left: readonly FoundFolder[],
  layout: Layout,
  names: EnvironmentNames,
): UnclearLayout | undefined {
  const told = deploymentsOf(left, names).deployed.filter(({ path }) => !path.includes('*'));
  const open = left.filter(({ path }) => path.includes('*'));
  const missing = [
    ...told.filter(({ path, environment }) => environmentAt(layout, path) !== environment),
    ...open.filter(({ path }) => !mayBeOf(layout, path)),
  ];
  const [first] = missing;
  return first === undefined
    ? undefined
    : new UnclearLayout(
        `The objects of Flux and Argo CD deploy more folders than are looked at, and those that were fit into no pattern ` +
          `that has all of them: ${missing.length} are left, such as ${first.path} (${first.file}).\n${linesToSay(layout)}`,
      );
}

function environmentAt(layout: Layout, path: string): string | undefined {
  return (overlayOfPath(layout, path) ?? overlayOfPath(layout, `${path}/any`))?.environment;
}

/** Whether a path with `*` may be one of overlays that the layout has. */
function mayBeOf(layout: Layout, path: string): boolean {
  return (layout.environments ?? []).some((name) => environmentAt(layout, path.replaceAll('*', name)) !== undefined);
}

/** What to paste, as far as patterns are known. */
function linesToSay(layout: Layout): string {
  const known = [...new Set([...layout.templates, ...ownPatterns(layout)])];
  const general = generalOfAll(known);
  const some = general === undefined ? known.slice(0, 3) : [general];
  const lines = ['overlays:', ...some.map((pattern) => `  - "${pattern}"`)].join('\n');
  return `Say in ostack.yaml where the overlays are, as far as these lines fit:\n\n${lines}\n`;
}

/** The overlays that single apps have, with `{app}` for their names. */
function ownPatterns({ apps }: Layout): string[] {
  return [...(apps ?? [])].flatMap(([app, { overlay }]) =>
    overlay === undefined
      ? []
      : [
          overlay
            .split('/')
            .map((name) => (name === app ? '{app}' : name))
            .join('/'),
        ],
  );
}

/** One pattern for all of these, with `*` where their names differ; `undefined` where there is none that says an app. */
function generalOfAll(patterns: readonly string[]): string | undefined {
  const [first = [], ...others] = patterns.map((pattern) => pattern.split('/'));
  const isAlike = others.every(
    (other) => other.length === first.length && other.every((name, index) => isHolder(name) === isHolder(first[index])),
  );
  const general = first.map((name, index) => (others.every((other) => other[index] === name) ? name : '*'));
  return isAlike && general.includes('{app}') && general.includes('{environment}') && general[0] !== '*'
    ? general.join('/')
    : undefined;
}

function isHolder(name = ''): boolean {
  return name === '{app}' || name === '{environment}';
}
