import { parseReference, sameRepository } from '../../carriers/image-reference.js';
import { yamlNodes } from '../../carriers/yaml-nodes.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { baseOfGroup, isPerApp, type Layout } from '../../overlays/layout.js';
import type { Overlay } from '../../overlays/overlay.js';
import { folderNames } from '../../overlays/template-folders.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { textAt } from '../../yaml/values.js';
import { reading } from './problem.js';

/** An entry of `images:` in a kustomization. */
export interface ImageEntry {
  name: string;
  newName?: string;
  newTag?: string;
  digest?: string;
}

/**
 * The apps that the host environment runs, in alphabetical order; in the layout of groups those of groups that have one of
 * the affected apps (a group of infrastructure is nothing to run once more).
 */
export async function appsOfHost(
  tree: TreeReader,
  layout: Layout,
  host: string,
  affected: readonly string[],
): Promise<string[]> {
  const isConcerned = async (template: string) => {
    const pool = isPerApp(template) ? undefined : folderNames(await tree.list(baseOfGroup(template)));
    return pool === undefined || affected.some((app) => pool.includes(app));
  };
  const concerned = await Promise.all(layout.templates.map(isConcerned));
  return environmentApps(tree, { templates: layout.templates.filter((_, index) => concerned[index]) }, host);
}

/**
 * What the host's overlay sets an app's images to: its `images:` entries as they are, and for images that its patches
 * name in full, entries that say the same.
 *
 * @param names images as the app's base calls them; others are other apps'
 * @param all whether to take every entry, since the base, or a part of it, is elsewhere and its names are not known
 */
export function imagesOfHost(overlay: Overlay | undefined, names: readonly string[], all: boolean): ImageEntry[] {
  const entries = new Map<string, ImageEntry>();
  for (const { path, text } of overlay?.files ?? []) {
    for (const site of reading(() => yamlNodes(text, path))) {
      if (site.value.kind !== 'map') {
        continue;
      }
      const listed = site.key === 'images' && typeof site.path.at(-1) === 'number';
      const entry = listed ? entryOf((key) => textAt(site.value.kind === 'map' ? site.value : EMPTY, key)) : undefined;
      if (entry !== undefined && (all || names.includes(entry.name))) {
        entries.set(entry.name, entry);
      }
      const image = parseReference(textAt(site.value, 'image') ?? '');
      const name = image && names.find((each) => sameRepository(each, image.name));
      if (
        image !== undefined &&
        name !== undefined &&
        !entries.has(name) &&
        (image.tag ?? image.digest) !== undefined
      ) {
        entries.set(name, { name, ...picked({ newTag: image.tag, digest: image.digest }) });
      }
    }
  }
  return [...entries.values()];
}

const EMPTY = { kind: 'map' as const, line: 1, entries: new Map() };

function entryOf(at: (key: string) => string | undefined): ImageEntry | undefined {
  const name = at('name');
  return name === undefined
    ? undefined
    : { name, ...picked({ newName: at('newName'), newTag: at('newTag'), digest: at('digest') }) };
}

function picked(fields: Record<'newTag' | 'digest', string | undefined> & { newName?: string | undefined }) {
  const { newName, newTag, digest } = fields;
  return {
    ...(newName ? { newName } : {}),
    ...(newTag ? { newTag } : {}),
    ...(digest ? { digest } : {}),
  };
}
