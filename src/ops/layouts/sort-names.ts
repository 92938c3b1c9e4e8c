/** Folders beside each other that may be environments. */
export interface NamesIn {
  folder: string;
  names: readonly string[];
}

/** Which of them are. */
export interface SortedNames {
  folder: string;
  environments: string[];
  /** Those that nothing says it of. */
  unknown: string[];
}

/**
 * Sorts the names in several folders of one kind, such as the folders `overlays` of apps. Besides the names that are known
 * to be environments', so are those that several of the folders have, if they are beside a known one in one of them.
 *
 * @param isKnown whether a name is an environment's by itself
 */
export function sortNames(places: readonly NamesIn[], isKnown: (name: string) => boolean): SortedNames[] {
  const all = places.flatMap(({ names }) => names);
  const isShared = (name: string) => all.indexOf(name) !== all.lastIndexOf(name);
  const beside = new Set(places.flatMap(({ names }) => (names.some(isKnown) ? names : [])));
  const isOne = (name: string) => isKnown(name) || (isShared(name) && beside.has(name));
  return places.map(({ folder, names }) => ({
    folder,
    environments: names.filter(isOne),
    unknown: names.filter((name) => !isOne(name)),
  }));
}
