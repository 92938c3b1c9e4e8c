import type { Layout } from '../overlays/layout.js';
import type { AppPolicy } from '../policy/overlay-policy.js';
import type { Policy } from '../policy/policy.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { expandAnyName } from './any-name.js';
import { OF_APPS, OF_ENVIRONMENTS } from './folder-words.js';
import { generalOf } from './general-pattern.js';
import { withGenerated } from './generated-objects.js';
import { withGitSources } from './git-sources.js';
import { withHelmfilesOf } from './helmfiles-of.js';
import { withCarriers } from './locate-carriers.js';
import { withNearObjects } from './near-objects.js';
import { findObjectFiles } from './object-files.js';
import { placesOfObjects } from './places-of-objects.js';
import type { Shape } from './shape.js';
import { MOST_TOPS, type Shapes, shapesOf } from './shapes.js';
import { sharedByClusters, sharedFolders } from './shared-folders.js';
import { Sketch } from './sketch.js';
import {
  doubtfulNames,
  namesOf,
  noOverlays,
  severalShapes,
  tooManyFolders,
  UnclearLayout,
  unevenShapes,
} from './unclear-layout.js';
import { untoldEnvironment } from './untold-environment.js';

/** The template of the oStack layout. */
export const OSTACK = 'overlays/{environment}/{app}';

/** What a policy says of where overlays are. */
export type PlacesPolicy = Pick<Policy, 'overlays' | 'apps' | 'environments'> & Partial<Pick<Policy, 'carriers'>>;

/**
 * Says which apps run in which environment and where that is written, for all verbs: as the policy says, or else as the
 * objects of Flux and Argo CD say, or the tree shows. What it costs does not grow with the repository: nothing where the
 * policy says it without `*`, and in the oStack layout, but for one request where there are objects which may set something over
 * the overlays, and one for each further two hundred of their files; two requests otherwise, a third one for a level of clusters or
 * regions that nothing names, and at most two more for the objects, but for files that their generators read. A question takes
 * some more, because what it suggests is tried.
 *
 * @param policy what the operations managers say
 * @param isLookedAt whether the tree is looked at also where it has the folders of the oStack layout
 * @throws UnclearLayout where nothing tells or several things could be meant, with the lines to add to `ostack.yaml`;
 *   Error where nothing is where the policy says; InvalidYaml where a kustomization that tells is not valid YAML
 */
export async function locateOverlays(tree: TreeReader, policy: PlacesPolicy, isLookedAt = false): Promise<Layout> {
  const { carriers = [], apps, environments } = policy;
  const { layout, question } = await locateFolders(tree, policy, isLookedAt);
  if (layout !== undefined) {
    return carriers.length === 0 ? layout : withCarriers(tree, layout, carriers);
  }
  if (!question.isNone || !carriers.some(({ file }) => file.includes('{environment}'))) {
    throw await question.ask();
  }
  // What the policy names is enough.
  const named = environments.length === 0 ? undefined : environments.map(({ name }) => name);
  return withCarriers(tree, { templates: [], environments: named, apps }, carriers);
}

/** Why it is not clear where overlays are. What is suggested is looked for only where that is asked. */
interface Question {
  /** Whether nothing in the tree looks like overlays. */
  isNone: boolean;
  ask(): Promise<UnclearLayout>;
}

type Located =
  | { layout: Layout /** The environments that were seen. */; seen?: readonly string[]; question?: undefined }
  | { layout?: undefined; question: Question };

async function locateFolders(tree: TreeReader, policy: PlacesPolicy, isLookedAt: boolean): Promise<Located> {
  const { overlays, apps, environments: declared } = policy;
  const environments = declared.length === 0 ? undefined : declared.map(({ name }) => name);
  if (overlays.length > 0) {
    const sketch = new Sketch(tree);
    const layout = { templates: await expanded(tree, overlays, { environments }), environments, apps };
    return { layout: await withHelmfilesOf(sketch, await withNearObjects(sketch, layout)) };
  }
  const sketch = new Sketch(tree);
  await sketch.look(['']);
  const root = sketch.folders('');
  if (root.includes('overlays') && root.includes('bases') && !isLookedAt) {
    const layout = await withNearObjects(sketch, { templates: [OSTACK], environments, apps });
    return { layout: await withHelmfilesOf(sketch, layout) };
  }
  // A sketch each: what one has looked at by then must not change what the other takes the tree for.
  const objects = new Sketch(tree);
  objects.learn(sketch);
  const [shaped, files] = await Promise.all([
    layoutOfShape(sketch, policy, environments),
    findObjectFiles(objects, environments ?? []).then((found) => withGenerated(objects, found)),
  ]);
  sketch.learn(objects);
  const { layout, unknown } = await placesOfObjects(sketch, files, { environments, apps }, shaped.layout);
  if (environments !== undefined && isOpen(shaped, layout, environments)) {
    const formed = await layoutOfShape(sketch, policy, environments, true);
    if (formed.layout !== undefined) {
      const told = await placesOfObjects(sketch, files, { environments, apps }, formed.layout);
      return { layout: withGitSources(await withHelmfilesOf(sketch, told.layout ?? formed.layout), files) };
    }
  }
  if (layout !== undefined || shaped.question === undefined) {
    const told = layout === undefined ? shaped.layout : await withHelmfilesOf(sketch, layout);
    return told === undefined ? shaped : { layout: withGitSources(told, files) };
  }
  if (!shaped.question.isNone) {
    return shaped;
  }
  const { ask } = shaped.question;
  const shared = async () => {
    const found = await sharedFolders(sketch, files, environments);
    return found.length > 0 ? sharedByClusters(found) : ask();
  };
  return { question: { isNone: true, ask: unknown.length > 0 ? async () => untoldEnvironment(unknown) : shared } };
}

/** Whether an environment of the policy is nowhere, by the names of folders and by what objects say. */
function isOpen(shaped: Located, told: Layout | undefined, environments: readonly string[]): boolean {
  if (shaped.layout === undefined) {
    return shaped.question.isNone && told === undefined;
  }
  const { layout, seen = environments } = shaped;
  const isByShape = told === undefined || JSON.stringify(told.templates) === JSON.stringify(layout.templates);
  return isByShape && environments.some((name) => !seen.includes(name));
}

/**
 * The layout that the shape of a tree comes to, or why that is not clear.
 *
 * @param hasForms whether folders of clusters count that are called after environments of the policy
 */
async function layoutOfShape(
  sketch: Sketch,
  policy: PlacesPolicy,
  environments: readonly string[] | undefined,
  hasForms = false,
): Promise<Located> {
  const found = await shapesOf(sketch, environments, hasForms);
  const { shapes } = found;
  if (found.uneven.length > 0) {
    return asked(unevenShapes(found));
  }
  if (found.doubts.length > 0) {
    return { question: { isNone: false, ask: () => askOfDoubts(sketch, policy, environments, found) } };
  }
  if (shapes.length === 0) {
    return withoutShape(sketch, policy, environments, found);
  }
  const everywhere = shapes.filter(({ isPlaced }) => !isPlaced);
  if (everywhere.some(({ pattern }) => pattern.startsWith('{environment}')) && everywhere.length > 1) {
    return asked(severalShapes(everywhere));
  }
  try {
    const seen = shapes.flatMap((shape) => shape.environments);
    return { layout: await layoutOf(sketch, policy, shapes, environments), seen };
  } catch (error) {
    if (error instanceof UnclearLayout) {
      return asked(error);
    }
    throw error;
  }
}

function asked(error: UnclearLayout): Located {
  return { question: { isNone: false, ask: async () => error } };
}

/** The question which environments there are, with what would be asked next. */
async function askOfDoubts(
  sketch: Sketch,
  policy: PlacesPolicy,
  environments: readonly string[] | undefined,
  found: Shapes,
): Promise<UnclearLayout> {
  const next = environments === undefined ? await layoutOfShape(sketch, policy, namesOf(found.doubts)) : undefined;
  return doubtfulNames(found, (await next?.question?.ask())?.answers ?? []);
}

/** The layout of a tree without overlays. Where they are to be is clear where the tree has bases or `overlays`. */
function withoutShape(
  sketch: Sketch,
  { apps }: PlacesPolicy,
  environments: readonly string[] | undefined,
  found: Pick<Shapes, 'variants'>,
): Located {
  const root = sketch.folders('');
  if (root.includes('overlays') || root.includes('bases')) {
    return { layout: { templates: [OSTACK], environments, apps }, seen: [] };
  }
  if ([...apps.values()].some(({ overlay }) => overlay !== undefined)) {
    return { layout: { templates: [], environments, apps } };
  }
  return { question: { isNone: true, ask: () => noOverlays(sketch, found, environments) } };
}

async function layoutOf(
  sketch: Sketch,
  { apps }: PlacesPolicy,
  shapes: readonly Shape[],
  declared: readonly string[] | undefined,
): Promise<Layout> {
  const isAny = shapes.every((shape) => shape.isAny);
  const environments = declared ?? (isAny ? undefined : [...new Set(shapes.flatMap((shape) => shape.environments))]);
  const hasUsual = declared === undefined && shapes.some((shape) => shape.isSample && !shape.isAny);
  const names = { environments, hasUsual };
  const owned = shapes.filter(({ owner }) => owner !== undefined);
  const general = [...new Set(owned.map(({ pattern, owner }) => generalOf(pattern, owner)))];
  if (owned.length === shapes.length) {
    return { templates: await expanded(sketch.tree, general, names), ...names, apps };
  }
  if (sketch.folders('').length > MOST_TOPS && shapes.some(isOfTop)) {
    throw tooManyFolders(shapes);
  }
  const placed = shapes.filter(({ isPlaced }) => isPlaced);
  const patterns = shapes
    .filter(({ owner, isPlaced }) => owner === undefined && !isPlaced)
    .map(({ pattern }) => pattern);
  const [everywhere, some] = await Promise.all([
    patterns.length === 0 ? [] : expanded(sketch.tree, patterns, names),
    Promise.all(placed.map((shape) => placesOf(sketch.tree, shape))),
  ]);
  const places = new Map(some.flatMap((each) => [...each]));
  return {
    templates: [...everywhere, ...places.keys()],
    ...names,
    apps: withOwners(apps, owned),
    ...(places.size === 0 ? {} : { places }),
  };
}

/** Whether a shape is that of one folder at the root, as each of the others there may have one. */
function isOfTop({ pattern, owner }: Shape): boolean {
  const [top = ''] = pattern.split('/');
  return owner !== undefined || !(top.includes('{') || OF_APPS.has(top) || OF_ENVIRONMENTS.has(top));
}

/** The places of a shape that only some environments have. */
async function placesOf(
  tree: TreeReader,
  { pattern, environments }: Shape,
): Promise<[template: string, Map<string, string>][]> {
  const templates = await expandAnyName(tree, pattern, { environments });
  const inAll = (template: string) =>
    environments.map((name): [string, string] => [name, template.replaceAll('{environment}', name)]);
  return templates.map((template) => [template, new Map(inAll(template))]);
}

/** Folders at the root that are apps, beside others that hold several: their overlays are theirs alone. */
function withOwners(apps: ReadonlyMap<string, AppPolicy>, owned: readonly Shape[]): ReadonlyMap<string, AppPolicy> {
  const all = new Map(apps);
  for (const { pattern, owner = '' } of owned) {
    const said = all.get(owner);
    all.set(owner, { overlay: said?.overlay ?? pattern, images: said?.images ?? [] });
  }
  return all;
}

/** The templates that patterns stand for. */
async function expanded(
  tree: TreeReader,
  patterns: readonly string[],
  names: Pick<Layout, 'environments' | 'hasUsual'>,
): Promise<string[]> {
  const found = await Promise.all(patterns.map((pattern) => expandAnyName(tree, pattern, names)));
  const templates = [...new Set(found.flat())];
  if (templates.length === 0) {
    throw new Error(`Nothing is where ostack.yaml says that overlays are: ${patterns.join(', ')}. Correct "overlays".`);
  }
  return templates;
}
