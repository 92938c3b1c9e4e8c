import semver from 'semver';
import type { Plan } from '../../src/release/plan.js';
import type { Row } from './replay.js';

/** Most changes shown of a release that differs. */
const MOST_CHANGES = 5;

/**
 * What a replay comes to, as text: the releases that differ with the changes that decided, then how many are the same.
 *
 * @param shown most of those that differ
 */
export function reportReplay(rows: readonly Row[], shown: number): string {
  const others = rows.filter((row) => row.ours !== row.actual);
  const differences = others.slice(0, shown).map(tell);
  const more = others.length > shown ? [`… and ${others.length - shown} more that differ`] : [];
  const grown = rows.filter(({ last }) => semver.gte(last, '1.0.0'));
  return [...differences, ...more, `${share(rows)}; ${share(grown)} from 1.0.0 on`].join('\n');
}

function share(rows: readonly Row[]): string {
  const same = rows.filter((row) => row.ours === row.actual).length;
  return `${same} of ${rows.length} releases are the same (${((100 * same) / Math.max(1, rows.length)).toFixed(1)} %)`;
}

function tell({ tag, last, ours, plan }: Row): string {
  const decided = changesOf(plan)
    .map(({ sha, header }) => `    ${sha.slice(0, 9)} ${header}`)
    .slice(0, MOST_CHANGES);
  const why = plan.kind === 'blocked' ? [`    ${plan.why}`] : [];
  return [`${tag} follows ${last}; ours is ${ours}`, ...why, ...decided].join('\n');
}

function changesOf(plan: Plan): { sha: string; header: string }[] {
  return plan.kind === 'release'
    ? plan.changes.map(({ sha, said }) => ({
        sha,
        header: `${said.header}${said.breaking.length > 0 ? ' (breaks)' : ''}`,
      }))
    : [];
}
