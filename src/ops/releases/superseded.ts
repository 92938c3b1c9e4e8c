import { compareVersions } from '../carriers/compare-versions.js';
import type { PullRequest } from '../repository/pull-request.js';
import { isBumpOf, newestOf } from './release-pull-request.js';

/** An open pull request of a release that says nothing new once its environment has a version. */
export interface Superseded {
  app: string;
  number: number;
  url: string;
  /** What it proposes. */
  version: string;
  /** Whether people pushed to it: then it is never closed for them. */
  theirs: boolean;
}

/**
 * Whether the version that an environment runs makes an open pull request of a release needless: it proposes that version
 * or an older one.
 *
 * @param open the pull request of the branch of the environment and app, where there is one
 * @param held what the environment holds or is about to; `null` where nobody can tell
 * @param chart the chart that this is the version of, where it is none of an image or base; a chart and an app cannot be compared
 * @returns `undefined` where it proposes something newer, or something that cannot be compared
 */
export function supersededBy(
  open: PullRequest | undefined,
  { environment, app }: { environment: string; app: string },
  held: string | null,
  chart?: string,
): Superseded | undefined {
  const isOurs = (commit: PullRequest['commits'][number]) => isBumpOf({ environment, app }, commit);
  const newest = open && newestOf(open, { environment, app });
  const version = newest?.version;
  const isOfChart = newest !== undefined && newest.images.length === 0 && newest.charts !== undefined;
  if (isOfChart !== (chart !== undefined)) {
    return undefined;
  }
  if (open === undefined || version === undefined || held === null || !reaches(held, version)) {
    return undefined;
  }
  const theirs = open.commitCount !== open.commits.length || !open.commits.every(isOurs);
  return { app, number: open.number, url: open.url, version, theirs };
}

function reaches(held: string, version: string): boolean {
  return held === version || ['newer', 'same'].includes(compareVersions({ tag: version }, { tag: held }));
}
