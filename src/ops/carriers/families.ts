import type { Carrier, Target } from './carrier.js';
import { formatReference } from './image-reference.js';
import { carriersLines } from './named-lines.js';
import { ofOtherObjects } from './other-objects.js';
import type { OverlayFile } from './overlay-file.js';
import { tagFamily, versionOf } from './tag-version.js';

/** What a tag may have behind its numbers that tells no variant of the image: a prerelease, a build, a commit. */
const NO_VARIANT =
  /^(?:(?:rc|alpha|beta|pre|preview|dev|snapshot|nightly|canary|next|build|b|r|p)?[.\d]*|g?[0-9a-f]{7,40})$/i;

/**
 * The variant of an image that a tag is of: `alpine` in `16-alpine3.20`, `debug` in `1.0.0-debug`, `web-` in `web-1.4.0`.
 * Empty for a plain version, a prerelease, and what is no version at all.
 */
export function variantOf(tag: string): string {
  const version = versionOf(tag) ?? tag;
  const prefix = (tagFamily(tag) ?? '').replace(/v$/, '');
  const [numbers = '', ...parts] = version.split('-');
  if (!/^v?\d/.test(numbers)) {
    return prefix;
  }
  const variants = parts.filter((part) => !NO_VARIANT.test(part)).map((part) => part.replace(/[\d.]/g, ''));
  return prefix + variants.join('-');
}

/**
 * Of carriers of one image with different tags, those that a version is for: of the target's variant, where there are several
 * (`1.0.0` beside `1.0.0-debug`). What the policy names as carriers decides.
 *
 * @throws Error where that is not clear, with the places and the lines that say it
 */
export function ofOneFamily(files: readonly OverlayFile[], carriers: readonly Carrier[]): Carrier[] {
  const targets = [...new Set(carriers.map(({ target }) => target))];
  const left = new Set(targets.flatMap((target) => otherFamilies(files, carriers, target)));
  return carriers.filter((carrier) => !left.has(carrier) && !isOverriddenIn(left, carrier));
}

/** What is overridden goes with what is obeyed instead. */
function isOverriddenIn(left: ReadonlySet<Carrier>, { overriddenBy }: Carrier): boolean {
  return [...left].some(
    (each) =>
      overriddenBy !== undefined &&
      each.file === overriddenBy.file &&
      each.document === overriddenBy.document &&
      JSON.stringify(each.path) === JSON.stringify(overriddenBy.path),
  );
}

/** The carriers of a target that are of another variant than it, among those that are obeyed. */
function otherFamilies(files: readonly OverlayFile[], carriers: readonly Carrier[], target: Target): Carrier[] {
  const all = carriers.filter(
    (carrier) => carrier.target === target && (carrier.blocked ?? carrier.overriddenBy) === undefined,
  );
  const entries = all.filter(isEntry);
  // What a kustomization says of an image goes for every container.
  const deciding = (entries.length > 0 ? entries : all).filter(({ current }) => current.tag !== undefined);
  if (target.kind !== 'image' || tagsOf(deciding).size < 2) {
    return [];
  }
  const named = tagsOf(deciding.filter(({ byPolicy }) => byPolicy));
  if (named.size > 0) {
    return deciding.filter(({ current }) => !named.has(current.tag ?? ''));
  }
  // Each cluster has its own version until they are brought together: only what one of them says twice is a choice.
  const inPlaces = byPlace(files, deciding);
  const apart = inPlaces.flatMap((here) => {
    const others = ofOtherObjects(files, here);
    if (others === undefined) {
      throw choice(files, here, target.repository);
    }
    return others;
  });
  const own = deciding.filter((carrier) => !apart.includes(carrier));
  const variants = new Set(own.map(variant));
  const meantVariant = target.tag === undefined ? undefined : variantOf(target.tag);
  const meant = variants.size === 1 ? own : own.filter((carrier) => variant(carrier) === meantVariant);
  const running = meant.filter((carrier) => isEntry(carrier) || isContainer(carrier));
  const unclear = meant.length === 0 ? own : byPlace(files, running).find((here) => tagsOf(here).size > 1);
  if (unclear !== undefined) {
    throw choice(files, unclear, target.repository);
  }
  return deciding.filter((carrier) => !meant.includes(carrier));
}

/** The carriers of each folder or file of the app. */
function byPlace(files: readonly OverlayFile[], carriers: readonly Carrier[]): Carrier[][] {
  const places = new Map(files.map(({ path, place }) => [path, place]));
  const found = new Map<string | undefined, Carrier[]>();
  for (const carrier of carriers) {
    const place = places.get(carrier.file);
    found.set(place, [...(found.get(place) ?? []), carrier]);
  }
  return [...found.values()];
}

function variant({ current }: Carrier): string {
  return variantOf(current.tag ?? '');
}

function tagsOf(carriers: readonly Carrier[]): Set<string> {
  return new Set(carriers.flatMap(({ current }) => current.tag ?? []));
}

function isEntry({ kind }: Carrier): boolean {
  return kind === 'kustomize-image';
}

function isContainer({ kind, path }: Carrier): boolean {
  return kind === 'image' && path.some((segment) => segment === 'containers' || segment === 'initContainers');
}

function choice(files: readonly OverlayFile[], carriers: readonly Carrier[], repository: string): Error {
  const each = [...new Map(carriers.map((carrier) => [carrier.current.tag, carrier])).values()];
  const found = each.map(
    ({ file, line, current }) => `${formatReference({ name: repository, ...current })} (${file}:${line})`,
  );
  return new Error(
    `${repository} is there with different tags: ${found.join(', ')}. Which of them the version is for is not clear. Say it in ` +
      `ostack.yaml, with those of these lines that are meant:\n\n${carriersLines(files, each, repository)}`,
  );
}
