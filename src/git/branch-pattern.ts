import picomatch from 'picomatch';

/**
 * Whether a branch fits a pattern, in which `*` stands for any text without a slash. It is the one rule of release branches, of
 * those that prove something, and of who merges into whom.
 *
 * @param branch without `refs/heads/`, from anybody
 */
export function fitsBranch(pattern: string, branch: string): boolean {
  return pattern === branch || picomatch.isMatch(branch, pattern, { dot: true, nonegate: true, noextglob: true });
}

/** Whether a text stands for several branches. */
export function isBranchPattern(text: string): boolean {
  return picomatch.scan(text).isGlob;
}
