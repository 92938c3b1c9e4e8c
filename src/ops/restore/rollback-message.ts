import { shortVersion } from '../../report/short-version.js';
import { chartReference } from '../carriers/chart-reference.js';
import { targetReference } from '../carriers/target.js';
import { ROLLBACK } from '../ledger/action-names.js';
import { formatTrailers } from '../ledger/trailers.js';
import type { CommitMessage } from '../tree/change.js';
import type { Goal } from './goal.js';
import type { RestoreRequest } from './plan-rollback.js';

/** Apps that a title names; GitHub takes 256 characters. */
const NAMED = 3;

/** `Roll back my-app to 1.4.0 in staging`. */
export function titleOf({ environment, goals }: Pick<RestoreRequest, 'environment' | 'goals'>): string {
  if (goals.length > NAMED) {
    return `Roll back ${goals.length} apps in ${environment}`;
  }
  const names = goals.map(({ app, version }) => `${app} to ${shortVersion(version)}`);
  return `Roll back ${names.join(' and ')} in ${environment}`;
}

/** What the pull request is about: versions, digests, and whether it holds them. */
export function keyOf({ goals, hold }: RestoreRequest): string {
  const parts = goals.flatMap(({ app, version, entry }) => [
    app,
    version,
    ...imagesOf({ entry }),
    ...chartsOf({ entry }),
  ]);
  return [...parts, hold === undefined ? 'free' : 'held'].join(' ');
}

/** The message of the commit. */
export function messageOf(
  { environment, goals }: RestoreRequest,
  { by, reason, runUrl }: { by: string; reason: string | undefined; runUrl: string },
): CommitMessage {
  const [first, ...more] = goals;
  const trailers = formatTrailers({
    action: ROLLBACK,
    environment,
    app: first?.app ?? '',
    version: first?.version ?? '',
    more: more.map(({ app, version }) => ({ app, version })),
    images: goals.flatMap(imagesOf),
    charts: goals.flatMap(chartsOf),
    source: undefined,
    from: fromOf(goals),
    reason,
    by,
    run: runUrl,
  });
  return { headline: titleOf({ environment, goals }), body: trailers };
}

/** What the apps have before it, as its commit says it. */
export function fromOf(goals: readonly Goal[]): string {
  return goals.map(({ from }) => from).join(', ');
}

function imagesOf({ entry }: Pick<Goal, 'entry'>): string[] {
  return entry.targets.flatMap((target) => (target.kind === 'chart' ? [] : [targetReference(target)]));
}

function chartsOf({ entry }: Pick<Goal, 'entry'>): string[] {
  return entry.targets.flatMap((target) => (target.kind === 'chart' ? [chartReference(target)] : []));
}
