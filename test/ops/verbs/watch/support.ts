import type { LedgerEntry } from '../../../../src/ops/ledger/ledger.js';
import type { Health } from '../../../../src/ops/policy/health.js';
import type { WatchedChange } from '../../../../src/ops/verbs/watch/changes.js';

/** Commits of the version that is there, and of the one that it replaced. */
export const NEW = 'b'.repeat(40);
export const OLD = 'a'.repeat(40);
const SINCE = new Date('2026-11-30T12:00:00Z');

/** A version as the history has it. */
export function entry(oid: string, version: string, source?: string): LedgerEntry {
  const trailers = {
    ...{ action: 'bump', environment: 'staging', app: 'shop', version, more: [], images: [], charts: [] },
    ...{ run: undefined, from: undefined, reason: undefined, by: undefined, forcedBy: undefined, source },
  };
  return {
    ...{ oid, lastOid: oid, at: SINCE, present: true, version, targets: [], pinned: [], author: 'ada' },
    ...{ pullRequest: undefined, trailers: source === undefined ? undefined : trailers },
  };
}

/** A version that is watched, live unless it is said otherwise. */
export function change(own: Partial<Health>, more: Partial<WatchedChange> = {}): WatchedChange {
  const health: Health = { state: 'live', since: SINCE, reason: 'kustomization/shop: done', url: '', ...own };
  const ready = {
    from: undefined,
    creators: ['flux'],
    contexts: [],
    timeoutMs: 1,
    url: 'https://{app}.acme.dev',
    watcher: 'x',
  };
  const ops = { github: nobody(), repository: { owner: 'acme', name: 'ops' } };
  return {
    ...{ environment: 'staging', app: 'shop', version: '1.5.0', entry: entry(NEW, '1.5.0'), health, ready, ops },
    ...{ earlier: [entry(OLD, '1.4.0')], ...more },
  };
}

/** Plans ask no GitHub. */
function nobody(): WatchedChange['ops']['github'] {
  const never = () => {
    throw new Error('a plan asks nobody');
  };
  return { query: never, queryParts: never, octokit: Object.create(null) };
}
