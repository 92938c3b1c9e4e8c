import { posix } from 'node:path';
import { deployedIn } from '../carriers/deployed.js';
import { loneTags } from '../carriers/lone-tag.js';
import { type Layout, ownTemplates } from '../overlays/layout.js';
import { isAway, livesAt, type Place, placeName } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { locateOverlays } from './locate-overlays.js';
import { renderedFolders, renderedLayout } from './rendered-layout.js';
import { NoOverlays } from './unclear-layout.js';

/** Where an application keeps its own definition. */
const DEFINITION = 'hld';
const CONFIG = 'hld/config';

/**
 * Where overlays are in the tree of one place, of the environments that live there and no others. A pattern without
 * `{environment}` is for the one that lives there. Where the policy names no patterns, an application with a definition of its own
 * (`hld/component.yaml`) has its versions in `hld/config/<environment>.yaml`, over `hld/config/common.yaml`. What materialize wrote has
 * them in its manifests, whatever the policy's patterns are: those are of its source.
 *
 * @throws Error where nothing tells where overlays are; see `locateOverlays`
 */
export async function layoutAt(tree: TreeReader, policy: Policy, place: Place): Promise<Layout> {
  if (!policy.environments.some(isAway)) {
    return locateOverlays(tree, policy);
  }
  const environments = policy.environments.filter((each) => livesAt(each, place));
  const [first] = environments;
  if (first === undefined) {
    return { templates: [], environments: [], apps: policy.apps };
  }
  const names = environments.map(({ name }) => name);
  const rendered = isAway(place) ? await renderedFolders(tree, names) : [];
  if (rendered.length > 0) {
    return renderedLayout(tree, { ...policy, environments }, rendered);
  }
  const isTold = policy.overlays.length > 0 || policy.carriers.length > 0;
  const definition = isTold ? {} : await readDefinition(tree, environments, place);
  const [weakest] = definition.values ?? [];
  const own = weakest?.replace(`${first.name}.`, '{environment}.');
  const overlays = isTold || own === undefined ? policy.overlays : [posix.join(CONFIG, own)];
  const here = { ...policy, environments, overlays };
  const found = isOwn(place, overlays) ? ownLayout(here, place.app) : await locate(tree, here, definition);
  const layout = withLayers(found, definition.values);
  const templates = [...layout.templates, ...ownTemplates(layout).map(({ template }) => template)];
  const unnamed = templates.filter((each) => !each.includes('{environment}') && !layout.places?.has(each));
  if (unnamed.length > 0 && environments.length > 1) {
    throw new Error(
      `"${unnamed[0]}" in "overlays" of ostack.yaml does not tell ${names.join(' and ')} apart, which both live on ${placeName(place)}. Add {environment}.`,
    );
  }
  return unnamed.length === 0
    ? layout
    : {
        ...layout,
        places: new Map([
          ...(layout.places ?? []),
          ...unnamed.map((template) => [template, new Map([[first.name, template]])] as const),
        ]),
      };
}

interface Definition {
  /** The names of its files of values that say versions, the later over the earlier one. */
  values?: string[];
  /** What is wrong where it has none. */
  problem?: string;
}

/**
 * Reads which files of an application's definition say its versions.
 *
 * @param environments those that live there: what all of several have is beside what one has
 * @returns nothing where there is no definition
 */
async function readDefinition(
  tree: TreeReader,
  environments: readonly { name: string }[],
  place: Place,
): Promise<Definition> {
  const root = await tree.list('');
  if (root?.some(({ name, type }) => name === DEFINITION && type === 'folder') !== true) {
    return {};
  }
  const [first, ...others] = environments;
  const entries = (await tree.list(CONFIG)) ?? [];
  const names = entries.filter(({ type }) => type === 'file').map(({ name }) => name);
  const find = (base = '') => ['.yaml', '.json'].map((each) => base + each).find((each) => names.includes(each));
  const [own, common] = [find(first?.name), find('common')];
  const only = own ?? common;
  if (only === undefined) {
    return { problem: withoutValues(first?.name ?? '', names) };
  }
  if (own === undefined || common === undefined) {
    return { values: [only] };
  }
  if (others.length > 0) {
    return { values: [(await saysVersion(tree, own)) ? own : common] };
  }
  return { values: place.app !== undefined || (await saysVersion(tree, common)) ? [common, own] : [own] };
}

function withoutValues(environment: string, names: readonly string[]): string {
  const misnamed = names.find((name) => [`${environment}.yml`, 'common.yml'].includes(name));
  const unread = misnamed === undefined ? '' : ` ${misnamed} is not read: its name has to end in .yaml or .json.`;
  return (
    `${CONFIG} has neither ${environment}.yaml nor common.yaml, so no version is there.${unread}\n` +
    `Add ${CONFIG}/common.yaml:\n\nconfig:\n  image:\n    repository: <image>\n    tag: <version>\n`
  );
}

async function saysVersion(tree: TreeReader, name: string): Promise<boolean> {
  const path = posix.join(CONFIG, name);
  const text = await tree.read(path);
  return (
    text !== undefined && (deployedIn([{ path, text }], '').targets.length > 0 || loneTags([{ path, text }]).length > 0)
  );
}

/** @throws NoOverlays that says what a definition lacks, where that is all there is */
async function locate(tree: TreeReader, policy: Policy, { problem }: Definition): Promise<Layout> {
  try {
    return await locateOverlays(tree, policy);
  } catch (error) {
    throw error instanceof NoOverlays && problem !== undefined ? new NoOverlays(problem) : error;
  }
}

/** The layout of values of which the later ones are over the earlier ones. */
function withLayers(layout: Layout, [weakest, over]: readonly string[] = []): Layout {
  if (weakest === undefined || over === undefined) {
    return layout;
  }
  const values = [weakest, over].map((name) => posix.join(CONFIG, name));
  const taken = { file: posix.join(CONFIG, weakest), object: '', name: '', path: '', values, revision: undefined };
  return { ...layout, deployedBy: [...(layout.deployedBy ?? []), { ...taken, isSetting: true, isSet: false }] };
}

/** Whether a place is the repository of one app, and patterns leave its name out. */
function isOwn(place: Place, overlays: readonly string[]): place is Place & { app: string } {
  return place.app !== undefined && overlays.length > 0 && !overlays.some((each) => each.includes('{app}'));
}

/** What patterns without `{app}` find in the repository of one app is this one's. */
function ownLayout({ environments, apps, overlays, carriers }: Policy, app: string): Layout {
  const [first, ...more] = overlays;
  const own = { overlay: first, images: apps.get(app)?.images ?? [] };
  return {
    templates: [],
    environments: environments.map(({ name }) => name),
    apps: new Map([...apps, [app, own]]),
    further: more.map((template) => ({ app, template })),
    ...(carriers.length === 0 ? {} : { carriers }),
  };
}
