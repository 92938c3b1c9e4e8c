import { manifestReferences } from '../kustomize/manifest-references.js';
import type { YamlPath } from '../yaml/path.js';
import { appOfImage, isImageOf } from './app-of-image.js';
import type { Candidate, Carrier, ChartTarget, CurrentVersion, Target } from './carrier.js';
import { CARRIER_KINDS } from './carrier-kinds.js';
import { ownCharts } from './chart-owner.js';
import { variantOf } from './families.js';
import { overlayNodes } from './file-nodes.js';
import { carriersAt } from './find-carriers.js';
import { withHelmfiles } from './helmfile.js';
import { imageTarget, sameRepository } from './image-reference.js';
import { loneCarriers } from './lone-tag.js';
import { namedCarriers, namedImages } from './named-value.js';
import { ofOtherObjects } from './other-objects.js';
import type { OverlayFile } from './overlay-file.js';
import { overriders } from './precedence.js';
import { versionOf } from './tag-version.js';
import { isSameThing, tagOf } from './target.js';
import { followVariables } from './variables.js';

/** The versions that an overlay deploys. */
export interface Deployed {
  /** Every image with a tag, every pinned remote base and every pinned chart in the files, each once. */
  targets: Target[];
  /** Images with a digest and no tag, so that their version is not known. */
  pinned: { repository: string; digest: string }[];
  /** The version of the app for people: `1.4.0`; the tag where that is not a semantic version; `null` for none. */
  version: string | null;
  /** The chart that the version is one of, where it is not that of an image or base: `podinfo`. */
  chart?: string;
  /** Charts that follow a range or the newest version, where nothing pins them; missing for none. */
  following?: { name: string; range: string }[];
}

/**
 * Reads the versions that the files of an overlay deploy, whatever images and bases they have. A base that follows a
 * branch has no version, and neither has an image without tag and digest. A file that is not a kustomization may be
 * something else than YAML, for example a template; then it has no versions.
 *
 * @param files the result of `readOverlay`. In a file that all apps of an environment share, only what is the app's
 *   counts
 * @throws InvalidYaml where a kustomization is not valid YAML
 */
export function deployedIn(files: readonly OverlayFile[], app: string): Deployed {
  const found = carriedIn(files, app);
  const overriding = found.filter(({ overrides }) => overrides);
  const carried = [...overriding, ...found.filter((each) => !each.overrides && !isOverridden(each, overriding))];
  const targets: Target[] = [];
  const pinned: Deployed['pinned'] = [];
  const loose: Required<Deployed>['following'] = [];
  for (const { candidate, current } of carried) {
    if (candidate.kind === 'chart' && current.range !== undefined) {
      loose.push({ name: candidate.name, range: current.range });
      continue;
    }
    const target = targetOf(candidate, current, app);
    if (target === undefined && candidate.kind !== 'chart') {
      pinned.push({ repository: candidate.repository, digest: current.digest ?? '' });
    } else if (target !== undefined) {
      const known = targets.findIndex((other) => isSame(other, target));
      if (known < 0) {
        targets.push(target);
      } else if (target.kind === 'chart') {
        targets[known] = completed(targets[known], target);
      }
    }
  }
  const following = loose.filter(({ name, range }, index) => {
    const first = loose.findIndex((other) => other.name === name && other.range === range);
    return first === index && !targets.some((target) => target.kind === 'chart' && target.name === name);
  });
  const named = (repository: string) =>
    targets.some((target) => target.kind === 'image' && sameRepository(target.repository, repository));
  return {
    targets,
    pinned: pinned.filter(({ repository }, index) => {
      const first = pinned.findIndex((other) => sameRepository(other.repository, repository));
      return first === index && !named(repository);
    }),
    ...versionIn(targets, pinned, app),
    ...(following.length === 0 ? {} : { following }),
  };
}

/** All that is deployed as targets: what is pinned by its digest alone is one without a tag. */
export function deployedTargets({ targets, pinned }: Deployed): Target[] {
  return [...targets, ...pinned.map(({ repository, digest }) => imageTarget(repository, undefined, digest))];
}

/** Whether two overlays deploy the same versions, in any order and spelling. */
export function sameDeployed(one: Deployed, other: Deployed): boolean {
  return fingerprint(one) === fingerprint(other);
}

function fingerprint({ targets, pinned, following = [] }: Deployed): string {
  const digests = pinned.map(({ repository, digest }) => `${repository}@${digest}`);
  const loose = following.map(({ name, range }) => JSON.stringify([name, range]));
  return [...targets.map(print), ...digests, ...loose].sort().join('\n');
}

function print(target: Target): string {
  switch (target.kind) {
    case 'image':
      return `${target.repository}:${target.tag ?? ''}@${target.digest ?? ''}`;
    case 'base':
      return `${target.repository.toLowerCase()}//${target.appPath}?${target.gitTag}`;
    case 'chart':
      return JSON.stringify([target.name, target.repository, target.release, target.version, target.digest]);
  }
}

interface CarriedVersion {
  candidate: Candidate;
  current: CurrentVersion;
  /** Whether it overrides what others say of the same thing. */
  overrides: boolean;
}

/**
 * Why the version of an image is not known although the files carry one: what is obeyed instead is no version that can be read.
 *
 * @returns sentences for a person, with what to do
 */
export function unreadVersions(files: readonly OverlayFile[], app: string): string[] {
  const { found, followed, over } = foundIn(files, app);
  return [...new Set(found.flatMap((_, index) => (over[index] ?? followed[index])?.blocked ?? []))];
}

/** Everything in the files that certainly carries a version of an image or base of the app. */
function carriedIn(files: readonly OverlayFile[], app: string): CarriedVersion[] {
  const { found, followed, over } = foundIn(files, app);
  const apart = images(followed).flatMap((carriers) => ofOtherObjects(files, carriers) ?? []);
  return found.flatMap(({ candidate }, index) => {
    const carrier = obeyed(followed, index, over[index]);
    return carrier !== undefined && holdsVersion(carrier) && !apart.includes(carrier)
      ? [{ candidate, current: carrier.current, overrides: doesOverride(carrier.kind, candidate) }]
      : [];
  });
}

/** What the files carry of the app, with its variables filled in, and what is obeyed instead of each. */
function foundIn(files: readonly OverlayFile[], app: string) {
  const named = files.flatMap((file) => [
    ...(file.onlyNamed === true ? [] : candidatesIn(file, app)),
    ...namedIn(file),
  ]);
  const filled = overriders(
    files,
    named.map(({ carrier }) => carrier),
  );
  const found = [...named, ...loneIn(files, app, named, filled)];
  const carriers = found.map(({ carrier }) => carrier);
  const followed = withHelmfiles(files, followVariables(files, carriers));
  return { found, followed, over: overriders(files, followed) };
}

/** The carriers of each image. */
function images(carriers: readonly Carrier[]): Carrier[][] {
  const groups: Carrier[][] = [];
  for (const carrier of carriers.filter(({ target }) => target.kind === 'image')) {
    const own = groups.find(([first]) => first !== undefined && isSameThing(first.target, carrier.target));
    if (own === undefined) {
      groups.push([carrier]);
    } else {
      own.push(carrier);
    }
  }
  return groups;
}

/** The carrier, or the value that is obeyed instead; none where that is a carrier itself, or where nobody knows the version. */
function obeyed(all: readonly Carrier[], index: number, overrider: Carrier | undefined): Carrier | undefined {
  if (overrider !== undefined) {
    return all.includes(overrider) ? undefined : overrider;
  }
  const own = all[index];
  return own?.blocked === undefined ? own : undefined;
}

function holdsVersion({ certain, current }: Carrier): boolean {
  return current.range === undefined ? certain && (current.tag ?? current.digest) !== undefined : true;
}

interface FoundVersion {
  candidate: Candidate;
  carrier: Carrier;
}

function candidatesIn(file: OverlayFile, app: string): FoundVersion[] {
  const isOurs = file.shared === true ? candidateFilter(file, app) : () => true;
  const found = nodesIn(file).flatMap((node) =>
    CARRIER_KINDS.flatMap((kind) =>
      kind
        .candidates(node)
        .filter(isOurs)
        .flatMap((candidate) =>
          carriersAt(node, kind, file.path, probeTarget(candidate)).map((carrier) => ({ candidate, carrier })),
        ),
    ),
  );
  return file.shared === true ? withoutChartsOfOthers(found, app) : found;
}

/** The `images` of a kustomization and patches override what a manifest says. A patch does not say where a chart is from. */
function doesOverride(kind: string, candidate: Candidate): boolean {
  return candidate.kind === 'chart' ? candidate.repository === undefined : kind === 'kustomize-image';
}

/** A chart with the name and repository that another place of it has, where it is known from a patch only. */
function completed(known: Target | undefined, other: ChartTarget): Target {
  return known?.kind === 'chart' && known.repository === undefined
    ? { ...other, version: known.version, digest: known.digest }
    : (known ?? other);
}

function withoutChartsOfOthers(found: readonly FoundVersion[], app: string): FoundVersion[] {
  const charts = found.flatMap((carried) => {
    const { candidate } = carried;
    return candidate.kind === 'chart' ? [{ carried, name: candidate.name, release: candidate.release }] : [];
  });
  const own = new Set(ownCharts(charts, app).map(({ carried }) => carried));
  return found.filter((carried) => carried.candidate.kind !== 'chart' || own.has(carried));
}

/** What the policy names in a file. */
function namedIn(file: OverlayFile): FoundVersion[] {
  return namedImages(file).flatMap((repository) => {
    const candidate: Candidate = { kind: 'image', repository };
    return namedCarriers(file, [probeTarget(candidate)]).map((carrier) => ({ candidate, carrier }));
  });
}

/**
 * The tag that stands without a repository, where nothing says a version of the app's own image. The image is that which the
 * policy gives the app, else it is called as the app.
 *
 * @param filled what says the version of each instead, such as a tag in stronger values
 */
function loneIn(
  files: readonly OverlayFile[],
  app: string,
  found: readonly FoundVersion[],
  filled: readonly unknown[],
): FoundVersion[] {
  const isOwn = ({ candidate, carrier }: FoundVersion, index: number) =>
    candidate.kind === 'image' &&
    (carrier.certain || filled[index] !== undefined) &&
    isImageOf(candidate.repository.split('/').at(-1) ?? '', app);
  if (app === '' || found.some(isOwn)) {
    return [];
  }
  const owned = files.flatMap(({ owners = [] }) => owners.filter((each) => each.app === app));
  const images = new Set(owned.map(({ repository }) => repository));
  const [only = app] = images.size === 1 ? images : [];
  const candidate: Candidate = { kind: 'image', repository: only };
  const target = probeTarget(candidate);
  const carriers = target.kind === 'image' ? loneCarriers(files, [target]) : [];
  return carriers.map((carrier) => ({ candidate, carrier: { ...carrier, certain: true } }));
}

/** Whether the `images` of a kustomization say the version of what a manifest names too. */
function isOverridden({ candidate }: CarriedVersion, overriding: readonly CarriedVersion[]): boolean {
  return (
    candidate.kind === 'image' &&
    overriding.some(
      (other) => other.candidate.kind === 'image' && sameRepository(other.candidate.repository, candidate.repository),
    )
  );
}

/** The nodes of a file; none where it is not YAML and not a kustomization either. */
function nodesIn(file: OverlayFile) {
  const { path, idle = [] } = file;
  try {
    const isIdle = ([list, index]: YamlPath) => list === 'images' && idle.some((each) => each === index);
    return overlayNodes(file).filter((node) => !isIdle(node.path));
  } catch (error) {
    if (/(^|\/)kustomization(\.ya?ml)?$/i.test(path)) {
      throw error;
    }
    return [];
  }
}

/**
 * A filter for what belongs to one app in a kustomization of several: images named after it (`<app>`, `<app>-<part>`),
 * unless the name of another app there matches better or the policy says whose they are, and bases in a folder of its name.
 */
function candidateFilter({ path, text, owners = [] }: OverlayFile, app: string): (candidate: Candidate) => boolean {
  const names = new Set(
    manifestReferences(text, path).flatMap((reference) => reference.split('?')[0]?.split('/') ?? []),
  );
  names.add(app);
  return (candidate) => {
    if (candidate.kind === 'chart') {
      return true;
    }
    if (candidate.kind === 'base') {
      return candidate.path.split('/').includes(app) || candidate.repository.split('/').at(-1) === app;
    }
    const owner = owners.find(({ repository }) => sameRepository(repository, candidate.repository));
    return (owner?.app ?? appOfImage(candidate.repository, names)) === app;
  };
}

/** A target with which to ask a kind of carrier for the current version. The version in the target does not matter. */
function probeTarget(candidate: Candidate): Target {
  if (candidate.kind === 'chart') {
    return { ...candidate, version: '0.0.0' };
  }
  const { repository } = candidate;
  return candidate.kind === 'image'
    ? imageTarget(repository, 'any')
    : { kind: 'base', repository, appPath: candidate.path, gitTag: 'any' };
}

/** @returns `undefined` for an image that has no tag */
function targetOf(candidate: Candidate, { tag, digest }: CurrentVersion, app: string): Target | undefined {
  if (candidate.kind === 'chart') {
    const { name, repository, release } = candidate;
    return {
      ...{ kind: 'chart', name, version: tag, app },
      ...(repository === undefined ? {} : { repository }),
      ...(release === undefined ? {} : { release }),
      ...(digest === undefined ? {} : { digest }),
    };
  }
  const { repository } = candidate;
  if (tag === undefined) {
    return undefined;
  }
  return candidate.kind === 'base'
    ? { kind: 'base', repository, appPath: appPathOf(candidate.path, app), gitTag: tag }
    : imageTarget(repository, tag, digest);
}

/**
 * The app's folder in its repository, from the deployed folder: the folder of its name, or the one above `deploy`. Of no app it is
 * the deployed folder.
 */
function appPathOf(path: string, app: string): string {
  if (app === '') {
    return path || '.';
  }
  const segments = path.split('/');
  const named = segments.lastIndexOf(app);
  const deploy = segments.indexOf('deploy');
  const end = named >= 0 ? named + 1 : deploy >= 0 ? deploy : segments.length;
  return segments.slice(0, end).join('/') || '.';
}

/** Whether two targets are of the same image, base or chart, at any versions; of one repository, each folder is a base. */
function isSame(one: Target, other: Target): boolean {
  return one.kind === 'base' && other.kind === 'base'
    ? one.repository.toLowerCase() === other.repository.toLowerCase() && one.appPath === other.appPath
    : isSameThing(one, other);
}

/**
 * The version of the app: that of its own image, else of its base, else of a chart of its name, else of anything that the
 * overlay deploys.
 */
function versionIn(
  targets: readonly Target[],
  pinned: Deployed['pinned'],
  app: string,
): Pick<Deployed, 'version' | 'chart'> {
  // An app of a guest workspace, `growth-shop`, runs the image `shop`: the longer the end of its name that matches, the
  // better.
  const ends = app.split('-').map((_, index, parts) => parts.slice(index).join('-'));
  const rank = (target: Target): number => {
    switch (target.kind) {
      case 'base':
        return ends.length;
      case 'chart':
        return ends.length + (target.name === app || target.release === app ? 1 : 3);
      case 'image': {
        const end = ends.findIndex((name) => isImageOf(target.image, name));
        const isVariant = variantOf(target.tag ?? '') !== '';
        return (end < 0 ? ends.length + 2 : end) + (isVariant ? 0.5 : 0);
      }
    }
  };
  const [first] = [...targets].sort((one, other) => rank(one) - rank(other));
  if (first?.kind === 'chart') {
    return { version: first.version ?? first.digest?.slice(0, 19) ?? null, chart: first.name };
  }
  const tag = first === undefined ? undefined : tagOf(first);
  return { version: tag === undefined ? (pinned[0]?.digest.slice(0, 19) ?? null) : (versionOf(tag) ?? tag) };
}
