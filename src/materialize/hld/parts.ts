import { posix } from 'node:path';
import { type Checkout, named, pathIn, readIn } from '../checkout.js';
import type { MapValue } from '../values.js';
import { type Component, DEFINITION_NAMES, readComponent } from './component.js';
import { type Configuration, mergeConfigurations, NO_CONFIGURATION, readConfiguration } from './configuration.js';

/** What makes manifests, of a tree of components. */
export interface Part {
  /** Names from the top component down, as they are declared. */
  names: readonly string[];
  /** Its own name, which a release of a chart has. */
  name: string;
  values: MapValue;
  namespace: Configuration['namespace'];
  from: Origin;
}

/** Where the manifests of a part come from. */
export type Origin =
  | { kind: 'static' | 'chart'; checkout: Checkout; path: string }
  | { kind: 'remote-chart'; repository: string; chart: string; version: string | undefined }
  | { kind: 'remote-file'; url: string };

/** A git repository that a component names. */
export interface GitSource {
  url: string;
  branch: string | undefined;
  /** A commit. */
  commit: string | undefined;
}

/** What the walk needs from outside. */
export interface Walk {
  /** Names of configurations, the strongest first; `common` comes after them. */
  configurations: readonly string[];
  /** Brings a repository. @throws Error where that is not possible */
  fetch(source: GitSource): Promise<Checkout>;
  /** Whether components with hooks are read without them. */
  ignoresHooks: boolean;
  /** Is told what a person should know. */
  note(text: string): void;
}

/** Most components of a definition, and most levels: nobody writes so many by hand. */
const MOST_COMPONENTS = 10_000;
const MOST_LEVELS = 64;

/** The parts of a definition, and which of the named configurations there were. */
export interface Parts {
  parts: Part[];
  found: ReadonlySet<string>;
}

/** A component at its place, configured. */
interface Visit {
  component: Component;
  checkout: Checkout;
  folder: string;
  configuration: Configuration;
  names: readonly string[];
  /** Places of the components around it. */
  above: readonly string[];
}

/**
 * Walks a tree of components, as Fabrikate does: what a component's parents say of its configuration is stronger than what its
 * own files say, those in the order in which they are named, `common` last. What is disabled is neither read nor fetched.
 *
 * @param folder of the top component, from the root of the checkout
 * @returns the parts in the order in which they are declared
 * @throws Error with file and line: a missing component, a path out of the repository, a cycle, a hook, values that cannot be merged
 */
export async function partsOf(checkout: Checkout, folder: string, walk: Walk): Promise<Parts> {
  const found = new Set<string>();
  const parts: Part[] = [];
  const top = await load(checkout, folder, undefined);
  const levels = await ownLevels(checkout, folder, walk, found);
  const pending: Visit[] = [
    {
      ...{ component: top, checkout, folder, names: [top.name], above: [placeName(checkout, folder)] },
      configuration: mergeConfigurations(levels, walk.note),
    },
  ];
  for (let count = 1, visit = pending.shift(); visit !== undefined; count += 1, visit = pending.shift()) {
    if (count > MOST_COMPONENTS) {
      throw visit.component.error('name', `the definition has more than ${MOST_COMPONENTS} components.`);
    }
    tellOfCommands(visit.component, walk);
    parts.push(...(await partOf(visit, walk)));
    pending.unshift(...(await below(visit, walk, found)));
  }
  return { parts, found };
}

/** What would be done to the machine. @throws Error where it is hooks that nobody lets be left out */
function tellOfCommands({ hooks, repositories, name, error }: Component, walk: Walk): void {
  if (repositories.length > 0) {
    walk.note(`${name}: its repositories are not added to helm (${repositories.join(', ')}).`);
  }
  const [hook] = hooks;
  if (hook === undefined) {
    return;
  }
  if (!walk.ignoresHooks) {
    throw error(
      'hooks',
      `${name} has the hook ${hook}, commands that are not run here. Say \`component-hooks: ignore\` to render without them.`,
    );
  }
  walk.note(`${name}: its hooks are not run (${hooks.join(', ')}).`);
}

/** The components under one, those that are disabled left out. */
async function below(visit: Visit, walk: Walk, found: Set<string>): Promise<Visit[]> {
  const { component, checkout, folder, configuration, names, above } = visit;
  const known = component.subcomponents.map(({ name }) => name);
  for (const name of configuration.subcomponents.keys()) {
    if (!known.includes(name)) {
      walk.note(`${names.join('/')} has no part ${name}, which is configured. It has: ${known.join(', ') || 'none'}.`);
    }
  }
  const visits: Visit[] = [];
  for (const part of component.subcomponents) {
    const given = configuration.subcomponents.get(part.name) ?? NO_CONFIGURATION;
    const inside = [...names, part.name];
    if (given.disabled === true) {
      walk.note(`${inside.join('/')} is disabled.`);
    } else if (part.type !== 'component') {
      visits.push({ component: part, checkout, folder, configuration: given, names: inside, above });
    } else {
      visits.push(...(await byPath(visit, part, given, walk, found)));
    }
  }
  return visits;
}

/** A component that has a folder of its own. Its file replaces what is declared. */
async function byPath(
  { checkout, folder, names, above }: Visit,
  part: Component,
  given: Configuration,
  walk: Walk,
  found: Set<string>,
): Promise<Visit[]> {
  const place = await placeOf(part, checkout, folder, walk);
  const name = placeName(place.checkout, place.folder);
  if (above.includes(name) || above.length >= MOST_LEVELS) {
    const way = [...above.slice(Math.max(0, above.indexOf(name))), name].map((each) => each || '.').join(' -> ');
    throw part.error(
      'name',
      above.includes(name) ? `it contains itself: ${way}.` : `it is ${MOST_LEVELS} levels deep.`,
    );
  }
  const component = await load(place.checkout, place.folder, part);
  const levels = await ownLevels(place.checkout, place.folder, walk, found);
  const configuration = mergeConfigurations([given, ...levels], walk.note);
  const inside = [...names, part.name];
  if (configuration.disabled === true) {
    walk.note(`${inside.join('/')} is disabled.`);
    return [];
  }
  return [{ component, ...place, configuration, names: inside, above: [...above, name] }];
}

async function placeOf(part: Component, checkout: Checkout, folder: string, walk: Walk) {
  switch (part.method) {
    case 'git': {
      const fetched = await walk.fetch(gitSource(part));
      return { checkout: fetched, folder: insideOf(part, '', part.path ?? '.') };
    }
    case 'local':
      return { checkout, folder: insideOf(part, folder, posix.join(localSource(part), part.path ?? '.')) };
    default:
      throw part.error('method', `a component of others is \`local\` or \`git\`, found ${part.method}.`);
  }
}

/** @throws ConfigError where the component names no repository */
function gitSource(part: Component): GitSource {
  if (part.source === undefined) {
    throw part.error('source', 'expected the URL of a git repository, for the method is git.');
  }
  return { url: part.source, branch: part.branch, commit: part.version };
}

function localSource(part: Component): string {
  const source = part.source ?? '.';
  if (/^[\w+.-]+:\/\/|^[\w.-]+@[\w.-]+:/.test(source)) {
    throw part.error(
      'source',
      `${JSON.stringify(source)} is no folder of this repository. Say \`method: git\` for another one.`,
    );
  }
  return source;
}

function insideOf(part: Component, folder: string, path: string): string {
  const key =
    part.path === undefined || (part.source !== undefined && posix.isAbsolute(part.source)) ? 'source' : 'path';
  if ([part.source ?? '', part.path ?? ''].some(posix.isAbsolute)) {
    throw part.error(
      key,
      `${JSON.stringify(part[key])} begins with "/". Expected a path from the folder of the component.`,
    );
  }
  const inside = pathIn(folder, path);
  if (inside === undefined) {
    throw part.error(key, `${JSON.stringify(part[key])} leads out of the repository. Expected a folder in it.`);
  }
  return inside;
}

async function partOf({ component, checkout, folder, configuration, names }: Visit, walk: Walk): Promise<Part[]> {
  if (component.type === 'component') {
    return [];
  }
  const from = await originOf(component, component.type === 'helm' ? 'chart' : 'static', checkout, folder, walk);
  return [{ names, name: component.name, values: configuration.values, namespace: configuration.namespace, from }];
}

async function originOf(
  component: Component,
  kind: 'static' | 'chart',
  checkout: Checkout,
  folder: string,
  walk: Walk,
): Promise<Origin> {
  const { method, source, path, version, error } = component;
  if (method === 'local') {
    return { kind, checkout, path: insideOf(component, folder, posix.join(localSource(component), path ?? '.')) };
  }
  if (method === 'git') {
    return { kind, checkout: await walk.fetch(gitSource(component)), path: insideOf(component, '', path ?? '.') };
  }
  if (source === undefined || (kind === 'chart' && path === undefined)) {
    throw error(source === undefined ? 'source' : 'path', `expected it, for the method is ${method}.`);
  }
  if (kind === 'chart' && method === 'helm' && path !== undefined) {
    return { kind: 'remote-chart', repository: source, chart: path, version };
  }
  if (kind === 'static' && method === 'http') {
    return { kind: 'remote-file', url: source };
  }
  throw error('method', `expected ${kind === 'chart' ? 'local, git or helm' : 'local, git or http'}, found ${method}.`);
}

/** @param declared where it is declared; `undefined` for the top component */
async function load(checkout: Checkout, folder: string, declared: Component | undefined): Promise<Component> {
  for (const file of DEFINITION_NAMES.map((name) => posix.join(folder, name))) {
    const text = await readIn(checkout, file);
    if (text !== undefined) {
      return readComponent(text, named(checkout, file));
    }
  }
  const missing = `there is neither component.yaml nor component.json in ${named(checkout, folder)}.`;
  throw declared === undefined
    ? new Error(`${missing[0]?.toUpperCase()}${missing.slice(1)}`)
    : declared.error(declared.path === undefined ? 'name' : 'path', missing);
}

/** What a component's own files say, the strongest first. A file that is not there is no mistake. */
async function ownLevels(
  checkout: Checkout,
  folder: string,
  { configurations, note }: Walk,
  found: Set<string>,
): Promise<Configuration[]> {
  const levels: Configuration[] = [];
  for (const name of new Set([...configurations, 'common'])) {
    for (const ending of ['yaml', 'json', 'yml']) {
      const file = posix.join(folder, `config/${name}.${ending}`);
      const text = await readIn(checkout, file);
      if (text !== undefined && ending === 'yml') {
        note(`${named(checkout, file)} is not read: its name has to end in .yaml or .json.`);
      } else if (text !== undefined) {
        found.add(name);
        levels.push(readConfiguration(text, named(checkout, file)));
        break;
      }
    }
  }
  return levels;
}

function placeName(checkout: Checkout, folder: string): string {
  return checkout.label === '' ? folder : named(checkout, folder);
}
