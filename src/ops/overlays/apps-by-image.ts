import { appOfImage, isImageOf } from '../carriers/app-of-image.js';
import { deployedIn } from '../carriers/deployed.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { imageNames } from '../kustomize/image-names.js';
import { isKustomization } from '../kustomize/kustomization.js';
import type { AppPolicy } from '../policy/overlay-policy.js';
import type { Policy } from '../policy/policy.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { InvalidYaml } from '../yaml/parse.js';
import { appsByTemplate } from './environment-apps.js';
import { allEnvironments } from './environments.js';
import type { Layout } from './layout.js';
import { readOverlay } from './overlay.js';

/** Overlays that are looked at, of all environments together, so that the cost stays flat. */
const MOST_OVERLAYS = 60;

/** What names environments. */
type Environments = Pick<Policy, 'environments'>;

/** A folder of an app, by a template of the layout. */
interface AppFolder {
  template: string;
  folder: string;
}

/**
 * A layout in which apps are called as the image that they run, where their folder has another name and the image is one of
 * a registry of its own: a folder `frontend` that runs `ghcr.io/acme/web` has the app `web`. It stays as it is where there
 * is an app of that name already, where environments or folders differ, and in a repository of very many apps; then
 * `apps` in `ostack.yaml` says it. Reads the overlays of the environments, as far as they are not known yet.
 *
 * @returns the same object where no app has another name
 * @throws what a failed request throws
 */
export async function withAppsByImage(tree: TreeReader, layout: Layout, policy: Environments): Promise<Layout> {
  const environments = await allEnvironments(tree, layout, policy);
  const places = await foldersIn(tree, layout, environments);
  if (places.length > MOST_OVERLAYS) {
    return layout;
  }
  const named = await Promise.all(
    places.map(async (place) => ({ ...place, name: await nameIn(tree, layout, place.environment, place) })),
  );
  const taken = new Set([...places.map(({ folder }) => folder), ...(layout.apps?.keys() ?? [])]);
  const byName = new Map<string, AppFolder>();
  const doubtful = new Set<string>();
  for (const { template, folder, name } of named) {
    const known = name === undefined ? undefined : byName.get(name);
    const isOther = known !== undefined && (known.folder !== folder || known.template !== template);
    const isMixed = named.some((each) => each.template === template && each.folder === folder && each.name !== name);
    if (name !== undefined && !taken.has(name)) {
      byName.set(name, { template, folder });
    }
    if (name !== undefined && (isOther || isMixed)) {
      doubtful.add(name);
    }
  }
  const certain = [...byName].filter(([name]) => !doubtful.has(name));
  return certain.length === 0 ? layout : withNames(layout, certain);
}

/**
 * Like `withAppsByImage`, where one of some apps is in none of some environments by its own name.
 *
 * @throws what a failed request throws; what is wrong with an overlay is left to who reads it
 */
export async function withNamedApps(
  tree: TreeReader,
  layout: Layout,
  policy: Environments,
  environments: readonly string[],
  apps: readonly string[],
): Promise<Layout> {
  const isThere = await Promise.all(
    apps.map(async (app) => {
      const found = await Promise.all(
        environments.map((name) =>
          unlessBroken(async () => (await readOverlay(tree, layout, name, app)) !== undefined),
        ),
      );
      return found.some((each) => each !== false);
    }),
  );
  return isThere.every(Boolean) ? layout : withAppsByImage(tree, layout, policy);
}

/** The folders of apps in environments, by the templates in which every app has one. */
async function foldersIn(tree: TreeReader, layout: Layout, environments: readonly string[]) {
  const templates = layout.templates.filter((template) => template.includes('{app}'));
  const found = await Promise.all(
    environments.flatMap((environment) =>
      templates.map(async (template) => {
        const apps = await appsByTemplate(tree, layout, template, environment);
        return apps.map((folder) => ({ environment, template, folder }));
      }),
    ),
  );
  return found.flat();
}

/** The name that the images of an app's folder give it; `undefined` where its own name is one of theirs, or they have none. */
async function nameIn(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  { template, folder }: AppFolder,
): Promise<string | undefined> {
  const overlay = await unlessBroken(() => readOverlay(tree, layout, environment, folder, [template]));
  const images = overlay === undefined ? [] : ((await unlessBroken(async () => imagesIn(overlay.files))) ?? []);
  const hasOwn = images.some((image) => appOfImage(image, [folder]) !== undefined);
  const names = images.filter(isOfRegistry).map((image) => image.split('/').at(-1) ?? '');
  const root = names.find((name) => names.every((other) => isImageOf(other, name)));
  return hasOwn || root === undefined || !NAME_PATTERN.test(root) ? undefined : root;
}

/** `undefined` for what cannot be read as YAML: whoever changes it hears of it. */
async function unlessBroken<T>(reading: () => Promise<T>): Promise<T | undefined> {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return undefined;
    }
    throw error;
  }
}

function imagesIn(files: readonly OverlayFile[]): string[] {
  const { targets, pinned } = deployedIn(files, '');
  const set = files.filter(({ path }) => isKustomization(path)).flatMap(({ text, path }) => imageNames(text, path));
  const tagged = targets.flatMap((target) => (target.kind === 'image' ? [target.repository] : []));
  return [...new Set([...tagged, ...pinned.map(({ repository }) => repository), ...set])];
}

/** Whether an image names its registry. One of Docker Hub is rarely an app of the team's own. */
function isOfRegistry(image: string): boolean {
  const [host = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]/.test(host) && host !== 'docker.io';
}

function withNames(layout: Layout, names: readonly [string, AppFolder][]): Layout {
  const apps = new Map<string, AppPolicy>(layout.apps ?? []);
  const places = new Map(layout.places ?? []);
  for (const [name, { template, folder }] of names) {
    const own = template.replaceAll('{app}', folder);
    const placed = layout.places?.get(template);
    apps.set(name, { images: [], ...apps.get(name), overlay: own });
    if (placed !== undefined) {
      places.set(
        own,
        new Map([...placed].map(([environment, path]) => [environment, path.replaceAll('{app}', folder)])),
      );
    }
  }
  return { ...layout, apps, places };
}
