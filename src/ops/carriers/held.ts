import { manifestReferences } from '../kustomize/manifest-references.js';
import { appOfImage, isImageOf } from './app-of-image.js';
import type { Candidate, CurrentVersion, Target } from './carrier.js';
import { CARRIER_KINDS } from './carrier-kinds.js';
import { sameRepository } from './image-reference.js';
import type { OverlayFile } from './overlay-file.js';
import { versionOf } from './tag-version.js';
import { yamlNodes } from './yaml-nodes.js';

/** What an overlay holds. */
export interface Held {
  /** Every image with a tag and every pinned remote base that the files carry, each once. */
  targets: Target[];
  /** Images that a digest alone pins: nobody can tell their version. */
  pinned: { repository: string; digest: string }[];
  /** The app's version as people read it: `1.4.0`; the tag where it is no semantic version; `null` where there is none. */
  version: string | null;
}

/**
 * What an overlay's files hold, without knowing beforehand what to look for. A base that follows a branch is not held at
 * a version, and neither is an image without one. Files beside the kustomizations that are no YAML, templates for
 * example, hold nothing.
 *
 * @param files as `readOverlay` gives them: of a file that all apps of an environment share only what is the app's counts
 * @throws Error where a kustomization is no valid YAML
 */
export function heldBy(files: readonly OverlayFile[], app: string): Held {
  const found = files.flatMap((file) => carriedVersions(file, app));
  // `images:` overrides over what a manifest says.
  const carried = [...found.filter(({ overrides }) => overrides), ...found.filter(({ overrides }) => !overrides)];
  const targets: Target[] = [];
  const pinned: Held['pinned'] = [];
  for (const { candidate, current } of carried) {
    const target = targetOf(candidate, current, app);
    if (target === undefined) {
      pinned.push({ repository: candidate.repository, digest: current.digest ?? '' });
    } else if (!targets.some((other) => isSame(other, target))) {
      targets.push(target);
    }
  }
  const named = (repository: string) =>
    targets.some((target) => target.kind === 'image' && sameRepository(target.repository, repository));
  return {
    targets,
    pinned: pinned.filter(({ repository }, index) => {
      const first = pinned.findIndex((other) => sameRepository(other.repository, repository));
      return first === index && !named(repository);
    }),
    version: versionIn(targets, pinned, app),
  };
}

/** Whether two overlays hold the same, in whatever order and however they spell it. */
export function holdSame(one: Held, other: Held): boolean {
  return fingerprint(one) === fingerprint(other);
}

function fingerprint({ targets, pinned }: Held): string {
  const parts = targets.map((target) =>
    target.kind === 'image'
      ? `${target.repository}:${target.tag}@${target.digest ?? ''}`
      : `${target.repository.toLowerCase()}//${target.appPath}?${target.gitTag}`,
  );
  return [...parts, ...pinned.map(({ repository, digest }) => `${repository}@${digest}`)].sort().join('\n');
}

interface CarriedVersion {
  candidate: Candidate;
  current: CurrentVersion;
  overrides: boolean;
}

/** Every place in a file that holds a version of something, and surely so. */
function carriedVersions(file: OverlayFile, app: string): CarriedVersion[] {
  const isOurs = file.shared === true ? isOfApp(file, app) : () => true;
  return sitesIn(file).flatMap((node) =>
    CARRIER_KINDS.flatMap((kind) =>
      kind
        .candidates(node)
        .filter(isOurs)
        .flatMap((candidate) =>
          kind
            .find(node, probeTarget(candidate))
            .filter(({ certain, current }) => certain && (current.tag ?? current.digest) !== undefined)
            .map(({ current }) => ({ candidate, current, overrides: kind.name === 'kustomize-image' })),
        ),
    ),
  );
}

function sitesIn({ path, text }: OverlayFile) {
  try {
    return yamlNodes(text, path);
  } catch (error) {
    if (/(^|\/)kustomization(\.ya?ml)?$/i.test(path)) {
      throw error;
    }
    return [];
  }
}

/**
 * Tells an app's part of a kustomization of many apps: images of its name (`<app>`, `<app>-<part>`), unless another app
 * that is named there has a better claim to them, and bases from a folder of its name.
 */
function isOfApp({ path, text }: OverlayFile, app: string): (candidate: Candidate) => boolean {
  const names = new Set(
    manifestReferences(text, path).flatMap((reference) => reference.split('?')[0]?.split('/') ?? []),
  );
  names.add(app);
  return (candidate) => {
    if (candidate.kind === 'base') {
      return candidate.path.split('/').includes(app) || candidate.repository.split('/').at(-1) === app;
    }
    return appOfImage(candidate.repository, names) === app;
  };
}

/** A target to ask a carrier with for what it holds; the version in it is of no matter. */
function probeTarget(candidate: Candidate): Target {
  const { repository } = candidate;
  return candidate.kind === 'image'
    ? { kind: 'image', repository, image: repository.split('/').at(-1) ?? '', tag: 'any' }
    : { kind: 'base', repository, appPath: candidate.path, gitTag: 'any' };
}

/** @returns `undefined` for an image that has no tag */
function targetOf(candidate: Candidate, { tag, digest }: CurrentVersion, app: string): Target | undefined {
  const { repository } = candidate;
  if (tag === undefined) {
    return undefined;
  }
  return candidate.kind === 'base'
    ? { kind: 'base', repository, appPath: appPathOf(candidate.path, app), gitTag: tag }
    : {
        kind: 'image',
        repository,
        image: repository.split('/').at(-1) ?? '',
        tag,
        ...(digest === undefined ? {} : { digest }),
      };
}

/** The app's folder in its repository, of a folder that is deployed from there: the one of its name, or above `deploy`. */
function appPathOf(path: string, app: string): string {
  const segments = path.split('/');
  const named = segments.lastIndexOf(app);
  const deploy = segments.indexOf('deploy');
  const end = named >= 0 ? named + 1 : deploy >= 0 ? deploy : segments.length;
  return segments.slice(0, end).join('/') || '.';
}

/** Whether two targets are of one image, or of one base, at whatever versions. */
function isSame(one: Target, other: Target): boolean {
  if (one.kind === 'image' || other.kind === 'image') {
    return one.kind === other.kind && sameRepository(one.repository, other.repository);
  }
  return one.repository.toLowerCase() === other.repository.toLowerCase() && one.appPath === other.appPath;
}

/** Of the app's own images first, then its base, then whatever else there is. */
function versionIn(targets: readonly Target[], pinned: Held['pinned'], app: string): string | null {
  // A guest's `growth-shop` runs `shop`: the longer the end of its name that an image bears, the more it is its own.
  const ends = app.split('-').map((_, index, parts) => parts.slice(index).join('-'));
  const rank = (target: Target): number => {
    if (target.kind === 'base') {
      return ends.length;
    }
    const end = ends.findIndex((name) => isImageOf(target.image, name));
    return end < 0 ? ends.length + 1 : end;
  };
  const [first] = [...targets].sort((one, other) => rank(one) - rank(other));
  const tag = first?.kind === 'image' ? first.tag : first?.gitTag;
  return tag === undefined ? (pinned[0]?.digest.slice(0, 19) ?? null) : (versionOf(tag) ?? tag);
}
