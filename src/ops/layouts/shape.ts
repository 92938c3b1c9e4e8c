/** A place of overlays that the tree shows. */
export interface Shape {
  /** Pattern of the overlays, which may have `*`. */
  pattern: string;
  /** The app that the folder at the root is, where the pattern is that of this app alone. */
  owner: string | undefined;
  /** The environments that were seen there. */
  environments: readonly string[];
  /** Whether every name counts as an environment there. */
  isAny: boolean;
  /** Whether only these environments have it there, because others have a level of clusters more, or none. */
  isPlaced?: true;
  /** Whether there may be more environments than were seen, because only some apps were looked at. */
  isSample: boolean;
}

/** Folders in which some names are environments' and others may be. */
export interface Doubt {
  folder: string;
  known: string[];
  unknown: string[];
  /** Those of the known ones that have a level of clusters or regions, where others have none and there may be more of each. */
  deep?: string[];
  /** Whether the known ones are in the folders of other apps, and not in this one. */
  isElsewhere?: boolean;
}
