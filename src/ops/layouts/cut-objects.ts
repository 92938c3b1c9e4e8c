import { posix } from 'node:path';
import type { Layout } from '../overlays/layout.js';
import type { Deployment, EnvironmentNames } from './deployments.js';
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
  const own = [...(layout.apps ?? [])].flatMap(([app, { overlay }]) =>
    overlay === undefined ? [] : [[app, overlay] as const],
  );
  const patterns = own.map(([app, overlay]) =>
    overlay
      .split('/')
      .map((name) => (name === app ? '{app}' : name))
      .join('/'),
  );
  const some = [...new Set([...layout.templates, ...patterns])].slice(0, 3);
  const lines = ['overlays:', ...some.map((pattern) => `  - "${pattern}"`)].join('\n');
  return new UnclearLayout(
    `${posix.dirname(partly.file)} has more files with objects of Flux and Argo CD than are read, and those that were do not ` +
      `fit into one pattern.\nSay in ostack.yaml where the overlays are, as far as these lines fit:\n\n${lines}\n`,
  );
}
