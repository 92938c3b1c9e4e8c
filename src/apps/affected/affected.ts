import type { Git } from '../../git/git.js';
import type { RunEvent } from '../../github/event.js';
import type { App } from '../app.js';
import { CONFIG_FILE } from '../config.js';
import { touchedApps } from '../touched.js';
import { changedPaths } from './changed-paths.js';
import { comparisonOf, type RunRevision } from './comparison.js';

/** The apps that a change touches. */
export interface Affected {
  /** In the order of the repository's apps. */
  apps: App[];
  /** Why these, one sentence without a full stop. */
  reason: string;
  /** All apps because of something that went wrong, or could not be known: worth a notice. */
  notice: boolean;
}

/** Paths that affect every app, because they decide how the repository is built, tested and released. */
const EVERYWHERE = /^(?:ostack\.yaml|\.github\/workflows\/.+)$/;

/**
 * The apps that the change of an event touches: those whose `path` or `shared` differ; all of them when the change is
 * unknown.
 *
 * @param apps all apps of the repository
 * @throws Error when git fails on commits that it has
 */
export async function findAffected(
  git: Git,
  { apps, event, revision }: { apps: readonly App[]; event: RunEvent; revision: RunRevision },
): Promise<Affected> {
  const comparison = comparisonOf(event, revision);
  if (comparison.kind === 'everything') {
    return { apps: [...apps], reason: `all apps: ${comparison.why}`, notice: !comparison.expected };
  }
  const changed = await changedPaths(git, comparison);
  if ('unknown' in changed) {
    return { apps: [...apps], reason: `all apps: ${changed.unknown}`, notice: true };
  }
  return affectedBy(apps, changed.paths, comparison.what);
}

/**
 * Which apps changed paths touch.
 *
 * @param what the change, for the reason
 */
export function affectedBy(apps: readonly App[], paths: readonly string[], what: string): Affected {
  const everywhere = paths.find((path) => EVERYWHERE.test(path));
  if (everywhere !== undefined) {
    const why = everywhere === CONFIG_FILE ? 'holds the settings of all' : 'is a workflow';
    return { apps: [...apps], reason: `all apps: ${what} changes ${everywhere}, which ${why}`, notice: false };
  }
  const touched = touchedApps(apps, paths);
  const files = paths.length === 1 ? '1 path' : `${paths.length} paths`;
  const share = touched.length === 0 ? 'none of them in an app' : `in ${touched.length} of ${apps.length} apps`;
  return { apps: touched, reason: `${what}: ${files} changed, ${share}`, notice: false };
}
