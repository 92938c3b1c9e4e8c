import { compareVersions, type Versioned } from './compare-versions.js';
import { versionOf } from './tag-version.js';

/** A place that has a version: of one of several clusters, say. */
export interface PlaceVersion {
  /** For people: a file with its line, or a folder. */
  where: string;
  current: Versioned;
}

/** What an environment runs that is newer than what is to be set. */
export interface NewerThere {
  /** The newest of it, as people read it; `null` where it has no tag. */
  version: string | null;
  /** A sentence that names the places and what to do, where not all of them are newer; missing where they are. */
  apart?: string;
}

/**
 * Says what goes before a version that is to be set, so that it is not: the newest of what is there. Places of one app move
 * together, and never backwards in one of them.
 *
 * @param newer places that are newer than what is to be set, at least one
 * @param others the rest of the app's places
 */
export function newerThere(newer: readonly PlaceVersion[], others: readonly PlaceVersion[]): NewerThere {
  const [newest] = [...newer].sort((one, other) => (compareVersions(one.current, other.current) === 'newer' ? 1 : -1));
  const version = shown(newest?.current);
  const behind = others.filter(({ current }) => current.tag !== undefined);
  if (newest === undefined || version === null || behind.length === 0) {
    return { version };
  }
  const list = [...newer, ...behind].map(({ where, current }) => `${where} has ${shown(current)}`);
  return { version, apart: `${list.join(', ')}. Bump it to ${version} to bring its places together.` };
}

function shown(current: Versioned | undefined): string | null {
  const tag = current?.tag;
  return tag === undefined ? null : (versionOf(tag) ?? tag);
}
