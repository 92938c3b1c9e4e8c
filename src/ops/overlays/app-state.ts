import { posix } from 'node:path';
import { type Held, heldBy } from '../carriers/held.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { readKustomization } from '../kustomize/kustomization.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type AppOverlay, patchesFolder } from './app-overlay.js';
import { isPerApp, type Layout, overlayFolder } from './layout.js';
import { readOverlay } from './overlay.js';

/** What an environment says of an app, at one commit. */
export interface AppState {
  environment: string;
  app: string;
  /** One for each of the layout's templates. */
  parts: OverlayPart[];
  /** Of all parts together; `undefined` where the environment does not have the app. */
  held: Held | undefined;
}

/** What it says by one of the layout's templates. */
export interface OverlayPart extends Omit<AppOverlay, 'kustomization'> {
  kustomization: OverlayFile | undefined;
  /** The environment's own kustomization, above the app's folder; `undefined` where there is none or apps share theirs. */
  root: OverlayFile | undefined;
  /** The files that may carry the app's version; `undefined` where this template does not have the app. */
  overlay: OverlayFile[] | undefined;
  /** Every YAML and JSON file of the app's own folder, by name. */
  files: ReadonlyMap<string, string>;
}

/**
 * Reads an app's state in an environment. Several asked for in one tick are read together.
 *
 * @throws Error where a kustomization is no valid YAML, or a name is not fit for a path; what a failed request throws
 */
export async function readState(tree: TreeReader, layout: Layout, environment: string, app: string): Promise<AppState> {
  const parts = await Promise.all(layout.templates.map((template) => readPart(tree, template, environment, app)));
  const files = parts.flatMap((part) => part.overlay ?? []);
  const present = parts.some((part) => part.overlay !== undefined);
  return { environment, app, parts, held: present ? heldBy(files, app) : undefined };
}

async function readPart(tree: TreeReader, template: string, environment: string, app: string): Promise<OverlayPart> {
  const folder = overlayFolder(template, environment, app);
  const patches = patchesFolder(template, folder, app);
  const [overlay, kustomization, root, files] = await Promise.all([
    readOverlay(tree, { templates: [template] }, environment, app),
    readKustomization(tree, folder),
    isPerApp(template) ? readKustomization(tree, posix.dirname(folder)) : undefined,
    readFiles(tree, patches),
  ]);
  return { environment, template, folder, patches, kustomization, root, overlay: overlay?.files, files };
}

async function readFiles(tree: TreeReader, folder: string): Promise<Map<string, string>> {
  const names = ((await tree.list(folder)) ?? [])
    .filter(({ type, name }) => type === 'file' && /\.(ya?ml|json)$/.test(name))
    .map(({ name }) => name);
  const texts = await Promise.all(names.map((name) => tree.read(`${folder}/${name}`)));
  return new Map(
    names.flatMap((name, index): [string, string][] => {
      const text = texts[index];
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** Every file that was read for a state, by path. */
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

/** Whether an app has a folder with a kustomization of its own in this part. */
export function isOwnFolder({ template }: OverlayPart): boolean {
  return isPerApp(template);
}
