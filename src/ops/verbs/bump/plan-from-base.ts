import type { Carrier, ImageTarget, Target } from '../../carriers/carrier.js';
import { formatReference, type ImageReference, sameRepository } from '../../carriers/image-reference.js';
import { refuseInVain, refuseNewEntries } from '../../carriers/in-vain.js';
import { goesBackwards } from '../../carriers/never-backwards.js';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { versionOf } from '../../carriers/tag-version.js';
import { followVariables, isVariable } from '../../carriers/variables.js';
import { baseImagesOf } from '../../overlays/base-images.js';
import type { Layout } from '../../overlays/layout.js';
import type { Overlay } from '../../overlays/overlay.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { editYaml } from '../../yaml/edit.js';
import { type Plan, planCarriers } from './plan.js';

/**
 * Plans an app's version where only its base names its images: the environment's own kustomization gets an entry for each
 * in `images`, so that no other environment changes.
 *
 * @param overlay what the environment itself says of the app
 * @returns `undefined` where the base runs none of the images either
 * @throws Error where a kustomization cannot be changed in place, where an entry would change nothing, or where it would
 *   change another container too
 */
export async function planFromBase(
  tree: TreeReader,
  layout: Layout,
  { environment, app }: AppEnvironment,
  overlay: Overlay,
  targets: readonly Target[],
): Promise<Plan | undefined> {
  const images = targets.filter((target) => target.kind === 'image');
  const bases = await baseImagesOf(tree, layout, environment, app);
  const found = bases.map(({ kustomization, images: running, mixed }) => ({
    ...{ kustomization, running, mixed },
    pairs: images.flatMap((target) =>
      running.filter(({ name }) => sameRepository(name, target.repository)).map((current) => ({ target, current })),
    ),
  }));
  const pairs = found.flatMap((each) => each.pairs);
  for (const { kustomization, mixed } of found) {
    for (const target of images) {
      refuseMixed(mixed, target, kustomization.path);
    }
  }
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
  const files = overlay.files;
  const variables = pairs.filter(({ current }) => isVariable(current.tag));
  if (variables.length > 0) {
    return planVariables(overlay, found, variables);
  }
  const changed = found.filter((each) => each.pairs.length > 0);
  for (const { kustomization, pairs: own } of changed) {
    refuseNewEntries(
      files,
      kustomization.path,
      own.map(({ target }) => target),
    );
  }
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

interface Pair {
  target: ImageTarget;
  current: ImageReference;
}

/** An entry goes by the name of an image, and would set the tags of all its containers to one. */
function refuseMixed(mixed: readonly ImageReference[], { repository }: ImageTarget, kustomization: string): void {
  const own = mixed.filter(({ name }) => sameRepository(name, repository)).map(formatReference);
  if (own.length > 0) {
    throw new Error(
      `The base of ${kustomization} runs ${repository} with different tags: ${[...new Set(own)].join(', ')}. An entry of "images" ` +
        'would set them all. Set the one that is meant by a patch of the environment, then run again.',
    );
  }
}

/** Versions that are variables of Flux in the base are set where they are filled in, if that is among the environment's files. */
function planVariables(
  { files, folder }: Overlay,
  found: readonly { kustomization: OverlayFile; running: readonly ImageReference[] }[],
  pairs: readonly Pair[],
): Plan {
  const [{ kustomization, running } = { kustomization: undefined, running: [] }] = found;
  const file = kustomization?.path ?? folder;
  const others = running.filter(
    ({ name, tag }) =>
      pairs.some(({ current }) => current.tag === tag) && !pairs.some(({ current }) => current.name === name),
  );
  const carriers = pairs.map(({ target, current }): Carrier => {
    const place = { file: `the base of ${file}`, document: 0, path: [], line: 1, edits: [] };
    return { ...place, kind: 'image', target, certain: true, current: { ...current, repository: current.name } };
  });
  const followed = others.length > 0 ? followVariables([], carriers) : followVariables(files, carriers);
  refuseInVain(
    files,
    followed,
    followed.map((carrier) => ({ path: carrier.file })),
  );
  return planCarriers(files, followed);
}

/** Kustomize goes by the name as the container has it. */
function entryOf({ name }: ImageReference, { tag, digest }: ImageTarget): Record<string, string> {
  return { name, ...(tag === undefined ? {} : { newTag: tag }), ...(digest === undefined ? {} : { digest }) };
}
