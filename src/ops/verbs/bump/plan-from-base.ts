import type { ImageTarget, Target } from '../../carriers/carrier.js';
import { type ImageReference, sameRepository } from '../../carriers/image-reference.js';
import { goesBackwards } from '../../carriers/never-backwards.js';
import { versionOf } from '../../carriers/tag-version.js';
import { baseImagesOf } from '../../overlays/base-images.js';
import type { Layout } from '../../overlays/layout.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { editYaml } from '../../yaml/edit.js';
import type { Plan } from './plan.js';

/**
 * Plans an app's version where only its base names its images: the environment's own kustomization gets an entry for each
 * in `images`, so that no other environment changes.
 *
 * @returns `undefined` where the base runs none of the images either
 * @throws Error where a kustomization cannot be changed in place
 */
export async function planFromBase(
  tree: TreeReader,
  layout: Layout,
  { environment, app }: AppEnvironment,
  targets: readonly Target[],
): Promise<Plan | undefined> {
  const images = targets.filter((target) => target.kind === 'image');
  const bases = await baseImagesOf(tree, layout, environment, app);
  const found = bases.map(({ kustomization, images: running }) => ({
    kustomization,
    pairs: images.flatMap((target) =>
      running.filter(({ name }) => sameRepository(name, target.repository)).map((current) => ({ target, current })),
    ),
  }));
  const pairs = found.flatMap((each) => each.pairs);
  const [first] = pairs;
  if (first === undefined) {
    return undefined;
  }
  const previous = first.current.tag === undefined ? null : (versionOf(first.current.tag) ?? first.current.tag);
  const missing = targets.filter((target) => target.kind !== 'base' && pairs.every((pair) => pair.target !== target));
  if (pairs.some(goesBackwards)) {
    return {
      state: 'newer',
      previous,
      change: { files: new Map() },
      before: new Map(),
      missing: [],
      carriesBase: false,
    };
  }
  const changed = found.filter((each) => each.pairs.length > 0);
  const texts = changed.map(({ kustomization: { path, text }, pairs: own }): [string, string] => [
    path,
    own.reduce(
      (result, { target, current }) => editYaml(result, [{ path: ['images'], append: entryOf(current, target) }], path),
      text,
    ),
  ]);
  return {
    ...{ state: 'change', previous, missing, carriesBase: false },
    change: { files: new Map(texts) },
    before: new Map(changed.map(({ kustomization: { path, text } }) => [path, text])),
  };
}

/** Kustomize goes by the name as the container has it. */
function entryOf({ name }: ImageReference, { tag, digest }: ImageTarget): Record<string, string> {
  return { name, newTag: tag, ...(digest === undefined ? {} : { digest }) };
}
