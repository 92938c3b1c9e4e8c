import type { Carrier, ImageTarget } from '../carriers/carrier.js';
import { everyCarrier } from '../carriers/find-carriers.js';
import { formatReference, parseReference, sameRepository } from '../carriers/image-reference.js';
import { carriersLines } from '../carriers/named-lines.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isKustomization } from '../kustomize/kustomization.js';
import type { LayeredImages, RunningContainer } from '../kustomize/layers/running-containers.js';
import { splitImage } from '../kustomize/layers/set-images.js';
import { oldImages } from '../kustomize/old-images.js';
import { builtObjects, valuesBehind } from './built-values.js';
import { judge, runs } from './claimed-versions.js';
import { isOverLayers } from './effective-versions.js';
import { imagesOfOverlay, type LayeredOverlay, type NewTexts } from './layered-overlay.js';
import { madeObject, ownership } from './ownership.js';
import { releaseAdvice } from './release-advice.js';
import { valuesPatch } from './values-patch.js';

/**
 * Why an environment would not run a version that its files claim, read back from what they are planned to be through all
 * layers of kustomize. What the policy names as a carrier is taken at its word, and what an object of a reconciler sets over
 * all layers is not theirs to tell.
 *
 * @param files of the app in the environment, as they are planned to be
 * @param texts those of them that change
 * @returns sentences for a person, with the lines to paste; `undefined` where nothing speaks against it
 */
export function unprovenVersion(
  overlays: readonly LayeredOverlay[],
  files: readonly OverlayFile[],
  texts: NewTexts,
  target: ImageTarget,
): string | undefined {
  if (!isJudged(files, target)) {
    return undefined;
  }
  const [ambiguous] = overlays.filter(({ kustomization }) => kustomization.beside !== undefined);
  if (ambiguous !== undefined) {
    const { path, beside = [] } = ambiguous.kustomization;
    return `Kustomize builds nothing of ${[path, ...beside].join(' and ')}, because they are in one folder. Remove all but one, then run again.`;
  }
  const carriers = everyCarrier(files, [target]);
  const planned = [...texts];
  const verdicts = overlays.map((overlay) => {
    const images = imagesOfOverlay(overlay, planned);
    return { overlay, images, ...judge(images, target) };
  });
  for (const { overlay, behind, doubtful } of verdicts) {
    const [first] = behind;
    const [doubted] = doubtful;
    if (first !== undefined) {
      return behindReason(overlay, first, target);
    }
    if (doubted !== undefined) {
      return doubtReason(files, carriers, doubted, target);
    }
  }
  const entries = carriers.filter((each) => isKustomization(each.file) && each.kind === 'kustomize-image');
  const [last] = verdicts;
  const isVain = carriers.length > 0 && entries.length === carriers.length && verdicts.every((each) => each.isNowhere);
  return last !== undefined && isVain
    ? nowhereReason(last.overlay, last.images, entries, target)
    : verdicts.flatMap(({ overlay, images }) => valuesReason(overlay, images, files, target) ?? [])[0];
}

/**
 * Why it is not known whether an environment runs the version of an image that its files say.
 *
 * @param files of the app in the environment
 * @returns sentences for a person, with the lines to paste; `undefined` where it is known
 */
export function doubtfulVersion(
  overlays: readonly LayeredOverlay[],
  files: readonly OverlayFile[],
  target: ImageTarget,
): string | undefined {
  const carriers = everyCarrier(files, [target]);
  const [first] = isJudged(files, target)
    ? overlays.flatMap((each) => judge(imagesOfOverlay(each), target).doubtful)
    : [];
  return first === undefined ? undefined : doubtReason(files, carriers, first, target);
}

/** Whether the layers of kustomize tell what an image's carriers come to. */
export function isJudged(files: readonly OverlayFile[], target: ImageTarget): boolean {
  return !everyCarrier(files, [target]).some((carrier) => carrier.byPolicy === true || isOverLayers(files, carrier));
}

function behindReason(overlay: LayeredOverlay, container: RunningContainer, target: ImageTarget): string {
  const { file, line } = container.decided;
  const { kustomization, layers, outer } = overlay;
  const decisive = file === kustomization.path ? kustomization.text : (outer ?? layers).texts.get(file);
  const old = oldImages(decisive === undefined ? [] : [{ path: file, text: decisive }]);
  if (old !== undefined) {
    return old;
  }
  return (
    `${labelOf(container)} would still run ${container.image} (${file}:${line}), whatever ${kustomization.path} says of ` +
    `${target.repository}. Set that place to ${versionOf(target)}, or remove it there, then run again.`
  );
}

/** Why the values of a chart would be another version, as all layers make them. */
function valuesReason(
  overlay: LayeredOverlay,
  { others }: LayeredImages,
  files: readonly OverlayFile[],
  target: ImageTarget,
): string | undefined {
  const isOurs = ownership(overlay);
  const own = others.filter((object) => isOurs(madeObject(object)));
  const [value] = valuesBehind(builtObjects(own), files, target, (current) => runs(current, target));
  if (value === undefined) {
    return undefined;
  }
  const { object, current, place } = value;
  return (
    `${object} would still have ${target.repository} at ${current.tag ?? current.digest} (${place.file}:${place.line}), whatever other files ` +
    `of ${overlay.kustomization.path} say. Set that place to ${target.tag ?? target.digest}, or remove it there, then run again.`
  );
}

function doubtReason(
  files: readonly OverlayFile[],
  carriers: readonly Carrier[],
  container: RunningContainer,
  target: ImageTarget,
): string {
  const { doubt } = container;
  const lines =
    carriers.length === 0
      ? ' Name the value that counts under "carriers" in ostack.yaml, with its file, path and image.'
      : ` Say in ostack.yaml where the version is that counts, with those of these lines that are meant:\n\n${carriersLines(files, carriers, target.repository)}`;
  return (
    `${doubt?.file}:${doubt?.line}: ${doubt?.what} may write the image of ${labelOf(container)}, so that a version of ` +
    `${target.repository} may change nothing.${lines}`
  );
}

function nowhereReason(
  overlay: LayeredOverlay,
  images: LayeredImages,
  entries: readonly Carrier[],
  target: ImageTarget,
): string {
  const { path } = overlay.kustomization;
  const places = entries.map(({ file, line }) => `${file}:${line}`).join(', ');
  const said = `The entry of "images" for ${target.repository} (${places}) sets nothing: no container that ${path} takes in has an image of that name`;
  const patch = valuesPatch(images.others, target);
  if (patch !== undefined) {
    return (
      `${said}, and "images" of kustomize does not reach the values of ${patch.object}. Remove the entry, and add to the list ` +
      `"patches" of ${path}:\n\npatches:\n${patch.lines}`
    );
  }
  const release = releaseAdvice(overlay, images, target, 'not asked');
  if (release !== undefined) {
    return `${said}. Remove the entry. ${release}`;
  }
  const names = [...new Set(images.containers.map(({ image }) => splitImage(image).name))];
  const alike = names.filter((name) => name.split('/').at(-1) === target.image);
  const [name = '', ...more] = alike.length > 0 ? alike : names;
  if (name === '' || more.length > 0) {
    const known = names.length === 0 ? 'It has no container.' : `They run ${names.join(', ')}.`;
    return `${said}. ${known} Write the name of the one that is meant as its "name", and ${target.repository} as its "newName".`;
  }
  return (
    `${said}. They run ${names.join(', ')}. If that is to be this image, write instead of the entry:\n\nimages:\n- name: ${name}\n` +
    `${sameRepository(name, target.repository) ? '' : `  newName: ${target.repository}\n`}${versionLines(target)}`
  );
}

/** `Deployment web, container web`. */
function labelOf({ kind, object, name }: RunningContainer): string {
  return `${kind} ${object}${name === '' ? '' : `, container ${name}`}`;
}

function versionOf({ repository, tag, digest }: ImageTarget): string {
  return formatReference({ name: parseReference(repository)?.name ?? repository, tag, digest });
}

function versionLines({ tag, digest }: ImageTarget): string {
  const lines = [
    ...(tag === undefined ? [] : [`newTag: ${JSON.stringify(tag)}`]),
    ...(digest === undefined ? [] : [`digest: ${digest}`]),
  ];
  return lines.map((line) => `  ${line}\n`).join('');
}
