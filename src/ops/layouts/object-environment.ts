import { canBeEnvironment, environmentTest, isUsualEnvironment } from '../overlays/environment-name.js';
import { NAME_PATTERN } from '../tree/name.js';

/** What is known of an object that deploys something. */
export interface Clues {
  /** Path of its file. */
  file: string;
  /** The folder or file that it deploys; empty for none. */
  path: string;
  /** Its own name. */
  name: string;
  /** Other words that may name the environment. */
  words: readonly string[];
  /** Whether its cluster hosts other environments too, so that its name is none of theirs. */
  isHosted?: boolean;
}

/** Folders that have a folder for each cluster in them. */
const OF_CLUSTERS = new Set(['clusters', 'cluster', 'profiles', 'fleet']);

/**
 * The environment that an object deploys into: as the folder of its cluster says, or else the folder that it deploys, the
 * folder of its file, its name, its labels and destination, or the name of its file. Where the policy names environments,
 * the first of these that is one of them; else the first that is called as environments usually are, or, of a cluster, the
 * cluster's name. Where a cluster and the folder name different ones, the shape of the tree decides.
 *
 * @param declared the environments that the policy names
 * @param shaped the environment that the folder is of by the shape of the tree
 * @returns `undefined` where nothing tells
 */
export function environmentOf(
  clues: Clues,
  declared: readonly string[] | undefined,
  shaped: string | undefined,
): string | undefined {
  const isName = environmentTest(declared);
  const { cluster, inPath } = namedIn(clues, isName);
  if (cluster !== undefined && isName(cluster)) {
    if (inPath !== undefined && !hasStemOf(cluster, inPath)) {
      // One cluster that hosts several environments, or a slip: the two names contradict each other.
      return shaped !== undefined && hasStemOf(shaped, inPath) ? shaped : undefined;
    }
    if (clues.isHosted === true && shaped !== undefined && shaped === inPath) {
      return shaped;
    }
    return declared === undefined && inPath !== undefined && isOneOfSeveral(cluster, inPath) ? inPath : cluster;
  }
  if (cluster !== undefined && declared === undefined) {
    return shaped !== undefined && isUsualEnvironment(shaped) ? shaped : cluster;
  }
  const folders = clues.file.split('/').slice(0, -1);
  const fileName = clues.file.split('/').at(-1) ?? '';
  const said = [folders, [clues.name], clues.words, [fileName.replace(/\.ya?ml$/, '')]].flatMap(
    (names) => lastNamed(names, isName) ?? [],
  );
  const plainer = said.find((name) => inPath !== undefined && isOneOfSeveral(inPath, name));
  return plainer ?? inPath ?? said[0] ?? (declared?.length === 1 ? declared[0] : undefined);
}

/** Whether an object deploys a folder of another environment than its cluster is called after. */
export function contradictsCluster(clues: Clues, declared: readonly string[] | undefined): boolean {
  const isName = environmentTest(declared);
  const { cluster, inPath } = namedIn(clues, isName);
  return cluster !== undefined && isName(cluster) && inPath !== undefined && !hasStemOf(cluster, inPath);
}

/** The names that are in an object's file, of its cluster, and in the folder that it deploys, of an environment. */
function namedIn({ file, path }: Clues, isName: (name: string) => boolean) {
  return { cluster: clusterOf(file, isName), inPath: lastNamed(path.split('/'), isName) };
}

/** Whether two names have a word that begins alike: `prod-eu` and `production`. */
export function hasStemOf(name: string, other: string): boolean {
  const stems = (text: string) => text.toLowerCase().split(/[-_.]/).map(stemOf);
  return stems(name).some((stem) => stems(other).includes(stem));
}

function stemOf(word: string): string {
  const short: Readonly<Record<string, string>> = { dev: 'deve', prd: 'prod', stg: 'stag', tst: 'test' };
  return short[word] ?? word.slice(0, 4);
}

/** The folder of the cluster that a file is for: one that is called like an environment, or else the first. */
function clusterOf(file: string, isName: (name: string) => boolean): string | undefined {
  const folders = file.split('/').slice(0, -1);
  const at = folders.findIndex((folder) => OF_CLUSTERS.has(folder));
  const inside =
    at < 0 ? [] : folders.slice(at + 1).filter((name) => canBeEnvironment(name) && NAME_PATTERN.test(name));
  return inside.find(isName) ?? inside[0];
}

/** Whether an environment has several clusters or folders, of which this is one: `prod-eu-1` of `production`. */
function isOneOfSeveral(cluster: string, environment: string): boolean {
  return /[-_.]/.test(cluster) && !/[-_.]/.test(environment) && hasStemOf(cluster, environment);
}

/** The environment that the last of these names, as a whole or at one of its ends: `web-production`. */
function lastNamed(names: readonly string[], isName: (name: string) => boolean): string | undefined {
  return names.findLast(isName) ?? names.flatMap((name) => partsOf(name, isName)?.environment ?? []).at(-1);
}

/** A name of an app and an environment, taken apart: `web-prod-eu` is `web` in `prod-eu`. */
export function partsOf(
  name: string,
  isName: (name: string) => boolean,
): { environment: string; rest: string } | undefined {
  const words = name.split('-');
  for (let length = words.length - 1; length > 0; length--) {
    const ends: [string[], string[]][] = [
      [words.slice(-length), words.slice(0, -length)],
      [words.slice(0, length), words.slice(length)],
    ];
    for (const [environment, rest] of ends) {
      if (isName(environment.join('-')) && rest.every((word) => word !== '')) {
        return { environment: environment.join('-'), rest: rest.join('-') };
      }
    }
  }
  return undefined;
}
