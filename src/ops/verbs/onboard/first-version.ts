import type { ImageTarget } from '../../carriers/carrier.js';
import { formatReference, sameRepository } from '../../carriers/image-reference.js';
import type { Manifest, Manifests } from '../../overlays/manifests.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { textAt, type YamlValue } from '../../yaml/values.js';

/** An entry of `images:` in a kustomization. */
export type ImageEntry = Record<'name' | 'newName', string> & { newTag?: string; digest?: string };

/**
 * Entries of `images:` that set an app's first version.
 *
 * @param base the manifests of the app's base; `undefined` where they are in another repository
 * @param folder the base, for messages
 * @throws Error where nothing in the base runs one of the images
 */
export function imageEntries(
  images: readonly ImageTarget[],
  base: Manifests | undefined,
  folder: string,
): ImageEntry[] {
  return images.map((target) => {
    const { repository, tag, digest } = target;
    const name = base === undefined ? repository : nameOf(target, base.images);
    if (name === undefined) {
      throw new Error(
        `Nothing in ${folder} runs ${repository}. It runs: ${base?.images.join(', ') || 'no image'}. ` +
          'Name the image as the manifests do, or change the manifests.',
      );
    }
    return {
      name,
      newName: repository,
      ...(tag === undefined ? {} : { newTag: tag }),
      ...(digest === undefined ? {} : { digest }),
    };
  });
}

/** What a base calls an image: its repository, else what has its name. */
function nameOf({ repository, image }: ImageTarget, names: readonly string[]): string | undefined {
  return (
    names.find((name) => sameRepository(name, repository)) ?? names.find((name) => name.split('/').at(-1) === image)
  );
}

/** Kinds whose containers kustomize merges by name; of others a patch would replace the whole list. */
const MERGED = new Set(['apps', 'batch', '']);

/**
 * A strategic merge patch that sets an app's first version, as groups have it: one document for each object.
 *
 * @returns `undefined` where an image is in an object that kustomize cannot merge containers of
 */
export function versionPatch(entries: readonly ImageEntry[], objects: readonly Manifest[]): string | undefined {
  const documents: string[] = [];
  const placed = new Set<ImageEntry>();
  for (const { apiVersion, kind, name, spec } of objects) {
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    const found = MERGED.has(group)
      ? containers({ kind: 'map', line: 1, entries: new Map(spec) }, entries, placed)
      : undefined;
    if (found !== undefined) {
      documents.push(toYaml({ apiVersion, kind, metadata: { name }, spec: found }));
    }
  }
  return placed.size === entries.length ? documents.join('---\n') : undefined;
}

/** The part of a spec that holds containers with one of the images, with these and nothing else in it. */
function containers(
  value: YamlValue,
  entries: readonly ImageEntry[],
  placed: Set<ImageEntry>,
): Record<string, unknown> | undefined {
  if (value.kind !== 'map') {
    return undefined;
  }
  const parts = [...value.entries].flatMap(([key, child]): [string, unknown][] => {
    if (key === 'containers' || key === 'initContainers') {
      const set = child.kind === 'list' ? child.items.flatMap((item) => container(item, entries, placed)) : [];
      return set.length === 0 ? [] : [[key, set]];
    }
    const inner = containers(child, entries, placed);
    return inner === undefined ? [] : [[key, inner]];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

function container(item: YamlValue, entries: readonly ImageEntry[], placed: Set<ImageEntry>) {
  const name = item.kind === 'map' ? textAt(item, 'name') : undefined;
  const image = item.kind === 'map' ? textAt(item, 'image')?.replace(/[:@][^/]*$/, '') : undefined;
  const entry = entries.find((each) => image !== undefined && sameRepository(each.name, image));
  if (name === undefined || entry === undefined) {
    return [];
  }
  placed.add(entry);
  return [{ name, image: formatReference({ name: entry.newName, tag: entry.newTag, digest: entry.digest }) }];
}
