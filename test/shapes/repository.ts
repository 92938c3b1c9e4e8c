/** A small ops repository of one shape. */
export interface Repository {
  name: string;
  files: Readonly<Record<string, string>>;
  /** What the tree is taken for. */
  templates: readonly string[];
  /** Requests that telling it takes at most, where that is more than the usual two. */
  requests?: 3 | 4 | 5;
  /** Whether its places are told only where apps are read, as verbs do. */
  isToldByApps?: true;
  /** The file that carries the version of web in an environment. */
  carrier(environment: string): string;
  /** Which of several places in staging a new app goes to; `undefined` where there is one. */
  group?: string;
  /** Apps of each environment; web and api where it is missing. */
  apps?: readonly string[];
  /** Folders that kustomize builds, of an environment; none where they are not kustomizations. */
  built?(environment: string): string[];
}
