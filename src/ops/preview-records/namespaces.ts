import { distinctLabel } from './dns-label.js';

/** The namespaces of previews, told from all others of a cluster. */
export interface PreviewNamespaces {
  /** A regular expression (RE2) that fits their names and no others. */
  pattern: string;
  /** Patterns with `*` and `[0-9]`, where only those can be said. Some fit a little more: `pr-35-x`. */
  globs: readonly string[];
}

/** Most characters of a workspace that no name of a preview cuts. */
const LONGEST = 50;

/**
 * The namespaces that previews of an ops repository can have.
 *
 * @param workspaces that have apps in it, besides the default one
 */
export function previewNamespaces(workspaces: readonly string[]): PreviewNamespaces {
  const prefixes = workspaces.map((workspace) => distinctLabel(workspace)).filter((each) => each.length <= LONGEST);
  // The end of a long one depends on the rest of the name.
  const isAny = prefixes.length < workspaces.length;
  const before = isAny ? '(?:[a-z0-9][a-z0-9-]*-)?' : prefixes.length === 0 ? '' : `(?:(?:${prefixes.join('|')})-)?`;
  const starts = ['', ...(isAny ? ['*-'] : prefixes.map((prefix) => `${prefix}-`))];
  return {
    pattern: `^${before}(?:pr-[1-9][0-9]*|run-[1-9][0-9]*(?:-[1-9][0-9]*)?)$`,
    globs: starts.flatMap((start) => [`${start}pr-[0-9]*`, `${start}run-[0-9]*`]),
  };
}
