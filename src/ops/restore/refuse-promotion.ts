import type { Target } from '../carriers/carrier.js';
import { type Deployed, deployedIn, deployedTargets } from '../carriers/deployed.js';
import { loneTags } from '../carriers/lone-tag.js';
import { isSameThing, isSameVersion } from '../carriers/target.js';
import type { AppState } from '../overlays/app-state.js';
import type { Move } from './plan-promotion.js';

/**
 * Refuses a promotion that would change nothing where nobody can tell what the source has: the target may not have it.
 *
 * @param held what is known of it
 * @throws Error with what to write there
 */
export function refuseUntold({ app, source, target }: Move, held: Deployed): void {
  const [loose] = held.following ?? [];
  if (held.version === null && loose !== undefined) {
    throw new Error(
      `${source.environment} lets ${app} follow ${loose.range === '' ? 'the newest version' : loose.range} of chart ` +
        `${loose.name}, so it has no version to promote. Pin one there, then promote again.`,
    );
  }
  if (deployedTargets(held).length === 0) {
    refuseLoneTags(source);
    throw new Error(
      `Nothing that is read in ${source.environment} says which version of ${app} it has, so whether ${target.environment} has it too is not ` +
        'known. Let an entry of "images" in its kustomization say it, then promote again.',
    );
  }
}

/** A place of the target that the source has no counterpart of would stay as it is. */
export function refuseOneSided({ app, source, target }: Move, wanted: readonly Target[]): void {
  const left = target.parts.find(
    ({ overlay }, index) =>
      overlay !== undefined &&
      source.parts[index]?.overlay === undefined &&
      deployedTargets(deployedIn(overlay, app)).some((each) =>
        wanted.some((other) => isSameThing(each, other) && !isSameVersion(each, other)),
      ),
  );
  if (left !== undefined) {
    throw new Error(
      `${target.environment} has ${app} in ${left.folder} too, of which ${source.environment} has no counterpart, so it would stay at another ` +
        `version. Set it there with bump-overlay, then promote again.`,
    );
  }
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
