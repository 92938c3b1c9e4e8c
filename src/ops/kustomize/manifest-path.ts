const EXTENSION = /\.(ya?ml|json)$/;

/** Whether a path or reference is that of a file with objects, by its ending; what has no such ending is a folder. */
export function isManifestPath(path: string): boolean {
  return EXTENSION.test(path);
}

/** A path without the ending of a file with objects. */
export function withoutExtension(path: string): string {
  return path.replace(EXTENSION, '');
}
