/** The parts of an image's full name. */
export interface ImageReference {
  /** The registry as people write it: `ghcr.io`, `docker.io`, `127.0.0.1:5000`. */
  registry: string;
  /** Path in the registry, for example `acme/my-app-web`. */
  path: string;
  tag: string | undefined;
  digest: string | undefined;
}

const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const HOST = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads an image's name as docker does: without a registry it is Docker Hub's, and without an owner it is in `library/`.
 *
 * @param text for example `node:24`, `ghcr.io/acme/web:1.4.0` or `ghcr.io/acme/web@sha256:…`
 * @throws Error saying which part of the name is wrong
 * @see https://pkg.go.dev/github.com/distribution/reference#hdr-Grammar
 */
export function parseReference(text: string): ImageReference {
  const [named = '', digest] = cut(text, text.indexOf('@'));
  const colon = named.lastIndexOf(':');
  const [name = '', tag] = cut(named, colon > named.lastIndexOf('/') ? colon : -1);
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const hasHost = /[.:]/.test(first) || first === 'localhost';
  const host = hasHost ? first : 'docker.io';
  const registry = host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
  const rest = hasHost ? name.slice(slash + 1) : name;
  const path = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  const problem = findProblem({ registry, path, tag, digest });
  if (problem !== undefined) {
    throw new Error(`"${text}" is no image name: ${problem}.`);
  }
  return { registry, path, tag, digest };
}

/** The name without tag and digest, for example `ghcr.io/acme/web`. */
export function repositoryOf({ registry, path }: ImageReference): string {
  return `${registry}/${path}`;
}

/** Whether the text can be a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/**
 * A version as a tag: the `+` before build metadata, which a tag cannot hold, becomes `_`, as in Helm.
 */
export function versionTag(version: string): string {
  return version.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 128);
}

function findProblem({ registry, path, tag, digest }: ImageReference): string | undefined {
  if (!HOST.test(registry)) {
    return `expected a registry's host, found "${registry}"`;
  }
  if (!PATH.test(path)) {
    return `expected lower-case letters, digits and separators in "${path}"`;
  }
  if (tag !== undefined && !TAG.test(tag)) {
    return `expected a tag of letters, digits, ".", "_" and "-", found "${tag}"`;
  }
  if (digest !== undefined && !DIGEST.test(digest)) {
    return `expected "sha256:" and 64 hex digits, found "${digest}"`;
  }
  return undefined;
}

function cut(text: string, at: number): [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
