/** A git URL of a folder, in parts. */
export interface Remote {
  /** `owner/name`. */
  repository: string;
  /** Folder in the repository, without slashes around it. */
  path: string;
  ref?: string;
}

/** Reads `https://`, `ssh://`, `git@host:`, `git::` and bare `host/owner/name` URLs; `undefined` for a local path. */
export function parseRemote(text: string): Remote | undefined {
  const [address = '', query = ''] = text.split('?', 2);
  const match =
    /^(?:git::)?(?:(?:https?|ssh|git):\/\/)?(?:[^@/]+@)?([\w-]+(?:\.[\w-]+)*(?::\d+)?)[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?(?:\/{1,2}(.*))?$/.exec(
      address,
    );
  const [, host = '', owner, name, path = ''] = match ?? [];
  // A folder such as v1.2/x/y is no host.
  const isHost = /\.[a-z]+$/i.test(host) || host.includes(':') || /^(git::)?\w+:\/\/|^[^@/]+@/.test(address);
  if (owner === undefined || name === undefined || !isHost) {
    return undefined;
  }
  const parameters = new URLSearchParams(query);
  const ref = parameters.get('ref') ?? parameters.get('version');
  return { repository: `${owner}/${name}`, path: trimSlashes(path), ...(ref === null ? {} : { ref }) };
}

/** A path without the slashes around it. */
export function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/** Whether a reference leads out of the repository. */
export function isRemote(reference: string): boolean {
  return !/\.(ya?ml|json)$/.test(reference) && parseRemote(reference) !== undefined;
}
