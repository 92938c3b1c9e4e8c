/** Reads the `uses:` of steps and jobs. */

import { type Place, RunError, Unsupported } from './errors.js';

export type Reference =
  /** `./path`: in the workspace (steps), or in the calling file's repository (jobs). */
  | { kind: 'local'; path: string }
  /** `$/path`: in the repository of the file that says so, at the commit that runs. */
  | { kind: 'self'; path: string }
  | { kind: 'remote'; repository: string; path: string; ref: string };

/**
 * Reads a `uses:`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses
 * @throws RunError when it is none of the forms
 * @throws Unsupported for Docker images
 */
export function parseUses(uses: string, place?: Place): Reference {
  if (uses.startsWith('./')) {
    return { kind: 'local', path: clean(uses.slice(2), uses, place) };
  }
  if (uses.startsWith('$/')) {
    return { kind: 'self', path: clean(uses.slice(2), uses, place) };
  }
  if (uses.startsWith('docker://')) {
    throw new Unsupported(`"uses: ${uses}"`, place);
  }
  const match = /^([\w.-]+\/[\w.-]+)(?:\/([^@]+))?@(.+)$/.exec(uses);
  if (match === null) {
    throw new RunError(`Expected format {org}/{repo}[/path]@ref, ./path or $/path. Actual '${uses}'`, place);
  }
  return { kind: 'remote', repository: match[1] ?? '', path: clean(match[2] ?? '', uses, place), ref: match[3] ?? '' };
}

function clean(path: string, uses: string, place: Place | undefined): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) {
    throw new RunError(`"uses: ${uses}" leaves its repository.`, place);
  }
  return parts.join('/');
}
