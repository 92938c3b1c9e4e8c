import { posix } from 'node:path';
import { isKustomization } from '../kustomize/kustomization.js';
import type { Reach } from './reach.js';

const known = new WeakMap<Reach, ReadonlySet<string>>();

/**
 * Files that are of an environment by their place, and that nothing there takes in: beside a kustomization that does not list
 * them, a kustomization beside such that are deployed, further values of a chart. What they say does not run.
 */
export function idleFiles(reach: Reach): ReadonlySet<string> {
  const found = known.get(reach) ?? leftIdle(reach);
  known.set(reach, found);
  return found;
}

function leftIdle({ files, takers, roots, named }: Reach): ReadonlySet<string> {
  const paths = [...files.keys()];
  const foldersOf = (is: (path: string) => boolean) => new Set(paths.filter(is).map((path) => posix.dirname(path)));
  const [listing, charts] = [foldersOf(isKustomization), foldersOf((path) => posix.basename(path) === 'Chart.yaml')];
  const besideDeployed = new Set([...roots].map((path) => posix.dirname(posix.dirname(path))));
  const isLeftOut = (path: string) => {
    const folder = posix.dirname(path);
    if (charts.has(folder)) {
      return isFurtherValues(path);
    }
    const isBeside = isKustomization(path) ? besideDeployed.has(posix.dirname(folder)) : listing.has(folder);
    return isBeside && !roots.has(path);
  };
  const idle = new Set(paths.filter((path) => !takers.has(path) && !named.has(path) && isLeftOut(path)));
  return withTaken(idle, { takers, roots });
}

/** What only idle files take in is idle as well. */
function withTaken(idle: Set<string>, { takers, roots }: Pick<Reach, 'takers' | 'roots'>): Set<string> {
  const taken = new Map<string, string[]>();
  for (const [path, by] of takers) {
    for (const taker of by) {
      const known = taken.get(taker) ?? [];
      known.push(path);
      taken.set(taker, known);
    }
  }
  for (const path of idle) {
    for (const inner of taken.get(path) ?? []) {
      if (!roots.has(inner) && [...(takers.get(inner) ?? [])].every((taker) => idle.has(taker))) {
        idle.add(inner);
      }
    }
  }
  return idle;
}

function isFurtherValues(path: string): boolean {
  return /\.ya?ml$/.test(path) && !/^(Chart|values|requirements)\.yaml$/.test(posix.basename(path));
}
