import type { ImageTarget } from './carrier.js';

/** The parts of an image reference, as written. */
export interface ImageReference {
  /** Repository as written: `my-app`, `acme/my-app`, `ghcr.io/acme/my-app`, `localhost:5000/my-app`. */
  name: string;
  tag?: string;
  /** `sha256:…` (or another algorithm). */
  digest?: string;
}

/** The parts of an image reference to write. */
export interface ReferenceParts {
  name: string;
  tag?: string | undefined;
  digest?: string | undefined;
}

const ALNUM = '[a-z0-9]+';
const COMPONENT = `${ALNUM}(?:(?:\\.|_|__|-+)${ALNUM})*`;
const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const REFERENCE = new RegExp(
  `^((?:${DOMAIN}/)?${COMPONENT}(?:/${COMPONENT})*)` +
    '(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$',
);

/**
 * Parses `[registry[:port]/]path[:tag][@digest]`.
 *
 * @returns `undefined` where the text is not an image reference
 * @see https://pkg.go.dev/github.com/distribution/reference for the grammar
 */
export function parseReference(text: string): ImageReference | undefined {
  const match = REFERENCE.exec(text);
  const name = match?.[1];
  if (match === null || name === undefined || name.length > 255) {
    return undefined;
  }
  return {
    name,
    ...(match[2] === undefined ? {} : { tag: match[2] }),
    ...(match[3] === undefined ? {} : { digest: match[3] }),
  };
}

/** The target of `repository[:tag][@digest]`, as in the trailers of commits; `undefined` where the text has neither. */
export function imageTargetOf(text: string): ImageTarget | undefined {
  const { name, tag, digest } = parseReference(text) ?? {};
  return name === undefined || (tag ?? digest) === undefined ? undefined : imageTarget(name, tag, digest);
}

/** The target of a repository at a version; without a tag, at a digest alone. */
export function imageTarget(repository: string, tag: string | undefined, digest?: string | undefined): ImageTarget {
  const target: ImageTarget = { kind: 'image', repository, image: repository.split('/').at(-1) ?? repository, tag };
  return digest === undefined ? target : { ...target, digest };
}

/**
 * Whether a text is a valid image tag: up to 128 letters, digits, `_`, `.` and `-`.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export function isTag(text: string): boolean {
  return /^\w[\w.-]{0,127}$/.test(text);
}

/** Whether a text is a valid SHA-256 digest: `sha256:` and 64 hex digits. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** Writes an image reference. With both, the digest decides what runs, and the tag is for people. */
export function formatReference({ name, tag, digest }: ReferenceParts): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** Whether a place pins its image by digest alone, and stays so: it gets the digest of a target, and no tag. */
export function staysDigest(current: Omit<ReferenceParts, 'name'>, target: ImageTarget): boolean {
  return current.tag === undefined && current.digest !== undefined && target.digest !== undefined;
}

/** The reference of a target where another version of it is written. The name stays as it is spelled there. */
export function referenceTo(current: ImageReference, target: ImageTarget): string {
  const tag = staysDigest(current, target) ? undefined : target.tag;
  return formatReference({ name: current.name, tag, digest: target.digest });
}

/**
 * Whether two names are of one repository: `nginx`, `library/nginx`, `docker.io/library/nginx` and
 * `index.docker.io/library/nginx` are.
 *
 * @see https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed
 */
export function sameRepository(one: string, other: string): boolean {
  return fullRepository(one) === fullRepository(other);
}

/** Whether a name begins with a registry: `ghcr.io/acme/web` does, `acme/web` does not. */
export function hasRegistry(name: string): boolean {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  return /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
}

/** A repository with its registry, as names are compared: `docker.io/library/nginx` for `nginx`. */
export function fullRepository(name: string): string {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  if (!hasRegistry(name)) {
    return `docker.io/${slash < 0 ? `library/${name}` : name}`;
  }
  const domain = first.toLowerCase();
  return domain === 'index.docker.io' || domain === 'docker.io'
    ? fullRepository(name.slice(slash + 1))
    : `${domain}${name.slice(slash)}`;
}
