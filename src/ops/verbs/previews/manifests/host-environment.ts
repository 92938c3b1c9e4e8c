import { overlayNodes } from '../../../carriers/file-nodes.js';
import { parseReference, sameRepository } from '../../../carriers/image-reference.js';
import { asPreviewProblem } from '../../../judgement/preview-problem.js';
import { appsByTemplate, environmentApps } from '../../../overlays/environment-apps.js';
import { baseOfGroup, isPerApp, type Layout } from '../../../overlays/layout.js';
import type { Overlay } from '../../../overlays/shared-overlay.js';
import { folderNames } from '../../../overlays/template-folders.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { type MapValue, textAt } from '../../../yaml/values.js';

/** An entry of `images:` in a kustomization. */
export interface ImageEntry {
  name: string;
  newName?: string;
  newTag?: string;
  digest?: string;
}

/**
 * Lists the apps that run in the host environment, in alphabetical order. In the groups layout these are the apps of groups
 * that have one of the affected apps: a group of infrastructure should not run once more in every preview.
 *
 * @param host name of the environment
 * @param affected names of the apps that the pull request changes
 * @throws whatever the tree throws
 */
export async function appsOfHost(
  tree: TreeReader,
  layout: Layout,
  host: string,
  affected: readonly string[],
): Promise<string[]> {
  const isIncluded = async (template: string) => {
    if (isPerApp(layout, template)) {
      return true;
    }
    const based = folderNames(await tree.list(baseOfGroup(template)));
    const pool = based.length > 0 ? based : await appsByTemplate(tree, layout, template, host);
    return affected.some((app) => pool.includes(app));
  };
  const included = await Promise.all(layout.templates.map(isIncluded));
  return environmentApps(tree, { ...layout, templates: layout.templates.filter((_, index) => included[index]) }, host);
}

/**
 * Reads which images an app runs in the host environment: the `images:` entries of its overlay as they are, and an entry
 * for each image that a patch of the overlay sets with a tag or digest.
 *
 * @param overlay `undefined` where the environment does not have the app
 * @param names images as the app's base calls them; an overlay may also have entries of other apps
 * @param all whether to take every entry, because a remote base leaves the names open
 * @throws PreviewProblem where a file of the overlay is no valid YAML
 */
export function imagesOfHost(overlay: Overlay | undefined, names: readonly string[], all: boolean): ImageEntry[] {
  const entries = new Map<string, ImageEntry>();
  for (const file of overlay?.files ?? []) {
    for (const { key, path: location, value } of asPreviewProblem(() => overlayNodes(file))) {
      if (value.kind !== 'map') {
        continue;
      }
      const entry = key === 'images' && typeof location.at(-1) === 'number' ? entryOf(value) : undefined;
      if (entry !== undefined && (all || names.includes(entry.name))) {
        entries.set(entry.name, entry);
      }
      const image = patchedImage(value, names);
      if (image !== undefined && !entries.has(image.name)) {
        entries.set(image.name, image);
      }
    }
  }
  return [...entries.values()];
}

function entryOf(map: MapValue): ImageEntry | undefined {
  const name = textAt(map, 'name');
  const [newName, newTag, digest] = [textAt(map, 'newName'), textAt(map, 'newTag'), textAt(map, 'digest')];
  return name === undefined ? undefined : { name, ...picked({ newName, newTag, digest }) };
}

/** The entry for the image of a container in a patch, where it has a tag or digest and is one of the app's. */
function patchedImage(container: MapValue, names: readonly string[]): ImageEntry | undefined {
  const image = parseReference(textAt(container, 'image') ?? '');
  const name = image && names.find((each) => sameRepository(each, image.name));
  return image === undefined || name === undefined || (image.tag ?? image.digest) === undefined
    ? undefined
    : { name, ...picked({ newTag: image.tag, digest: image.digest }) };
}

/** The fields that are set, for `exactOptionalPropertyTypes`. */
function picked(fields: Record<'newTag' | 'digest', string | undefined> & { newName?: string | undefined }) {
  const { newName, newTag, digest } = fields;
  return {
    ...(newName ? { newName } : {}),
    ...(newTag ? { newTag } : {}),
    ...(digest ? { digest } : {}),
  };
}
