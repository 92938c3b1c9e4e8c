import type { Carrier } from './carrier.js';
import { sameRepository } from './image-reference.js';
import type { OverlayFile } from './overlay-file.js';
import { overriderOfImage, placesOfImages } from './overridden-image.js';
import { overriderInValues } from './overridden-value.js';
import { valueStacks } from './value-stack.js';

/**
 * Says which of the places that carry a version of the same image a cluster obeys: parameters and inline values over files of
 * values, `images` over manifests, the `images` of a reconciler's object over those of the folder that it deploys. Places that
 * nothing is known to override stand side by side. What the policy names is taken at its word.
 *
 * @param carriers of the files
 * @returns for each carrier what is obeyed instead of it, which may be none of them: a value that only overrides;
 *   `undefined` where it is obeyed
 */
export function overriders(files: readonly OverlayFile[], carriers: readonly Carrier[]): (Carrier | undefined)[] {
  const stacks = carriers.some(({ target }) => target.kind === 'image') ? valueStacks(files) : [];
  const places = placesOfImages(files, carriers);
  const named = carriers.flatMap(({ byPolicy, target }) => (byPolicy && target.kind === 'image' ? [target] : []));
  return carriers.map((carrier) =>
    carrier.target.kind !== 'image' || named.some(({ repository }) => isOf(carrier, repository))
      ? undefined
      : (overriderOfImage(places, carrier) ?? overriderInValues(stacks, carriers, carrier)),
  );
}

/**
 * Carriers with what is obeyed instead of each, and what overrides them without naming the image. What has no version and is
 * overridden is no carrier: a version there would be read by nobody.
 */
export function withPrecedence(files: readonly OverlayFile[], carriers: readonly Carrier[]): Carrier[] {
  const over = overriders(files, carriers);
  if (over.every((each) => each === undefined)) {
    return [...carriers];
  }
  const known = new Set(carriers);
  const own = carriers.flatMap((carrier, index): Carrier[] => {
    const overriddenBy = over[index];
    const { tag, digest } = carrier.current;
    return overriddenBy === undefined ? [carrier] : (tag ?? digest) === undefined ? [] : [{ ...carrier, overriddenBy }];
  });
  const more = new Map(
    over.flatMap((each): [string, Carrier][] =>
      each === undefined || known.has(each)
        ? []
        : [[JSON.stringify([each.file, each.document, each.path, each.target]), each]],
    ),
  );
  return [...own, ...more.values()];
}

function isOf({ target }: Carrier, repository: string): boolean {
  return target.kind === 'image' && sameRepository(target.repository, repository);
}
