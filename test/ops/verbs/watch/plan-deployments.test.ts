import { describe, expect, test } from '@jest/globals';
import type { Deployment, StatusToSet } from '../../../../src/github/deployments.js';
import type { LedgerEntry } from '../../../../src/ops/ledger/ledger.js';
import type { Health } from '../../../../src/ops/policy/health.js';
import type { WatchedChange } from '../../../../src/ops/verbs/watch/changes.js';
import { deploymentFor, dueStatuses, type Recorded } from '../../../../src/ops/verbs/watch/plan-deployments.js';
import { recordedInApps } from '../../../../src/ops/verbs/watch/sources.js';

const NEW = 'b'.repeat(40);
const OLD = 'a'.repeat(40);
const SINCE = new Date('2026-11-30T12:00:00Z');

function entry(oid: string, version: string, source?: string): LedgerEntry {
  const trailers = {
    ...{ action: 'bump', environment: 'staging', app: 'shop', version, more: [], images: [], charts: [] },
    ...{ run: undefined, from: undefined, reason: undefined, by: undefined, forcedBy: undefined, source },
  };
  return {
    ...{ oid, lastOid: oid, at: SINCE, present: true, version, targets: [], pinned: [], author: 'ada' },
    ...{ pullRequest: undefined, trailers: source === undefined ? undefined : trailers },
  };
}

function change(own: Partial<Health>, more: Partial<WatchedChange> = {}): WatchedChange {
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

const record = (own: WatchedChange): Recorded => ({ change: own, sha: NEW, replaced: [OLD], page: 'https://page' });

/** `b failure kustomization/shop: no https://page` for each status that is due. */
function due(own: WatchedChange, shown: Record<string, Deployment['status']>): string[] {
  const find = (sha: string): Deployment | undefined =>
    sha in shown ? { id: sha, sha, status: shown[sha] } : undefined;
  return dueStatuses([record(own)], find).map(lineOf);
}

const lineOf = ({ deployment, status }: StatusToSet) =>
  [deployment.sha.slice(0, 1), status.state, status.description, status.environmentUrl || '-', status.logUrl].join(' ');

const LIVE = {
  ...{ state: 'success', description: 'kustomization/shop: done' },
  ...{ environmentUrl: 'https://shop.acme.dev', logUrl: 'https://page' },
};

describe('the statuses of a deployment', () => {
  test.each<[string, Partial<Health>, string[]]>([
    ['pending', { state: 'pending' }, ['b pending kustomization/shop: done - https://page']],
    ['progressing', { state: 'progressing' }, ['b in_progress kustomization/shop: done - https://page']],
    [
      'live, with its address and the page of the cluster',
      { url: 'https://argocd' },
      ['b success kustomization/shop: done https://shop.acme.dev https://argocd'],
    ],
    ['failed', { state: 'failed' }, ['b failure kustomization/shop: done - https://page']],
    ['unknown', { state: 'unknown' }, ['b error kustomization/shop: done - https://page']],
  ])('%s', (_, own, expected) => {
    expect(due(change(own), { [NEW]: undefined })).toEqual(expected);
  });

  test('are set once', () => {
    expect(due(change({}), { [NEW]: LIVE })).toEqual([]);
    expect(due(change({ state: 'failed', reason: 'no' }), { [NEW]: LIVE })).toEqual(['b failure no - https://page']);
  });

  test('what was replaced is no longer deployed once the new version is live, and not before', () => {
    const both = { [NEW]: LIVE, [OLD]: LIVE };
    expect(due(change({}), both)).toEqual(['a inactive Replaced by 1.5.0 - https://page']);
    expect(due(change({ state: 'failed', reason: 'no' }), both)).toEqual(['b failure no - https://page']);
    expect(due(change({}), { ...both, [OLD]: { ...LIVE, state: 'inactive' } })).toEqual([]);
  });

  test('a deployment is known by its app, and says what it is', () => {
    expect(deploymentFor({ change: change({}), sha: NEW })).toEqual({
      ...{ environment: 'staging', task: 'deploy:shop', sha: NEW, description: 'shop 1.5.0 in staging' },
      payload: { app: 'shop', version: '1.5.0', commit: NEW },
    });
  });
});

describe('the commit in the apps repository that a version was made from', () => {
  const sha = 'c'.repeat(40);
  const earlier = 'd'.repeat(40);
  const places = (...all: WatchedChange[]) =>
    recordedInApps(all, () => 'page').map(({ repository, recorded }) => [
      repository,
      recorded.map((each) => `${each.change.environment} ${each.sha} ${each.replaced.join()}`),
    ]);
  const bumped = (source: string) =>
    change({}, { entry: entry(NEW, '1.5.0', source), earlier: [entry(OLD, '1.4.0', `acme/apps@${earlier}`)] });

  test('is what its release said, also for a promotion of it', () => {
    const promoted = change({}, { environment: 'production', earlier: [] });
    expect(places(promoted, bumped(`acme/apps@${sha}`))).toEqual([
      ['acme/apps', [`production ${sha} `, `staging ${sha} ${earlier}`]],
    ]);
  });

  test.each([
    '',
    'acme/apps',
    `acme/apps/../x@${sha}`,
    `acme/apps@${sha.slice(1)}`,
    `https://github.com/acme/apps@${sha}`,
  ])('is unknown where that says something else: %s', (source) => {
    expect(places(bumped(source))).toEqual([]);
  });
});
