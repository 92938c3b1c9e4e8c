import { code } from './markdown.js';

/** An id of a commit or a digest, whole. */
const ID = /(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9A-Za-z])/g;

/** A version for people: ids of commits in it are as short as git shows them. `sha-0fd3974…` is `sha-0fd3974`. */
export function shortVersion(version: string): string {
  return version.replace(ID, (id) => id.slice(0, 7));
}

/** The same in code font. */
export function codeVersion(version: string): string {
  return code(shortVersion(version));
}
