import { posix } from 'node:path';
import { buildInputs } from '../kustomize/build-inputs.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import { appBases } from '../overlays/app-bases.js';
import { appOverlaysOf } from '../overlays/app-overlay.js';
import { baseFolders } from '../overlays/base-folders.js';
import { isPerApp, type Layout, overlayFolder, overlayTemplatesOf } from '../overlays/layout.js';
import { type Manifests, readManifests } from '../overlays/manifests.js';
import type { Overlay } from '../overlays/shared-overlay.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { asPreviewProblem, PreviewProblem } from './preview-problem.js';

/** What an app in a preview is built on. */
export interface AppBase {
  /** Folders with the base's manifests, from the repository's root. */
  resources: string[];
  /** Folders of kustomize Components. */
  components: string[];
  /** What the app's overlay itself takes in from other repositories, besides these. */
  remote: RemoteBase[];
  manifests: Manifests;
}

/** Something in another repository that a kustomization takes in. */
export interface RemoteBase {
  /** As kustomize takes it: of a folder there, or of a file. */
  address: string;
  /** The kustomization, and the line of it. */
  file: string;
  line: number;
}

/**
 * Finds an app's base: `bases/<app>`, `<group>/base/<app>` or where else the layout has it, or else the folders outside
 * itself that the app's overlay in the host environment refers to. A folder `preview` in the base is added to it when it is a kustomize
 * Component, and replaces it when it is not. The files of an overlay are never part of a base.
 *
 * @param host name of the host environment
 * @param overlay the app's overlay there, `undefined` where it has none
 * @returns `undefined` where there is no base
 * @throws PreviewProblem where a kustomization of it cannot be used; InvalidYaml; whatever the tree throws
 */
export async function findBase(
  tree: TreeReader,
  layout: Layout,
  host: string,
  app: string,
  overlay: Overlay | undefined,
): Promise<AppBase | undefined> {
  const usual = overlayTemplatesOf(layout, app).flatMap((template) => baseFolders(layout, template, app));
  const folders = [...new Set([`bases/${app}`, ...usual])];
  const [found] = (await Promise.all(folders.map((folder) => readBase(tree, folder)))).flat();
  if (found !== undefined || overlay === undefined) {
    return found;
  }
  return (await readReferenced(tree, layout, host, app, overlay)) ?? readIncluded(tree, layout, host, app);
}

/** Whether the base says in a folder `preview` what previews have of it. */
export function isPrepared({ resources, components }: AppBase): boolean {
  return [...resources, ...components].some((path) => path.endsWith('/preview'));
}

/** Reads the base that a kustomization of several apps, or of a single one that has no folder, includes for the app. */
async function readIncluded(tree: TreeReader, layout: Layout, host: string, app: string): Promise<AppBase | undefined> {
  const overlays = await appOverlaysOf(tree, layout, host, app);
  const folders = overlays.flatMap((overlay) => asPreviewProblem(() => appBases(overlay, app)).folders);
  const found = await Promise.all([...new Set(folders)].map((folder) => readBase(tree, folder)));
  return found.flat()[0];
}

async function readBase(tree: TreeReader, folder: string): Promise<AppBase[]> {
  const [base, preview] = await Promise.all([readManifests(tree, folder), readManifests(tree, `${folder}/preview`)]);
  if (preview?.component === true && base !== undefined) {
    return [{ resources: [folder], components: [`${folder}/preview`], remote: [], manifests: merge([base, preview]) }];
  }
  if (preview?.above === true) {
    throw new PreviewProblem(
      `${folder}/preview/kustomization.yaml refers to the folder that it is in, which kustomize refuses: make it ` +
        '"kind: Component" of "apiVersion: kustomize.config.k8s.io/v1alpha1", without that resource.',
    );
  }
  const manifests = preview ?? base;
  const path = preview === undefined ? folder : `${folder}/preview`;
  return manifests === undefined ? [] : [{ resources: [path], components: [], remote: [], manifests }];
}

/** Keys by which a kustomization takes in objects. */
const TAKEN_IN = ['resources', 'bases', 'components'];

/** Reads the folders outside itself that an app's own overlay refers to. */
async function readReferenced(
  tree: TreeReader,
  layout: Layout,
  host: string,
  app: string,
  overlay: Overlay,
): Promise<AppBase | undefined> {
  const own = overlayTemplatesOf(layout, app)
    .filter((template) => isPerApp(layout, template))
    .map((template) => overlayFolder(layout, template, host, app));
  const kustomization = overlay.files.find(({ path }) => own.includes(posix.dirname(path)) && isKustomization(path));
  if (kustomization === undefined) {
    return undefined;
  }
  const folder = posix.dirname(kustomization.path);
  const { text, path: file } = kustomization;
  const references = asPreviewProblem(() => manifestReferences(text, file));
  const remote = buildInputs(text, file)
    .filter(({ key, kind }) => kind === 'remote' && TAKEN_IN.includes(key))
    .map(({ path: address, line }) => ({ address, file, line }));
  const outside = references
    .filter((reference) => !isRemote(reference) && !reference.startsWith('/') && !isManifestPath(reference))
    .map((reference) => posix.join(folder, reference).replace(/\/$/, ''))
    .filter((path) => !path.startsWith('..') && !path.startsWith(`${folder}/`) && path !== folder);
  const read = await Promise.all(outside.map(async (path) => ({ path, manifests: await readManifests(tree, path) })));
  const known = read.flatMap(({ path, manifests }) => (manifests === undefined ? [] : [{ path, manifests }]));
  if (known.length === 0 && remote.length === 0) {
    return undefined;
  }
  const components = known.filter((each) => each.manifests.component);
  return {
    resources: known.filter((each) => !each.manifests.component).map((each) => each.path),
    components: components.map((each) => each.path),
    remote,
    manifests: merge(known.map((each) => each.manifests)),
  };
}

function merge(all: readonly Manifests[]): Manifests {
  const objects = new Map(
    all.flatMap((each) => each.objects).map((object) => [JSON.stringify([object.kind, object.name]), object]),
  );
  return {
    objects: [...objects.values()],
    images: [...new Set(all.flatMap((each) => each.images))],
    remote: all.flatMap((each) => each.remote),
    component: false,
    above: false,
    opened: [...new Set(all.flatMap((each) => each.opened))],
  };
}
