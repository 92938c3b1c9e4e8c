import { posix } from 'node:path';
import { type Deployed, deployedIn } from '../carriers/deployed.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { readKustomization } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type AppOverlay, patchesFolder } from './app-overlay.js';
import { templatesOf } from './carrier-files.js';
import { deployedWith, effectiveVersions } from './effective-versions.js';
import { type LayeredOverlay, layeredOverlaysOf } from './layered-overlay.js';
import { hasPlace, isFile, isPerApp, type Layout, overlayFolder } from './layout.js';
import { readOverlay } from './overlay.js';

/** Everything that an environment has of an app, at one commit. */
export interface AppState {
  environment: string;
  app: string;
  /** One for each template of the layout. */
  parts: OverlayPart[];
  /** The deployed versions of all parts together; `undefined` where the environment does not have the app. */
  deployed: Deployed | undefined;
}

/** What an environment has of an app by one template of the layout. */
export interface OverlayPart extends Omit<AppOverlay, 'kustomization'> {
  kustomization: OverlayFile | undefined;
  /**
   * The environment's kustomization above the app's folder; `undefined` for none, and where apps share a kustomization.
   */
  root: OverlayFile | undefined;
  /** The files that may carry the app's version; `undefined` where this template does not have the app. */
  overlay: OverlayFile[] | undefined;
  /** The texts of all YAML and JSON files in the app's own folder, by name. */
  files: ReadonlyMap<string, string>;
  /**
   * Whether there is the folder that the app's own is or would be in: that of a cluster, where the environment may have several.
   * `undefined` where the app has one place at most.
   */
  hasAbove?: boolean | undefined;
  /** All that kustomize builds it from; `undefined` where that was not read, or it is no kustomization. */
  layered?: LayeredOverlay | undefined;
}

/**
 * Reads the state of an app in an environment. States that are read in one tick share requests.
 *
 * @throws Error where a kustomization is not valid YAML, a name cannot be part of a path, or a request fails
 */
export async function readState(tree: TreeReader, layout: Layout, environment: string, app: string): Promise<AppState> {
  const templates = templatesOf(layout, app);
  const parts = await Promise.all(
    templates.map(async (template): Promise<OverlayPart> => {
      const [part, hasAbove] = await Promise.all([
        readPart(tree, layout, template, environment, app),
        templates.length > 1 ? hasFolderAbove(tree, layout, template, { environment, app }) : undefined,
      ]);
      return hasAbove === undefined ? part : { ...part, hasAbove };
    }),
  );
  const files = parts.flatMap((part) => part.overlay ?? []);
  const present = parts.some((part) => part.overlay !== undefined);
  return { environment, app, parts, deployed: present ? deployedIn(files, app) : undefined };
}

/**
 * The state of an app by what its containers run in the end, through all layers of kustomize. What is read for it takes a few
 * requests more, which states that are read in one tick share.
 *
 * @throws InvalidYaml where a kustomization of the overlay is not valid YAML; what a failed request throws
 */
export async function withLayers(tree: TreeReader, layout: Layout, state: AppState): Promise<AppState> {
  const { environment, app, deployed } = state;
  if (deployed === undefined) {
    return state;
  }
  const overlays = await layeredOverlaysOf(tree, layout, environment, app);
  const parts = state.parts.map((part) => ({
    ...part,
    layered: overlays.find(({ template }) => template === part.template),
  }));
  const files = parts.flatMap((part) => part.overlay ?? []);
  const versions = overlays.map((overlay) => effectiveVersions(overlay));
  return { ...state, parts, deployed: deployedWith(files, app, versions) };
}

/** Whether the layers were read. */
export function knowsLayers({ parts }: AppState): boolean {
  return parts.some(({ layered }) => layered !== undefined);
}

/** Whether there is the folder of apps that an app's own folder would be in; `undefined` where apps come before environments. */
async function hasFolderAbove(
  tree: TreeReader,
  layout: Layout,
  template: string,
  { environment, app }: AppEnvironment,
): Promise<boolean | undefined> {
  const at = template.indexOf('{app}');
  if (!hasPlace(layout, template, environment)) {
    return false;
  }
  return at < 0 || at < template.indexOf('{environment}')
    ? undefined
    : (await tree.list(posix.dirname(overlayFolder(layout, template, environment, app)))) !== undefined;
}

async function readPart(
  tree: TreeReader,
  layout: Layout,
  template: string,
  environment: string,
  app: string,
): Promise<OverlayPart> {
  const folder = overlayFolder(layout, template, environment, app);
  const isOwn = isPerApp(layout, template);
  const patches = patchesFolder(isOwn, folder, app);
  const isAlone = isFile(template);
  const [overlay, kustomization, root, files] = await Promise.all([
    readOverlay(tree, layout, environment, app, [template]),
    isAlone ? undefined : readKustomization(tree, folder),
    isOwn && !isAlone ? readKustomization(tree, posix.dirname(folder)) : undefined,
    isAlone ? new Map<string, string>() : readFiles(tree, patches),
  ]);
  return { environment, template, isOwn, folder, patches, kustomization, root, overlay: overlay?.files, files };
}

async function readFiles(tree: TreeReader, folder: string): Promise<Map<string, string>> {
  const names = ((await tree.list(folder)) ?? [])
    .filter(({ type, name }) => type === 'file' && isManifestPath(name))
    .map(({ name }) => name);
  const texts = await Promise.all(names.map((name) => tree.read(`${folder}/${name}`)));
  return new Map(
    names.flatMap((name, index): [string, string][] => {
      const text = texts[index];
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** The texts of all files in a state, by path. */
export function textsOf({ parts }: AppState): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { kustomization, root, overlay, patches, files } of parts) {
    for (const { path, text } of [kustomization ?? [], root ?? [], overlay ?? []].flat()) {
      texts.set(path, text);
    }
    for (const [name, text] of files) {
      texts.set(`${patches}/${name}`, text);
    }
  }
  return texts;
}
