import { posix } from 'node:path';
import { isBareFile } from '../carriers/bare-file.js';
import { deployedIn } from '../carriers/deployed.js';
import { loneTags } from '../carriers/lone-tag.js';
import { buildInputs } from '../kustomize/build-inputs.js';
import { imageNames } from '../kustomize/image-names.js';
import { readKustomization } from '../kustomize/kustomization.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { appOfReference } from './app-of-reference.js';
import { isCarrierOf, outsideCarriers } from './carrier-files.js';
import { imageOwners, ownerOf } from './image-owners.js';
import { baseOfGroup, hasPlace, inEnvironment, isFile, isPerApp, type Layout, ownTemplates } from './layout.js';
import { readOverlay } from './overlay.js';
import { folderNames, namesFromFolders } from './template-folders.js';
import { unnamedApps } from './unnamed-apps.js';

/**
 * The apps of an environment, in alphabetical order: those that have a folder or file of their own, and those of a
 * kustomization or file that several share. Apps with an overlay of their own in the policy are looked for there alone.
 *
 * @throws Error where a kustomization is not valid YAML, or a request fails
 */
export async function environmentApps(tree: TreeReader, layout: Layout, environment: string): Promise<string[]> {
  const own = ownTemplates(layout);
  const [found, present] = await Promise.all([
    Promise.all(layout.templates.map((template) => appsByTemplate(tree, layout, template, environment))),
    Promise.all(own.map(({ app }) => readOverlay(tree, layout, environment, app))),
  ]);
  const names = own.filter((_, index) => present[index] !== undefined).map(({ app }) => app);
  const all = [...new Set([...found.flat(), ...names])];
  return [...new Set([...all, ...(await carrierApps(tree, layout, environment, all))])].sort();
}

/** Apps of which nothing but what the policy names says that they are there. */
async function carrierApps(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  known: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(
    outsideCarriers(layout).map(async (carrier) => {
      const file = inEnvironment(layout, carrier.file, environment);
      if (file.includes('{app}')) {
        return appsWithOverlay(tree, file);
      }
      const isOfKnown = known.some((app) => isCarrierOf(layout, carrier, app));
      const owner = imageOwners(layout).find(({ repository }) => repository === carrier.image)?.app;
      return isOfKnown || (await tree.read(file)) === undefined ? [] : [owner ?? lastSegment(carrier.image)];
    }),
  );
  return found.flat().filter((name) => NAME_PATTERN.test(name));
}

/** The apps that an environment has by one template of a layout, without those that have a template of their own. */
export async function appsByTemplate(
  tree: TreeReader,
  layout: Layout,
  template: string,
  environment: string,
): Promise<string[]> {
  if (!hasPlace(layout, template, environment)) {
    return [];
  }
  const apps = await (isPerApp(layout, template)
    ? appsWithOverlay(tree, inEnvironment(layout, template, environment))
    : sharingApps(tree, layout, template, environment));
  // What another app has for itself is no app by its folder's name.
  const owned = new Set(ownTemplates(layout).map((own) => inEnvironment(layout, own.template, environment)));
  const path = inEnvironment(layout, template, environment);
  return apps.filter(
    (app) => layout.apps?.get(app)?.overlay === undefined && !owned.has(path.replaceAll('{app}', app)),
  );
}

/**
 * The apps that have a folder or file of their own.
 *
 * @param template of the environment
 */
async function appsWithOverlay(tree: TreeReader, template: string): Promise<string[]> {
  const names = await namesFromFolders(tree, template, '{app}');
  const at = template.split('/').findIndex((segment) => segment.includes('{app}'));
  if (template.split('/').length === at + 1) {
    return names;
  }
  // What is named after an app may be there without this environment.
  const type = isFile(template) ? 'file' : 'folder';
  const isThere = await Promise.all(
    names.map(async (name) => {
      const path = template.replaceAll('{app}', name);
      const entries = (await tree.list(posix.dirname(path))) ?? [];
      return entries.some(
        (entry) =>
          entry.name === posix.basename(path) && (entry.type === type || (type === 'folder' && isBareFile(path))),
      );
    }),
  );
  return names.filter((_, index) => isThere[index]);
}

/** The apps of what several share. */
async function sharingApps(tree: TreeReader, layout: Layout, template: string, environment: string): Promise<string[]> {
  const folder = inEnvironment(layout, template, environment);
  const [bases, others, images] = isFile(template)
    ? [[], await namesInFile(tree, folder), await imagesInFile(tree, folder)]
    : await Promise.all([
        foldersIn(tree, baseOfGroup(template)),
        Promise.all([foldersIn(tree, folder), includedApps(tree, folder)]).then((lists) => lists.flat()),
        imagesIn(tree, folder),
      ]);
  const owners = imageOwners(layout);
  const named = owners.filter(({ repository }) => images.includes(repository)).map(({ app }) => app);
  const names = [...new Set<string>([...bases, ...others, ...named])].filter((name) => NAME_PATTERN.test(name));
  const apps = await withOverlay(tree, layout, template, environment, names);
  const certain = apps
    .filter(({ app, version }) => bases.some((base) => base === app) || version !== null)
    .map(({ app }) => app);
  const hasUnnamed = others.some((name) => name === 'base' || name === 'bases');
  // In a file, tags that stand alone name some apps, and images may name others.
  const isComplete = !isFile(template) || named.length > 0;
  if (certain.length > 0 && !hasUnnamed && isComplete) {
    return certain;
  }
  // Nothing else names an app, or the one of a folder `base`: it is called as its image.
  const called = images.filter((image) => ownerOf(image, certain, owners) === undefined).map(lastSegment);
  const roots = called.filter((name) => !called.some((other) => name.startsWith(`${other}-`)));
  const found = await withOverlay(tree, layout, template, environment, [...new Set(roots)]);
  const versioned = found.filter(({ version }) => version !== null).map(({ app }) => app);
  return [...certain, ...versioned, ...(await unnamedIn(tree, layout, template, folder))];
}

/** The apps of a kustomization of which nothing in it says the name. */
async function unnamedIn(tree: TreeReader, layout: Layout, template: string, folder: string): Promise<string[]> {
  const kustomization = isFile(template) ? undefined : await readKustomization(tree, folder);
  return kustomization === undefined ? [] : unnamedApps(tree, kustomization, imageOwners(layout));
}

/** Those of the names that the environment has by the template, with the version. */
async function withOverlay(
  tree: TreeReader,
  layout: Layout,
  template: string,
  environment: string,
  names: readonly string[],
): Promise<{ app: string; version: string | null }[]> {
  const fit = names.filter((name) => NAME_PATTERN.test(name));
  const overlays = await Promise.all(fit.map((name) => readOverlay(tree, layout, environment, name, [template])));
  return fit.flatMap((app, index) => {
    const files = overlays[index]?.files;
    return files === undefined ? [] : [{ app, version: deployedIn(files, app).version }];
  });
}

async function foldersIn(tree: TreeReader, folder: string): Promise<string[]> {
  return folderNames(await tree.list(folder));
}

/** Names of possible apps: those of the resources of a kustomization, from this repository or another one. */
async function includedApps(tree: TreeReader, folder: string): Promise<string[]> {
  const kustomization = await readKustomization(tree, folder);
  const inputs = kustomization === undefined ? [] : buildInputs(kustomization.text, kustomization.path);
  return inputs
    .filter(({ key }) => key === 'resources' || key === 'bases')
    .flatMap(({ path }) => appOfReference(path) ?? []);
}

/** The images that a kustomization sets. */
async function imagesIn(tree: TreeReader, folder: string): Promise<string[]> {
  const kustomization = await readKustomization(tree, folder);
  return kustomization === undefined ? [] : imageNames(kustomization.text, kustomization.path);
}

/** What the tags without a repository in a file are called after: an app each, if it is one. */
async function namesInFile(tree: TreeReader, path: string): Promise<string[]> {
  const text = await tree.read(path);
  return text === undefined ? [] : loneTags([{ path, text }]).flatMap(({ subjects }) => subjects);
}

/** The images that a file carries versions of, and the charts, as what they are installed. */
async function imagesInFile(tree: TreeReader, path: string): Promise<string[]> {
  const text = await tree.read(path);
  const { targets, pinned } = deployedIn(text === undefined ? [] : [{ path, text }], '');
  return [
    ...targets.flatMap((target) => (target.kind === 'chart' ? (target.release ?? target.name) : target.repository)),
    ...pinned.map(({ repository }) => repository),
  ];
}

function lastSegment(image: string): string {
  return image.split('/').at(-1) ?? image;
}
