import type { MapValue, YamlValue } from '../yaml/values.js';

/** A folder that a reconciler's object deploys, as the object says it. */
export interface DeployedFolder {
  /**
   * From the root of the repository that it is in, without `./` and slashes around it. It has `*` where a generator lists
   * folders, which stands for any part of a name.
   */
  path: string;
  /** Files of Helm values in the same repository that only this object names. */
  values: string[];
  /** The repository: `owner/name`, in small letters; empty for the one that the object itself is in. */
  repository: string;
  /** The name of the object, or of the one that is generated from it. */
  name: string;
  /** What else may name the environment: labels, the cluster and namespace that it goes to, values of a generator. */
  words: string[];
  /** The branch, tag or commit that it is taken from, as the object says it; `undefined` for the one that a repository has by default. */
  revision?: Revision | undefined;
  /** Whether the object sets something of what is in the folder: images, patches, values; or names another program that does. */
  isSetting?: boolean;
  /** Folders of kustomize components that it adds to what is in the folder, from the root of the repository. */
  components?: string[];
}

/** What of a repository is deployed. */
export interface Revision {
  /** `main`, `v1.2.0`, a commit, a range of versions. */
  name: string;
  /** Whether it certainly is no branch; `false` also where only the name could tell. */
  isPinned: boolean;
}

/** A path as objects write it, without `./` and slashes around it; `undefined` where it leads out or has variables. */
export function plainPath(path: string): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.includes('..') || path.includes('$') || path.includes('{{') ? undefined : segments.join('/');
}

/** All texts in a value, wherever they are in it. */
export function textsIn(value: YamlValue | undefined): string[] {
  if (value === undefined || value.kind === 'text') {
    return value === undefined || value.text === '' ? [] : [value.text];
  }
  return (value.kind === 'map' ? [...value.entries.values()] : value.items).flatMap(textsIn);
}

/** The items of a list that are mappings. */
export function mapsIn(value: YamlValue | undefined): MapValue[] {
  return value?.kind === 'list' ? value.items.filter((item) => item.kind === 'map') : [];
}
