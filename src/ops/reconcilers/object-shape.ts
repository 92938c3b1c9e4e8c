/** What the objects that deploy a folder look like. */
export interface ObjectShape {
  /** The API group, without the version: `argoproj.io`. */
  apiGroup: string;
  kind: string;
  /** The field that names the folder, from the root of the repository: `['spec', 'path']`. */
  pathField: readonly string[];
  /** The field that names the namespace that the folder's objects go to. */
  namespaceField: readonly string[];
}
