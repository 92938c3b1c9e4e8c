import { posix } from 'node:path';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { appOfReference } from '../overlays/app-of-reference.js';
import { canBeEnvironment, isRegion } from '../overlays/environment-name.js';
import type { Layout } from '../overlays/layout.js';
import { isFilePattern } from '../policy/overlay-pattern.js';
import type { AppPolicy } from '../policy/overlay-policy.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { Deployment, EnvironmentNames } from './deployments.js';
import { environmentIn } from './deployments.js';
import { type Below, belowEnvironment } from './environment-folder.js';
import { hasStemOf } from './object-environment.js';
import type { Sketch } from './sketch.js';

/** One overlay in one environment. */
interface Place {
  environment: string;
  /** A pattern of the same place in all environments. */
  template: string;
  /** The place itself, which may have `{app}`. */
  path: string;
  /** The app that has the place for itself; `undefined` where several share it. */
  app: string | undefined;
  /** Whether the place is one of a pattern with `{app}`, so that no other place of the app needs to be known. */
  isGeneral: boolean;
}

/** Names of folders and objects that say what is in them, and not which app. */
const GENERIC = new Set(
  (
    'app apps application applications workload workloads service services deployment deployments deploy manifest manifests ' +
    'k8s kubernetes kube kustomize kustomization gitops overlay overlays env envs environment environments stage stages ' +
    'cluster clusters base bases config configs infrastructure infra platform system addons releases components tenants ' +
    'teams charts chart helm argocd argo flux root main bootstrap values all ops'
  ).split(' '),
);

/** Names of files that hold one part of an app each. */
const PARTS =
  /^(deploy(ment)?|service|svc|ingress|route|config-?map|secret|cron-?job|job|stateful-?set|daemon-?set|namespace|ns|hpa|pdb|pvc|rbac|role|role-?binding|service-?account|sa|network-?policy|service-?monitor|patch|all|app|manifest|resources)s?$/i;

/**
 * The layout that deployments come to: patterns where folders have the names of their environments and apps, places of
 * their own where they have others.
 *
 * @param sketch knows all folders that are deployed, with their kustomizations
 */
export function layoutOfDeployments(
  sketch: Sketch,
  deployed: readonly Deployment[],
  names: EnvironmentNames,
  apps: ReadonlyMap<string, AppPolicy>,
): Pick<Layout, 'templates' | 'apps' | 'places'> {
  const aligned = alignedNames(deployed, names);
  const own = deployed.filter((each) => !isBase(sketch, each, deployed, names));
  const all = unique(own.flatMap((each) => placesOf(sketch, each, names, aligned.get(each.path))));
  const places = all.map((place) => asShared(asOwn(place, all), all));
  const templates = new Set<string>();
  const paths = new Map<string, Map<string, string>>();
  const owners = new Map<string, string>();
  for (const { environment, template, path, app: name, isGeneral } of places) {
    const app = isGeneral ? undefined : name;
    const owned = app === undefined ? undefined : (owners.get(app) ?? template);
    const key = freeKey(paths, owned ?? template, environment, path);
    paths.set(key, (paths.get(key) ?? new Map<string, string>()).set(environment, path));
    if (app === undefined) {
      templates.add(key);
    } else {
      owners.set(app, key);
    }
  }
  const odd = [...paths].filter(([template, own]) =>
    [...own].some(([environment, path]) => template.replaceAll('{environment}', environment) !== path),
  );
  const withOwn = [...owners].map(
    ([app, overlay]) => [app, { images: [], ...apps.get(app), overlay: apps.get(app)?.overlay ?? overlay }] as const,
  );
  return { templates: [...templates], apps: new Map([...apps, ...withOwn]), places: new Map(odd) };
}

/** A key under which the environment has no other place. */
function freeKey(
  paths: ReadonlyMap<string, ReadonlyMap<string, string>>,
  template: string,
  environment: string,
  path: string,
): string {
  const other = paths.get(template)?.get(environment);
  return other === undefined || other === path ? template : freeKey(paths, `{environment}/${path}`, environment, path);
}

/** An app whose places do not all fit into one pattern has them for itself, so that they stay together. */
function asOwn(place: Place, all: readonly Place[]): Place {
  const { app, template, path } = place;
  const own = all.filter((each) => each.isGeneral && each.app === app);
  const isOne = own.every((each) => each.template === template);
  const isOnce = new Set(own.map(({ environment }) => environment)).size === own.length;
  if (!place.isGeneral || app === undefined || isOne || !isOnce) {
    return place;
  }
  const named = (pattern: string) => pattern.replaceAll('{app}', app);
  return { ...place, template: named(template), path: named(path), isGeneral: false };
}

/** A place for which objects have several names is not that of one app. */
function asShared(place: Place, all: readonly Place[]): Place {
  const isNamedTwice = all.some(
    ({ template, app, isGeneral }) => !isGeneral && template === place.template && app !== place.app,
  );
  return place.isGeneral || !isNamedTwice ? place : { ...place, app: undefined, isGeneral: true };
}

/**
 * Whether a folder that names no environment is one that other environments build on, so that a version in it would be
 * theirs too: by its name, or because what they deploy takes it in.
 */
function isBase(
  sketch: Sketch,
  { path, environment }: Deployment,
  all: readonly Deployment[],
  names: EnvironmentNames,
): boolean {
  const segments = path.split('/');
  if (markedEnvironment(segments, environment, names, undefined).isNamed) {
    return false;
  }
  return (
    !segments.every(canBeEnvironment) ||
    all.some((other) => other.environment !== environment && takesIn(sketch, other.path, path))
  );
}

function takesIn(sketch: Sketch, folder: string, path: string): boolean {
  const file = sketch.kustomization(folder);
  const taken = file === undefined ? [] : manifestReferences(file.text, file.path);
  return taken.some((reference) => `${posix.join(folder, reference)}/`.startsWith(`${path}/`));
}

/**
 * Which name in a path differs from environment to environment, where no path names its environment and the same object
 * of each deploys another one: `deploy/blue` and `deploy/green`.
 */
function alignedNames(deployed: readonly Deployment[], names: EnvironmentNames): Map<string, number> {
  const byRole = new Map<string, Deployment[]>();
  for (const each of deployed) {
    const role = `${each.app} ${posix.basename(each.file)}`;
    const isNamed = markedEnvironment(each.path.split('/'), each.environment, names, undefined).isNamed;
    byRole.set(role, [...(byRole.get(role) ?? []), ...(isNamed ? [] : [each])]);
  }
  const aligned = new Map<string, number>();
  for (const group of byRole.values()) {
    const paths = group.map(({ path }) => path.split('/'));
    const [first = []] = paths;
    const differing = first.flatMap((name, index) => (paths.every((path) => path[index] === name) ? [] : [index]));
    const [at, ...more] = differing;
    const isOnce = new Set(group.map(({ environment }) => environment)).size === group.length;
    if (at !== undefined && more.length === 0 && isOnce && paths.every((path) => path.length === first.length)) {
      for (const { path } of group) {
        aligned.set(path, at);
      }
    }
  }
  return aligned;
}

function unique(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

/** The overlays in what is deployed. */
function placesOf(
  sketch: Sketch,
  deployment: Deployment,
  names: EnvironmentNames,
  aligned: number | undefined,
): Place[] {
  const { environment, path, app } = deployment;
  const marked = markedEnvironment(path.split('/'), environment, names, aligned);
  const at = app === '' || GENERIC.has(app) ? -1 : marked.segments.lastIndexOf(app);
  if (at >= 0 && (marked.isNamed || isFilePattern(path))) {
    return [perApp(deployment, marked.segments, at)];
  }
  const compound = compoundApp(marked.segments);
  if (compound !== undefined && (compound.app === app || app === '') && !GENERIC.has(compound.app)) {
    return [perApp(deployment, marked.segments, compound.at, compound.app)];
  }
  if (at >= 0) {
    return [owned(deployment, withEnvironment(marked), app)];
  }
  return byContent(sketch, deployment, marked);
}

interface Marked {
  /** With `{environment}` where a name is that of the environment. */
  segments: string[];
  isNamed: boolean;
}

/** Puts `{environment}` where a path names its environment, in these words or others: `prod-eu` for `production`. */
export function markedEnvironment(
  segments: readonly string[],
  environment: string,
  names: EnvironmentNames,
  aligned: number | undefined,
): Marked {
  const own: EnvironmentNames = { ...names, declared: [environment] };
  // A folder may be called otherwise than the environment, whatever names the policy has.
  const others: EnvironmentNames = { ...names, declared: undefined };
  const ways = [own, others].flatMap((known) => [
    segments.findLastIndex((name) => environmentIn(name, known)?.rest === ''),
    segments.findLastIndex((name) => environmentIn(name, known) !== undefined),
  ]);
  const at = ways.find((index) => index >= 0) ?? aligned;
  const name = at === undefined ? undefined : segments[at];
  if (name === undefined) {
    return { segments: [...segments], isNamed: false };
  }
  const word = (environmentIn(name, own) ?? environmentIn(name, others))?.environment ?? name;
  const marked = name.replace(wordOf(word, environment), '{environment}');
  return { segments: segments.map((each, index) => (index === at ? marked : each)), isNamed: true };
}

/** The part of another name that stands for the environment: `prod` of `prod-eu`, for `production`. */
function wordOf(name: string, environment: string): string {
  const parts = name === environment ? [] : name.split('-');
  return parts.find((part) => hasStemOf(part, environment)) ?? name;
}

/** The app in a name that has the environment too: `web` of `web-{environment}`. */
function compoundApp(segments: readonly string[]): { at: number; app: string } | undefined {
  const at = segments.findIndex((segment) => segment.includes('{environment}') && segment !== '{environment}');
  const rest = (segments[at] ?? '').replace(/\.(ya?ml|json)$/, '').replace(/-?\{environment\}-?/, '');
  return at < 0 || rest === '' || !NAME_PATTERN.test(rest) || environmentWord(rest) ? undefined : { at, app: rest };
}

function environmentWord(rest: string): boolean {
  return rest === 'values' || isRegion(rest);
}

function perApp(
  { environment, path }: Deployment,
  segments: readonly string[],
  at: number,
  app = segments[at] ?? '',
): Place {
  const inApp = (names: readonly string[]) =>
    names.map((name, index) => (index === at ? name.replace(app, '{app}') : name)).join('/');
  return { environment, template: inApp(segments), path: inApp(path.split('/')), app, isGeneral: true };
}

function owned({ environment, path }: Deployment, template: string, app: string): Place {
  return { environment, template, path, app, isGeneral: false };
}

/** A pattern of a path; one that does not name its environment gets it at its end. */
function withEnvironment({ segments, isNamed }: Marked): string {
  return isNamed ? segments.join('/') : `${segments.join('/')}/{environment}`;
}

/** What is in a folder that no name of an app leads to. */
function byContent(sketch: Sketch, deployment: Deployment, marked: Marked): Place[] {
  const { environment, path, app } = deployment;
  const template = withEnvironment(marked);
  const here: Place = { environment, template, path, app: undefined, isGeneral: true };
  if (isFilePattern(path)) {
    return [here];
  }
  const ways = belowEnvironment(sketch, path);
  const own = ownName(marked.segments, app);
  if (ways === 'unread') {
    return regionsOf(sketch, here);
  }
  return ways.flatMap((way): Place[] => {
    if (way === '' ? own !== undefined && appsOf(sketch, path) < 2 : way === '/{app}.yaml' && isOneApp(sketch, path)) {
      return own === undefined ? [] : [ofOne(deployment, marked, own)];
    }
    if (way === '/{app}.yaml' && !marked.isNamed && own !== undefined) {
      return []; // Files that nothing says to be apps.
    }
    return way.startsWith('/*')
      ? regionsOf(sketch, here, way)
      : [{ ...here, template: `${template}${way}`, path: `${path}${way}` }];
  });
}

/** The place of one app: a pattern for all apps where a folder is called like it. */
function ofOne(deployment: Deployment, marked: Marked, app: string): Place {
  const at = marked.segments.lastIndexOf(app);
  return marked.isNamed && at >= 0
    ? perApp(deployment, marked.segments, at)
    : owned(deployment, withEnvironment(marked), app);
}

/** The app that the folders of a path name, or else the object; generic words name none. */
function ownName(segments: readonly string[], app: string): string | undefined {
  const names = segments.filter((name) => !name.includes('{environment}') && !GENERIC.has(name));
  const name = names.at(-1) ?? app;
  return name === '' || GENERIC.has(name) || !NAME_PATTERN.test(name) ? undefined : name;
}

/** How many apps a kustomization takes in by names of their own. */
function appsOf(sketch: Sketch, folder: string): number {
  const file = sketch.kustomization(folder);
  const names = file === undefined ? [] : manifestReferences(file.text, file.path).map(appOfReference);
  return new Set(names.filter((name) => name !== undefined && !GENERIC.has(name))).size;
}

/** Whether a folder that is deployed has the files of one app, which only the object names. */
export function isOfOneApp(sketch: Sketch, { path, app }: Deployment): boolean {
  return app !== '' && !GENERIC.has(app) && sketch.files(path).length > 0 && isOneApp(sketch, path);
}

/** Whether the files of a folder are parts of one app by their names. */
function isOneApp(sketch: Sketch, folder: string): boolean {
  const names = sketch.files(folder).filter((name) => /\.ya?ml$/.test(name));
  return names.every((name) => PARTS.test(posix.basename(name).replace(/\.ya?ml$/, '')));
}

/** Overlays below a level of regions. */
function regionsOf(sketch: Sketch, { environment, template, path }: Place, way: Below = '/*/{app}'): Place[] {
  return sketch
    .folders(path)
    .filter((name) => !name.startsWith('_'))
    .map((region) => {
      const end = way.replace('*', region);
      return { environment, template: `${template}${end}`, path: `${path}${end}`, app: undefined, isGeneral: true };
    });
}

/**
 * A layout with files of objects that carry versions of the apps that they deploy. What the layout has already is left as it
 * is.
 */
export function withCarriers(layout: Layout, carriers: readonly Deployment[], names: EnvironmentNames): Layout {
  const paths = new Map([...(layout.places ?? [])].map(([template, own]) => [template, new Map(own)] as const));
  const further = [...(layout.further ?? [])];
  for (const { app, environment, path } of carriers) {
    const pattern = patternOfFile(path, environment, names);
    const own = further.filter((each) => each.app === app && !paths.get(each.template)?.has(environment));
    const known = own.find(({ template }) => template === pattern) ?? (paths.has(pattern) ? undefined : own[0]);
    const template = freeKey(paths, known?.template ?? pattern, environment, path);
    paths.set(template, (paths.get(template) ?? new Map<string, string>()).set(environment, path));
    if (!further.some((each) => each.app === app && each.template === template)) {
      further.push({ app, template });
    }
  }
  return { ...layout, further, places: paths };
}

/** The pattern of a file that an environment has. */
export function patternOfFile(path: string, environment: string, names: EnvironmentNames): string {
  const { segments, isNamed } = markedEnvironment(path.split('/'), environment, names, undefined);
  return isNamed ? segments.join('/') : [...segments.slice(0, -1), '{environment}', ...segments.slice(-1)].join('/');
}
