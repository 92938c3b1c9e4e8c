const FOLDER = '.ostack/replan/';

/** The file of a root by which a pull request asks for a review of what the default branch would do, and changes nothing else. */
export function replanFile(root: string): string {
  return `${FOLDER}${root === '.' ? '_root' : root}.yaml`;
}

/** Whether a file is such a one. */
export function isReplanFile(path: string): boolean {
  return path.startsWith(FOLDER);
}
