import type { Target } from '../carriers/carrier.js';
import { type Deployed, deployedTargets, unreadVersions } from '../carriers/deployed.js';
import { variantOf } from '../carriers/families.js';
import { imageTarget } from '../carriers/image-reference.js';
import { newEntriesInVain } from '../carriers/in-vain.js';
import { loneTags } from '../carriers/lone-tag.js';
import { splitImage } from '../kustomize/layers/set-images.js';
import type { AppState, OverlayPart } from '../overlays/app-state.js';
import { isOfRepository, referenceOf } from '../overlays/effective-versions.js';
import { imagesOfOverlay, type LayeredOverlay } from '../overlays/layered-overlay.js';
import { doubtfulVersion } from '../overlays/unproven-version.js';
import { onlyRelease } from '../overlays/values-patch.js';
import { saySameReleases } from './alike.js';
import type { Move } from './move.js';

/**
 * Refuses a promotion that would change nothing where nobody can tell what the source has: the target may not have it. Where it
 * says the same, there is nothing to promote.
 *
 * @param held what is known of it
 * @returns what a person should know, sentences
 * @throws Error with what to write there
 */
export function refuseUntold({ app, source, target }: Move, held: Deployed): string[] {
  if (held.version === null && deployedTargets(held).length === 0 && saySameReleases(source, target)) {
    return [`${source.environment} says no version of ${app}, and ${target.environment} says the same of it`];
  }
  const [loose] = held.following ?? [];
  if (held.version === null && loose !== undefined) {
    throw new Error(
      `${source.environment} lets ${app} follow ${loose.range === '' ? 'the newest version' : loose.range} of chart ` +
        `${loose.name}, so it has no version to promote. Pin one there, then promote again.`,
    );
  }
  if (deployedTargets(held).length === 0) {
    const files = source.parts.flatMap(({ overlay = [] }) => overlay);
    const [unread] = unreadVersions(files, app);
    if (unread !== undefined) {
      throw new Error(`Which version of ${app} ${source.environment} has is not known. ${unread}`);
    }
    refuseLoneTags(source);
    refuseWritten(source);
    const release = installingRelease(source);
    if (release !== undefined) {
      throw new Error(
        `Nothing that is read in ${source.environment} says which version of ${app} it has, so whether ${target.environment} has it too is not ` +
          `known. ${release} installs a chart, which makes what runs. Say the version in its values there, under the keys that the ` +
          'chart has for it, then promote again.',
      );
    }
    throw new Error(
      `Nothing that is read in ${source.environment} says which version of ${app} it has, so whether ${target.environment} has it too is not ` +
        'known. Let an entry of "images" in its kustomization say it, then promote again.',
    );
  }
  return [];
}

/** The HelmRelease that makes all that runs of an app, for people; `undefined` where there is none, or several. */
function installingRelease({ parts }: AppState): string | undefined {
  const images = parts.flatMap((part) => (part.layered === undefined ? [] : [imagesOfOverlay(part.layered)]));
  const release = images.some(({ containers }) => containers.length > 0)
    ? undefined
    : onlyRelease(images.flatMap(({ others }) => others));
  return release && `HelmRelease ${release.ids[0]?.name ?? ''}`;
}

/**
 * A place of the target that the source has no counterpart of gets the versions of images and bases. That of a chart has a lock
 * or values of its own, and would stay as it is.
 *
 * @param further such places, with what would be set in them
 * @throws Error naming the place, with what to do
 */
export function refuseOneSided(
  { app, source, target }: Move,
  further: readonly { part: OverlayPart; moving: readonly Target[] }[],
): void {
  const left = further.find(({ moving }) => moving.some(({ kind }) => kind === 'chart'))?.part;
  if (left !== undefined) {
    throw new Error(
      `${target.environment} has ${app} in ${left.folder} too, of which ${source.environment} has no counterpart, so it would stay at another ` +
        `version. Set it there with bump-overlay, then promote again.`,
    );
  }
}

/** What nobody knows of the source is not brought anywhere. */
export function refuseDoubtful({ app, source }: Move, wanted: readonly Target[]): void {
  const layered = source.parts.flatMap((part) => part.layered ?? []);
  const files = source.parts.flatMap(({ overlay }) => overlay ?? []);
  const images = wanted.filter((target) => target.kind === 'image');
  const [doubt] = images.flatMap((target) => doubtfulVersion(layered, files, target) ?? []);
  if (doubt !== undefined) {
    throw new Error(`What ${source.environment} runs of ${app} is not known. ${doubt}`);
  }
}

/**
 * An image that the source runs in several versions cannot become one of the target, unless its containers run the same
 * there already.
 */
export function refuseMixed({ source, target }: Move, wanted: readonly Target[]): void {
  const [here, there] = [source, target].map(({ parts }) => parts.flatMap((part) => part.layered ?? []));
  for (const { kind, repository } of wanted.flatMap((each) => (each.kind === 'image' ? [each] : []))) {
    const running = versionsRun(here ?? [], repository);
    const tags = new Map(running.map(({ tag }) => [variantOf(tag), tag]));
    const isMixed = running.some(({ tag }) => tags.get(variantOf(tag)) !== tag);
    const same = JSON.stringify(running) === JSON.stringify(versionsRun(there ?? [], repository));
    if (isMixed && !same) {
      const list = running.map(({ container, tag }) => `${tag} (${container})`).join(', ');
      throw new Error(
        `${source.environment} runs the ${kind} ${repository} with different tags: ${list}. Bring all of its containers to one version ` +
          'there with bump-overlay, then promote again.',
      );
    }
  }
}

function versionsRun(layered: readonly LayeredOverlay[], repository: string): { container: string; tag: string }[] {
  const own = layered.flatMap((each) => imagesOfOverlay(each).own).filter((each) => isOfRepository(each, repository));
  const found = own.map((each) => ({
    container: `${each.kind} ${each.object} ${each.name}`.trimEnd(),
    tag: referenceOf(each)?.tag ?? '',
  }));
  return found.filter(({ tag }) => tag !== '');
}

/** What the source has of the app. */
export function heldOrThrow({ deployed: held, environment, app, parts }: AppState): Deployed {
  const files = parts.flatMap(({ overlay = [] }) => overlay);
  const elsewhere = files.find(({ isElsewhere }) => isElsewhere)?.untouchable;
  if (elsewhere !== undefined) {
    throw new Error(`Which version of ${app} ${environment} has is not known here: ${elsewhere}`);
  }
  if (held === undefined) {
    throw new Error(`${environment} does not have ${app}, so there is nothing to promote from it.`);
  }
  return held;
}

/** What something writes over the containers of the source is no version that its kustomization could say. */
function refuseWritten({ environment, app, parts }: AppState): void {
  const layered = parts.flatMap((part) => part.layered ?? []);
  const files = parts.flatMap(({ overlay }) => overlay ?? []);
  for (const each of layered) {
    const written = imagesOfOverlay(each).own.filter(({ doubt }) => doubt !== undefined);
    for (const { image } of written) {
      const { name, tag } = splitImage(image);
      const target = imageTarget(name, tag || undefined);
      const reason =
        newEntriesInVain(files, each.kustomization.path, [target]) ?? doubtfulVersion(layered, files, target);
      if (reason !== undefined) {
        throw new Error(`Which version of ${app} ${environment} has is not known. ${reason}`);
      }
    }
  }
}

/** Nothing is there already where nobody can tell what is there. */
function refuseLoneTags({ environment, app, parts }: AppState): void {
  const lone = loneTags(parts.flatMap(({ overlay }) => overlay ?? []));
  if (lone.length > 0) {
    const places = lone.map(({ file, node }) => `${file.path}:${node.value.line}`);
    throw new Error(
      `${environment} has tags of ${app} without a repository, and whose they are is not clear: ${places.join(', ')}. Name those ` +
        'that are its versions under "carriers" in ostack.yaml, each with its file, path and image, then promote again.',
    );
  }
}
