import type { LayerObject } from '../kustomize/layers/layer-object.js';
import type { PreviewNamespaces } from '../preview-records/namespaces.js';
import type { Problem } from '../tree/problem.js';
import type { MapValue } from '../yaml/values.js';
import type { DeployedFolder } from './deployed-folder.js';
import type { Destination, ObjectInputs } from './object-inputs.js';
import type { ObjectShape } from './object-shape.js';

/**
 * What deploys an ops repository in a cluster: it pulls the repository, and objects in the cluster tell it which folder
 * to apply. Another one is added by a folder beside `flux` and an entry in `all.ts`.
 */
export interface Reconciler {
  /** As the policy names it under `previews.reconciler`. */
  name: string;
  /** The objects that tell it what to deploy, one folder each. */
  object: ObjectShape;
  /** All kinds of objects by which it deploys something, and whose fields may carry versions. */
  kinds: readonly Pick<ObjectShape, 'apiGroup' | 'kind'>[];
  /** How the contexts begin of the commit statuses by which it reports, in small letters: `kustomization/`. */
  statusContexts: readonly string[];
  /** Whether objects of a cluster show that it is what deploys there. */
  isIn(objects: readonly MapValue[]): boolean;
  /**
   * The folders that an object deploys; none where it is of another kind.
   *
   * @param objects all objects that are known
   */
  foldersOf(object: MapValue, objects: readonly MapValue[]): DeployedFolder[];
  /** Files of values that an object gives to a chart, where it deploys no folder; missing where no object does. */
  valuesOf?(object: MapValue, objects: readonly MapValue[]): DeployedFolder[];
  /** Files that say a part of what objects deploy; missing where none do. */
  generated?: {
    /** Those that an object reads. */
    filesOf(object: MapValue): FilePattern[];
    /** The object with what its files say; `undefined` files were not read. */
    filled(object: MapValue, filesOf: (pattern: FilePattern) => readonly ReadFile[] | undefined): MapValue;
  };
  /** What one of its objects takes in, of whatever kind; `undefined` for an object that is none of its. */
  inputsOf(object: MapValue): ObjectInputs | undefined;
  /** Where an object puts what it deploys; none for an object that deploys nothing. */
  destinationsOf(object: MapValue): Destination[];
  /**
   * The object that deploys one preview, made like the other objects of the cluster; YAML.
   *
   * @throws Error saying what is missing where neither the cluster nor the caller says where the repository is
   */
  previewObject(preview: PreviewSource, cluster: PreviewCluster): string;
  /** What makes a cluster take its previews from their branch. */
  previews: PreviewRoot;
  /** What is wrong with its objects after a change of the repository. */
  problemsOf(change: ObjectChange): Problem[];
}

/** Path of a file of the repository, from its root; `*` stands for any part of a name. */
export type FilePattern = string;

/** A file that was read. */
export interface ReadFile {
  path: string;
  text: string;
}

/** A preview's folder, and what identifies the preview in the cluster. */
export interface PreviewSource {
  /** Of the preview; also the name of the object, and of the namespace that the preview runs in. */
  name: string;
  /** From the root of the repository. */
  folder: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /**
   * What the preview stands on, YAML: its namespace, quota and network policy. It is beside the preview's object, because what
   * runs may not change it; `undefined` where it is in the folder.
   */
  ground?: string | undefined;
}

/** How the objects of a cluster confine previews to their namespaces. */
export interface Confinement {
  /** Whether what a preview stands on is beside its object, and not in its folder. */
  isGroundBeside: boolean;
  /** Objects in the namespace of a preview by which it is confined, which no app may have. */
  own: readonly { kind: string; name: string }[];
  /** Why a preview may not have objects of a kind, a clause; `undefined` where it may. */
  forbidden(group: string, kind: string): string | undefined;
  /** Why a preview may not have an object of a kind that it may have, a clause: it gives away what a preview does not have. */
  excess?(object: LayerObject): string | undefined;
}

/** What points a cluster to the branch of previews. */
export interface PreviewRoot {
  /** Whether one of the cluster's objects does. */
  isIn(cluster: Pick<PreviewCluster, 'objects' | 'branch'>): boolean;
  /**
   * The objects that do, YAML.
   *
   * @param folder with the objects of previews for this cluster, from the root of the branch
   * @throws Error where nobody says where the repository is
   */
  object(folder: string, cluster: PreviewCluster): string;
  /**
   * The same, with what confines each preview to its namespace, and whoever writes the branch to previews; YAML.
   *
   * @param folder as of `object`
   * @throws Error where nobody says where the repository is
   */
  confinedObject(folder: string, cluster: PreviewCluster, bounds: PreviewBounds): string;
  /** What of that the cluster refuses by, which nobody changes by hand: its admission policies and their bindings. */
  policies(cluster: PreviewCluster, bounds: PreviewBounds): Record<string, unknown>[];
  /** What of that the cluster has; `undefined` where nothing confines previews. */
  confinement(cluster: Pick<PreviewCluster, 'objects' | 'branch'>): Confinement | undefined;
  /** Namespace of the cluster that the objects of previews are in. */
  namespace(cluster: PreviewCluster): string;
  /** The object of a preview, reading from the branch now; everything else stays byte for byte. */
  moved(text: string, file: string, cluster: PreviewCluster): string;
}

/** What previews are confined to. */
export interface PreviewBounds {
  namespaces: PreviewNamespaces;
  /** Levels of Pod Security that their namespaces may have. */
  podSecurity: readonly string[];
  /** Whether a network policy bounds whom they may talk to. */
  hasNetwork: boolean;
  /** Their hosts, a regular expression (RE2) with `{name}` for the preview's; `undefined` where they have none. */
  hosts: string | undefined;
}

/** The cluster that a preview runs in. */
export interface PreviewCluster {
  /** The long-lived environment whose cluster it is. */
  environment: string;
  /** The branch of this repository that previews are on. */
  branch: string;
  /** All objects in the files of the cluster's folder. */
  objects: readonly MapValue[];
  /** Address of the ops repository, for where no object of the cluster names it. */
  repositoryUrl: string | undefined;
}

/** An object in a file of the repository. */
export interface FileObject {
  /** Path in the repository. */
  file: string;
  object: MapValue;
}

/** One reconciler's objects before and after a change of the repository. */
export interface ObjectChange {
  before: ObjectSide;
  after: ObjectSide;
  /** Paths of files that differ. */
  changed: ReadonlySet<string>;
  /** Paths of files that are patches: what they hold is a part of an object. */
  patches: ReadonlySet<string>;
}

/** One side of the change. */
export interface ObjectSide {
  objects: readonly FileObject[];
  /** Paths of all folders of the repository. */
  folders: ReadonlySet<string>;
}
