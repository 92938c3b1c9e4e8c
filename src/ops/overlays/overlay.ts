import { isBareFile } from '../carriers/bare-file.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isArgocdOverride } from '../carriers/overwritten.js';
import { readKustomization } from '../kustomize/kustomization.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import { readUnlessOdd } from '../tree/read-unless-odd.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type CarrierPlace, carrierPlaces, outsideCarriers, templatesOf } from './carrier-files.js';
import { overridingPaths, withDeployingObjects } from './deploying-objects.js';
import { followReferences, readFile } from './follow-references.js';
import { readHelmfiles } from './helmfiles.js';
import { imageOwners } from './image-owners.js';
import { hasPlace, isFile, isPerApp, type Layout, overlayFolder } from './layout.js';
import { withReleaseValues } from './release-values.js';
import type { Overlay } from './shared-overlay.js';
import { readSharedFile, readSharedFolder } from './shared-overlay.js';
import { isValuesFile, usedBeside, usedValues } from './used-values.js';
import { withChartLocks } from './wrapper-charts.js';

/**
 * Reads the overlay of an app: its kustomization and what that includes from the folder of the overlay, but no base,
 * because all environments share it. Files are read by their exact paths, level by level. A folder without a
 * kustomization (plain manifests, Helm values for Argo CD) is read whole. Files `values*.yaml` next to a kustomization
 * are read too where something uses them, and the overrides of Argo CD. An overlay that is a file is that file.
 *
 * @param templates which templates to go by; by default all of the app
 * @returns `undefined` where the environment does not have the app
 * @throws Error where a kustomization is not valid YAML, or a name cannot be part of a path
 */
export async function readOverlay(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  app: string,
  templates: readonly string[] = templatesOf(layout, app),
): Promise<Overlay | undefined> {
  const found = await Promise.all(
    templates.map(async (template) => {
      // What overrides the overlay is asked for with it, not after it.
      const over = overridingPaths(layout, overlayFolder(layout, template, environment, app));
      const [overlay] = await Promise.all([
        readTemplate(tree, layout, template, { environment, app }),
        Promise.allSettled(over.map((path) => tree.read(path))),
      ]);
      return overlay;
    }),
  );
  const overlays = found.flatMap((overlay, index) => (overlay === undefined ? [] : [{ overlay, index }]));
  const [first] = overlays;
  if (first === undefined) {
    return undefined;
  }
  const places = carrierPlaces(layout, { environment, app });
  const own = new Set(overlays.flatMap(({ overlay }) => overlay.files.map(({ path }) => path)));
  const helmfiles = (await readHelmfiles(tree, layout, { environment, app })).filter(({ path }) => !own.has(path));
  const files = await Promise.all(
    overlays.map(async ({ overlay, index }) => {
      const template = templates[index] ?? '';
      const only = isCarrierFile(layout, template);
      const isOwn = isPerApp(layout, template);
      const further = await readNamed(tree, overlay, places, isOwn);
      const named = [...overlay.files, ...further].map((file) =>
        withNamed(file, places, { isOwn: isOwn && !only, only }),
      );
      const valued = await withReleaseValues(tree, layout, named, environment);
      const all = await withDeployingObjects(tree, layout, overlay.folder, valued);
      return overlays.length === 1 ? all : all.map((file): OverlayFile => ({ ...file, place: overlay.folder }));
    }),
  );
  return {
    folder: overlays.length === 1 ? first.overlay.folder : overlays.map(({ overlay }) => overlay.folder).join(' and '),
    files: [...onceEach(files.flat()), ...helmfiles],
  };
}

/** What a template has of an app. */
async function readTemplate(
  tree: TreeReader,
  layout: Layout,
  template: string,
  { environment, app }: AppEnvironment,
): Promise<Overlay | undefined> {
  if (!hasPlace(layout, template, environment)) {
    return undefined;
  }
  const folder = overlayFolder(layout, template, environment, app);
  if (isPerApp(layout, template)) {
    const own = await (isFile(template) ? readAppFile(tree, folder) : readAppFolder(tree, layout, folder));
    return own && { ...own, files: own.files.map((file): OverlayFile => ({ ...file, app, environment })) };
  }
  const place = { folder, app, environment, owners: imageOwners(layout) };
  return isFile(template) ? readSharedFile(tree, place) : readSharedFolder(tree, place);
}

/** Whether a template is there for nothing but what the policy names in its files. */
function isCarrierFile(layout: Layout, template: string): boolean {
  return outsideCarriers(layout).some(({ file }) => file === template);
}

/** Files in the folder of an overlay that nothing includes, and in which the policy names a version. */
async function readNamed(
  tree: TreeReader,
  { folder, files }: Overlay,
  places: readonly CarrierPlace[],
  isOwn: boolean,
): Promise<OverlayFile[]> {
  const known = new Set(files.map(({ path }) => path));
  const paths = places.flatMap(({ path, isOwn: isOurs }) =>
    path?.startsWith(`${folder}/`) && !known.has(path) && (isOwn || isOurs) ? [path] : [],
  );
  const read = await Promise.all([...new Set(paths)].map((path) => readFile(tree, path)));
  const [like] = files;
  const { app, environment } = like ?? {};
  const of = { ...(app === undefined ? {} : { app }), ...(environment === undefined ? {} : { environment }) };
  return read.flat().map((file): OverlayFile => ({ ...file, ...of, onlyNamed: true }));
}

/** A file with the values in it that the policy names. */
function withNamed(
  file: OverlayFile,
  places: readonly CarrierPlace[],
  { isOwn, only }: { isOwn: boolean; only: boolean },
): OverlayFile {
  const named = places.filter((place) => (isOwn || place.isOwn) && place.matches(file.path)).map(({ value }) => value);
  return { ...file, ...(named.length === 0 ? {} : { named }), ...(only ? { onlyNamed: true } : {}) };
}

/** A file that two templates lead to is read as that of an overlay. */
function onceEach(files: readonly OverlayFile[]): OverlayFile[] {
  const all = new Map<string, OverlayFile>();
  for (const file of files) {
    const known = all.get(file.path);
    all.set(file.path, known === undefined || known.onlyNamed === true ? file : known);
  }
  return [...all.values()];
}

/** The folder of an app, or the file without an ending that is in its place. */
async function readAppFolder(tree: TreeReader, layout: Layout, folder: string): Promise<Overlay | undefined> {
  const [kustomization, entries, bare] = await Promise.all([
    readKustomization(tree, folder),
    tree.list(folder),
    isBareFile(folder) ? readUnlessOdd(tree, folder) : undefined,
  ]);
  if (bare !== undefined) {
    return { folder, files: [{ path: folder, text: bare, isBare: true }] };
  }
  const names = (entries ?? []).filter((entry) => entry.type === 'file').map((entry) => entry.name);
  const isUsed = usedValues(layout, folder, names);
  const direct = names.filter(
    (name) =>
      isArgocdOverride(name) ||
      (kustomization === undefined ? /\.(ya?ml|json)$/.test(name) && isUsed(name) : isValuesFile(name)),
  );
  const reading = Promise.all(direct.map((name) => readFile(tree, `${folder}/${name}`)));
  if (kustomization === undefined) {
    const files = await withChartLocks(tree, (await reading).flat());
    return entries === undefined ? undefined : { folder, files };
  }
  const seen = new Set([kustomization.path]);
  const [followed, values] = await Promise.all([
    followReferences(tree, folder, [kustomization], seen, () => true),
    reading,
  ]);
  const [overrides, beside] = [true, false].map((isOverride) =>
    values.flat().filter(({ path }) => isArgocdOverride(path) === isOverride),
  );
  const used = usedBeside(layout, names, followed, beside ?? []);
  return { folder, files: [...followed, ...(overrides ?? []), ...used] };
}

async function readAppFile(tree: TreeReader, path: string): Promise<Overlay | undefined> {
  const files = await withChartLocks(tree, await readFile(tree, path));
  return files.length === 0 ? undefined : { folder: path, files };
}
