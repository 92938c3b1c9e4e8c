import { parseReference, sameRepository } from '../carriers/reference.js';
import { sitesOf } from '../carriers/walk.js';
import { isPerApp, type Layout, namesIn } from '../layout.js';
import { type Overlay, readOverlay } from '../overlay.js';
import type { TreeReader } from '../tree-reader.js';
import { textAt } from '../yaml/values.js';
import { baseOfGroup } from './base.js';
import { reading } from './problem.js';

/** An entry of `images:` in a kustomization. */
export interface ImageEntry {
  name: string;
  newName?: string;
  newTag?: string;
  digest?: string;
}

/**
 * The apps that the host environment runs, in alphabetical order: the folders of its overlays; in the groups layout
 * those of the groups' bases that the host's overlay names, of groups that have one of the affected apps (a group of
 * infrastructure is nothing to run once more).
 *
 * @param affected `undefined` for the apps of all groups
 */
export async function appsOfHost(
  tree: TreeReader,
  layout: Layout,
  host: string,
  affected: readonly string[] | undefined,
): Promise<string[]> {
  const found = await Promise.all(
    layout.templates.map((template) =>
      isPerApp(template)
        ? namesIn(tree, template.replaceAll('{environment}', host), '{app}')
        : appsOfGroup(tree, template, host, affected),
    ),
  );
  return [...new Set(found.flat())].sort();
}

async function appsOfGroup(
  tree: TreeReader,
  template: string,
  host: string,
  affected: readonly string[] | undefined,
): Promise<string[]> {
  const entries = (await tree.list(baseOfGroup(template))) ?? [];
  const names = entries.filter(({ type }) => type === 'folder').map(({ name }) => name);
  if (affected?.some((app) => names.includes(app)) === false) {
    return [];
  }
  const overlays = await Promise.all(names.map((app) => readOverlay(tree, { templates: [template] }, host, app)));
  return names.filter((_, index) => overlays[index] !== undefined);
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
    for (const site of reading(() => sitesOf(text, path))) {
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
