import type { BaseTarget, ImageTarget, Target } from './carrier.js';
import { chartLabel, sameChart } from './chart-reference.js';
import { variantOf } from './families.js';
import { formatReference, sameRepository } from './image-reference.js';

/** The tag, git tag or chart version that a target is set to; `undefined` where a digest alone says it. */
export function tagOf(target: Target): string | undefined {
  switch (target.kind) {
    case 'image':
      return target.tag;
    case 'base':
      return target.gitTag;
    case 'chart':
      return target.version;
  }
}

/** A target without its version, for people: `ghcr.io/acme/web`, `the base acme/apps//apps/web`, `chart podinfo`. */
export function targetName(target: Target): string {
  switch (target.kind) {
    case 'image':
      return target.repository;
    case 'base':
      return `the base ${addressOf(target)}`;
    case 'chart':
      return `chart ${target.name}`;
  }
}

/** A target with its version, as commits and texts name it: `repository:tag@digest`, `chart podinfo 6.5.0`. */
export function targetReference(target: Target): string {
  switch (target.kind) {
    case 'image':
      return formatReference({ ...target, name: target.repository });
    case 'base':
      return `${addressOf(target)}?ref=${target.gitTag}`;
    case 'chart':
      return `chart ${chartLabel(target)}`;
  }
}

/** Repository and folder, as kustomize spells them. */
function addressOf({ repository, appPath }: BaseTarget): string {
  return appPath === '.' ? repository : `${repository}//${appPath}`;
}

/** Whether two targets are of one image, of one apps repository or of one chart, at any versions. */
export function isSameThing(one: Target, other: Target): boolean {
  if (one.kind === 'chart' || other.kind === 'chart') {
    return one.kind === 'chart' && other.kind === 'chart' && sameChart(one, other);
  }
  if (one.kind === 'base' || other.kind === 'base') {
    return one.kind === other.kind && sameRepository(one.repository, other.repository);
  }
  return isSameImage(one, other);
}

/** Whether two targets of the same thing are at the same version; a digest counts where both have one. */
export function isSameVersion(one: Target, other: Target): boolean {
  if (one.kind === 'base' || other.kind === 'base') {
    return one.kind === 'base' && other.kind === 'base' && one.gitTag === other.gitTag;
  }
  if (tagOf(one) === undefined || tagOf(other) === undefined) {
    return one.digest !== undefined && one.digest === other.digest;
  }
  const differs = one.digest !== undefined && other.digest !== undefined && one.digest !== other.digest;
  return tagOf(one) === tagOf(other) && !differs;
}

/** Whether two targets are of one image: variants of it, such as `1.0.0` and `1.0.0-debug`, are deployed side by side. */
export function isSameImage(one: ImageTarget, other: ImageTarget): boolean {
  const [mine, theirs] = [one, other].map(({ tag }) => (tag === undefined ? undefined : variantOf(tag)));
  const isVariant = mine !== undefined && theirs !== undefined && mine !== theirs;
  return sameRepository(one.repository, other.repository) && !isVariant;
}
