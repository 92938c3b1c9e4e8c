/** Whether a path is a folder or lies in it; `.` is the root, which holds everything. */
export function liesIn(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}
