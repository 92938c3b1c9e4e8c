import type { ImageTarget, Target } from '../../carriers/carrier.js';
import { refuseNewEntries } from '../../carriers/in-vain.js';
import { goesBackwards } from '../../carriers/never-backwards.js';
import { newerThere, type PlaceVersion } from '../../carriers/newer-places.js';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { versionOf } from '../../carriers/tag-version.js';
import { isVariable } from '../../carriers/variables.js';
import type { RunningContainer } from '../../kustomize/layers/running-containers.js';
import { judge } from '../../overlays/claimed-versions.js';
import { isOfRepository, referenceOf } from '../../overlays/effective-versions.js';
import { imagesOfOverlay, type LayeredOverlay } from '../../overlays/layered-overlay.js';
import { withPins } from '../../overlays/pin-images.js';
import type { Overlay } from '../../overlays/shared-overlay.js';
import { isJudged, unprovenVersion } from '../../overlays/unproven-version.js';
import { unreadParts } from '../../overlays/unread-parts.js';
import type { OverlayPlan } from './overlay-plan.js';
import type { Plan } from './plan.js';

/**
 * A plan whose versions are read back through all layers of kustomize. A container that would stay behind, because the files
 * of the environment set only another place, gets an entry in `images` of the environment's own kustomization.
 *
 * @param overlay the environment's files as they are
 * @returns the plan, with those entries; a problem where a version would change nothing, or where nobody can tell
 * @throws Error where the kustomization cannot be changed in place, or where something else would write over an entry
 */
export function provedPlan(
  plan: Plan,
  overlay: Overlay,
  layered: readonly LayeredOverlay[],
  targets: readonly Target[],
): OverlayPlan {
  if (plan.state === 'newer' || layered.length === 0) {
    return { plan };
  }
  const images = targets
    .filter((target) => target.kind === 'image')
    .filter((target) => isJudged(overlay.files, target));
  const newer = images.flatMap((target) => newerIn(layered, plan, target));
  if (newer.length > 0) {
    const unchanged = { change: { files: new Map() }, before: new Map(), missing: [], carriesBase: plan.carriesBase };
    const folders = new Set(newer.map(({ where }) => where));
    const others = images.flatMap(({ repository }) =>
      layered
        .filter(({ folder }) => !folders.has(folder))
        .flatMap((each) =>
          placesIn(
            each,
            imagesOfOverlay(each).own.filter((one) => isOfRepository(one, repository)),
          ),
        ),
    );
    const { version, apart } = newerThere(newer, others);
    return { plan: { ...unchanged, state: 'newer', previous: version, apart } };
  }
  const said = { ...plan, previous: runningVersion(layered, images) ?? plan.previous };
  const whole = layered.reduce((result, each) => pinned(result, overlay.files, each, images), said);
  const files = overlay.files.map((file) => ({ ...file, text: whole.change.files.get(file.path) ?? file.text }));
  for (const target of images) {
    const message = unprovenVersion(layered, files, whole.change.files, target);
    if (message !== undefined) {
      return { problem: { kind: 'in-vain', message } };
    }
  }
  const unproved = unreadParts(layered, files, whole.change.files, images);
  return { plan: unproved.length === 0 ? whole : { ...whole, unproved } };
}

/** What containers would still run of a newer version than the one that is to be set. */
function newerIn(layered: readonly LayeredOverlay[], { change }: Plan, target: ImageTarget): PlaceVersion[] {
  return layered
    .flatMap((each) => placesIn(each, judge(imagesOfOverlay(each, change.files), target).behind))
    .filter(({ current }) => goesBackwards({ current, target }));
}

function placesIn({ folder }: LayeredOverlay, containers: readonly RunningContainer[]): PlaceVersion[] {
  return containers.flatMap((each) => {
    const current = referenceOf(each);
    return current === undefined ? [] : [{ where: folder, current }];
  });
}

/** What the first container runs of the targets, as people read it; `undefined` where none names a version. */
function runningVersion(layered: readonly LayeredOverlay[], targets: readonly ImageTarget[]): string | undefined {
  const running = targets.flatMap(({ repository }) =>
    layered.flatMap((each) => imagesOfOverlay(each).own.filter((container) => isOfRepository(container, repository))),
  );
  const [first] = running.flatMap((each) => (each.doubt === undefined ? (referenceOf(each) ?? []) : []));
  const { tag, digest } = first ?? {};
  return tag === undefined || isVariable(tag) ? digest?.slice(0, 19) : (versionOf(tag) ?? tag);
}

/** The plan with the entries that containers of one overlay need. */
function pinned(
  plan: Plan,
  files: readonly OverlayFile[],
  layered: LayeredOverlay,
  targets: readonly ImageTarget[],
): Plan {
  const { path, text: before } = layered.kustomization;
  const text = withPins(layered, plan.change.files, targets);
  if (text === undefined) {
    return plan;
  }
  const after = [...plan.change.files, [path, text] as const];
  const running = imagesOfOverlay(layered, after).containers;
  const set = targets.filter(({ repository }) => running.some((each) => isOfRepository(each, repository)));
  refuseNewEntries(files, path, set);
  return {
    ...plan,
    state: 'change',
    change: { ...plan.change, files: new Map(after) },
    before: new Map([...plan.before, [path, before]]),
    missing: plan.missing.filter((target) => !set.some((each) => each === target)),
  };
}
