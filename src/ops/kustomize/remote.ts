import { isManifestPath } from './manifest-path.js';
/** The URL of a folder in a git repository, in parts. */
export interface Remote {
  /** `owner/name`. */
  repository: string;
  /** Folder in the repository, without slashes around it. */
  path: string;
  /** Branch, tag or commit. */
  ref?: string;
}

/**
 * Parses a remote reference of kustomize: an `https://`, `ssh://`, `git@host:`, `git::` or bare `host/owner/name` URL.
 *
 * @returns `undefined` for a local path
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
 */
export function parseRemote(text: string): Remote | undefined {
  const [address = '', query = ''] = text.split('?', 2);
  const match =
    /^(?:git::)?(?:(?:https?|ssh|git):\/\/)?(?:[^@/]+@)?([\w-]+(?:\.[\w-]+)*(?::\d+)?)[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?(?:\/{1,2}(.*))?$/.exec(
      address,
    );
  const [, host = '', owner, name, path = ''] = match ?? [];
  // The first segment of a folder such as v1.2/x/y is not a host.
  const isHost = /\.[a-z]+$/i.test(host) || host.includes(':') || /^(git::)?\w+:\/\/|^[^@/]+@/.test(address);
  if (owner === undefined || name === undefined || !isHost) {
    return undefined;
  }
  const parameters = new URLSearchParams(query);
  const ref = parameters.get('ref') ?? parameters.get('version');
  return { repository: `${owner}/${name}`, path: trimSlashes(path), ...(ref === null ? {} : { ref }) };
}

/** A path without slashes at its beginning and end. */
export function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/** Whether a reference of a kustomization is to another repository. */
export function isRemote(reference: string): boolean {
  return !isManifestPath(reference) && parseRemote(reference) !== undefined;
}
