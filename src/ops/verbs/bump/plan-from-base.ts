import type { Carrier, ImageTarget, Target } from '../../carriers/carrier.js';
import { formatReference, type ImageReference } from '../../carriers/image-reference.js';
import { refuseInVain, refuseNewEntries } from '../../carriers/in-vain.js';
import { goesBackwards } from '../../carriers/never-backwards.js';
import { newerThere } from '../../carriers/newer-places.js';
import { versionOf } from '../../carriers/tag-version.js';
import { followVariables, isVariable } from '../../carriers/variables.js';
import type { RunningContainer } from '../../kustomize/layers/running-containers.js';
import { isOfRepository, referenceOf } from '../../overlays/effective-versions.js';
import { imagesInOverlay, type LayeredOverlay } from '../../overlays/layered-overlay.js';
import { withPins } from '../../overlays/pin-images.js';
import type { Overlay } from '../../overlays/shared-overlay.js';
import { type Plan, planCarriers } from './plan.js';

/**
 * Plans an app's version where the environment's own files say nothing of it, but only what they take in: the environment's
 * own kustomization gets an entry for each image in `images`, so that no other environment changes.
 *
 * @param overlay what the environment itself says of the app
 * @param layered the same with all that it is built from
 * @returns `undefined` where no container that is seen runs any of the images
 * @throws Error where a kustomization cannot be changed in place, where an entry would change nothing, or where it would
 *   change another container too
 */
export function planFromBase(
  overlay: Overlay,
  layered: readonly LayeredOverlay[],
  targets: readonly Target[],
): Plan | undefined {
  const images = targets.filter((target) => target.kind === 'image');
  const found = layered.map((each) => ({ layered: each, ...running(each, images) }));
  const pairs = found.flatMap((each) => each.pairs);
  const [first] = pairs;
  if (first === undefined) {
    return undefined;
  }
  const previous = first.current.tag === undefined ? null : (versionOf(first.current.tag) ?? first.current.tag);
  const missing = targets.filter((target) => target.kind !== 'base' && pairs.every((pair) => pair.target !== target));
  if (pairs.some(goesBackwards)) {
    const unchanged = { change: { files: new Map() }, before: new Map(), missing: [], carriesBase: false };
    const [newer, others] = [true, false].map((isNewer) =>
      found.flatMap(({ layered: { folder }, pairs: own }) =>
        own.filter((pair) => goesBackwards(pair) === isNewer).map(({ current }) => ({ where: folder, current })),
      ),
    );
    const { version, apart } = newerThere(newer ?? [], others ?? []);
    return { ...unchanged, state: 'newer', previous: version, apart };
  }
  const variables = pairs.filter(({ current }) => isVariable(current.tag));
  if (variables.length > 0) {
    return planVariables(overlay, found, variables);
  }
  const pinned = found.filter((each) => each.pairs.length > 0);
  for (const { layered: each, pairs: own } of pinned) {
    refuseNewEntries(overlay.files, each.kustomization.path, targetsOf(own));
  }
  const changed = pinned.flatMap(({ layered: each, pairs: own }): [LayeredOverlay['kustomization'], string][] => {
    const text = withPins(each, [], targetsOf(own));
    return text === undefined ? [] : [[each.kustomization, text]];
  });
  return {
    ...{ state: changed.length === 0 ? 'nothing' : 'change', previous, missing, carriesBase: false },
    change: { files: new Map(changed.map(([{ path }, text]) => [path, text])) },
    before: new Map(changed.map(([{ path, text }]) => [path, text])),
  };
}

function targetsOf(pairs: readonly Pair[]): ImageTarget[] {
  return [...new Set(pairs.map(({ target }) => target))];
}

interface Pair {
  target: ImageTarget;
  current: ImageReference;
}

/**
 * What the app's containers run of the targets, each name once. What another app's container runs too is left out: an entry
 * would set both.
 *
 * @throws Error where containers run one name with different tags
 */
function running(layered: LayeredOverlay, targets: readonly ImageTarget[]): { pairs: Pair[]; all: ImageReference[] } {
  const { own, containers } = imagesInOverlay(layered);
  const references = (from: readonly RunningContainer[]) => from.flatMap((each) => referenceOf(each) ?? []);
  const others = new Set(references(containers.filter((each) => !own.includes(each))).map(({ name }) => name));
  const pairs = targets.flatMap((target) => {
    const meant = references(own.filter((each) => isOfRepository(each, target.repository)));
    refuseMixed(meant, target, layered.kustomization.path);
    const names = new Map(meant.map((current) => [current.name, current]));
    return [...names.values()].filter(({ name }) => !others.has(name)).map((current) => ({ target, current }));
  });
  return { pairs, all: references(own) };
}

/** An entry goes by the name of an image, and would set the tags of all its containers to one. */
function refuseMixed(running: readonly ImageReference[], { repository }: ImageTarget, kustomization: string): void {
  const mixed = running.filter(({ name, tag }) => running.some((other) => other.name === name && other.tag !== tag));
  if (mixed.length > 0) {
    throw new Error(
      `The base of ${kustomization} runs ${repository} with different tags: ${[...new Set(mixed.map(formatReference))].join(', ')}. An ` +
        'entry of "images" would set them all. Set the one that is meant by a patch of the environment, then run again.',
    );
  }
}

/** Versions that are variables of Flux in the base are set where they are filled in, if that is among the environment's files. */
function planVariables(
  { files, folder }: Overlay,
  found: readonly { layered: LayeredOverlay; all: readonly ImageReference[] }[],
  pairs: readonly Pair[],
): Plan {
  const [first] = found;
  const file = first?.layered.kustomization.path ?? folder;
  const others = (first?.all ?? []).filter(
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
