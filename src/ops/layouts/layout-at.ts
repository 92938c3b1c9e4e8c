import { posix } from 'node:path';
import { deployedIn } from '../carriers/deployed.js';
import { loneTags } from '../carriers/lone-tag.js';
import { type Layout, ownTemplates } from '../overlays/layout.js';
import { isAway, livesAt, type Place, placeName } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { locateOverlays } from './locate-overlays.js';
import { renderedFolders, renderedLayout } from './rendered-layout.js';

/** Where an application keeps its own definition: its folder, and those of its files that say versions. */
const DEFINITION = 'hld';

/**
 * Where overlays are in the tree of one place, of the environments that live there and no others. A pattern without
 * `{environment}` is for the one that lives there. Where the policy names no patterns, an application with a definition of its own
 * (`hld/component.yaml`) has its versions in `hld/config/<environment>.yaml` and `hld/config/common.yaml`. What materialize wrote has
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
  const overlays = isTold ? policy.overlays : await definitionFiles(tree, first.name);
  const here = { ...policy, environments, overlays };
  const layout = isOwn(place, overlays) ? ownLayout(here, place.app) : await locateOverlays(tree, here);
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

/** The file of an application's definition that says its versions in an environment; none where it has no definition. */
async function definitionFiles(tree: TreeReader, environment: string): Promise<string[]> {
  const root = await tree.list('');
  if (root?.some(({ name, type }) => name === DEFINITION && type === 'folder') !== true) {
    return [];
  }
  const config = posix.join(DEFINITION, 'config');
  const names = ((await tree.list(config)) ?? []).filter(({ type }) => type === 'file').map(({ name }) => name);
  const ending = (base: string) => ['.yaml', '.json'].find((each) => names.includes(`${base}${each}`));
  const [own, common] = [ending(environment), ending('common')];
  const saysVersion = async (path: string) => {
    const text = await tree.read(path);
    return (
      text !== undefined &&
      (deployedIn([{ path, text }], '').targets.length > 0 || loneTags([{ path, text }]).length > 0)
    );
  };
  // What the environment's own file says is stronger.
  if (own !== undefined && (common === undefined || (await saysVersion(`${config}/${environment}${own}`)))) {
    return [`${config}/{environment}${own}`];
  }
  return common === undefined ? [] : [`${config}/common${common}`];
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
