import type { ImageTarget } from '../carriers/carrier.js';
import type { ImageReference } from '../carriers/image-reference.js';
import { layerFile } from '../kustomize/layers/layer-file.js';
import { layerText } from '../kustomize/layers/layer-node.js';
import type { RunningContainer } from '../kustomize/layers/running-containers.js';
import { splitImage } from '../kustomize/layers/set-images.js';
import { editYaml } from '../yaml/edit.js';
import { judge, runs } from './claimed-versions.js';
import { referenceOf } from './effective-versions.js';
import { imagesInOverlay, type LayeredOverlay, type NewTexts } from './layered-overlay.js';

/**
 * The kustomization of an overlay with an entry in `images` for each container that runs another version of a target than it
 * is to run, so that no other environment changes. Kustomize applies the entries one after the other, each to the name that
 * an image has by then.
 *
 * An image that another app of the same kustomization runs too gets none, and neither has one that an entry names already.
 * Where not all of its apps were read, nobody can tell, and none gets one.
 *
 * @param texts other texts that files are to have, that of the kustomization among them
 * @param isMeant which containers get one
 * @returns its new text; `undefined` where it needs no entry
 * @throws Error with file and line where the kustomization cannot be changed in place
 */
export function withPins(
  overlay: LayeredOverlay,
  texts: NewTexts,
  targets: readonly ImageTarget[],
  isMeant: (container: RunningContainer) => boolean = () => true,
): string | undefined {
  const { path } = overlay.kustomization;
  if (!overlay.isOwn && !overlay.isWhole) {
    return undefined;
  }
  const planned = new Map(texts);
  const before = planned.get(path) ?? overlay.kustomization.text;
  let text = before;
  for (const target of targets) {
    const images = imagesInOverlay(overlay, planned);
    const behind = judge(images, target).behind.filter(isMeant);
    const own = new Set(images.own);
    const others = images.containers.filter((each) => !own.has(each) || !(behind.includes(each) || has(each, target)));
    const taken = new Set([
      ...layerFile(path, text).images.map(({ node }) => layerText(node, 'name')),
      ...others.map(nameOf),
    ]);
    for (const name of new Set(behind.filter((each) => own.has(each)).map(nameOf))) {
      if (!taken.has(name)) {
        text = editYaml(text, [{ path: ['images'], append: entryOf({ name }, target) }], path);
      }
    }
    planned.set(path, text);
  }
  return text === before ? undefined : text;
}

/** Whether a container runs a target already. */
function has(container: RunningContainer, target: ImageTarget): boolean {
  const reference = referenceOf(container);
  return reference !== undefined && runs(reference, target);
}

function nameOf({ image }: { image: string }): string {
  return splitImage(image).name;
}

/** Kustomize goes by the name as the container has it. */
export function entryOf({ name }: Pick<ImageReference, 'name'>, { tag, digest }: ImageTarget): Record<string, string> {
  return { name, ...(tag === undefined ? {} : { newTag: tag }), ...(digest === undefined ? {} : { digest }) };
}
