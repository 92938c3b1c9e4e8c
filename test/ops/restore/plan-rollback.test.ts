import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../src/ops/carriers/carrier.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { addHold, HOLDS_FILE, type Hold, readHolds } from '../../../src/ops/policy/holds.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import type { Planned } from '../../../src/ops/pull-requests/planned.js';
import type { Goal } from '../../../src/ops/restore/goal.js';
import { planRollback } from '../../../src/ops/restore/plan-rollback.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { fixtureFiles } from '../../support/fixture-files.js';
import { lines } from './support.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const DIGEST = `sha256:${'a'.repeat(64)}`;
const HOLD = { since: '2026-11-20T12:00:00Z', by: 'ada', reason: 'Checkout fails' };

const image = (app: string, tag: string, digest?: string): Target => ({
  ...{ kind: 'image', repository: `ghcr.io/acme/${app}`, image: app, tag },
  ...(digest === undefined ? {} : { digest }),
});

/** What an app goes back to. */
const goal = (app: string, version: string, targets: Target[] = [image(app, version)]): Goal => ({
  ...{ app, from: '1.5.0', version },
  entry: {
    ...{ oid: 'c'.repeat(40), lastOid: 'd'.repeat(40), at: NOW, present: true, version, targets, pinned: [] },
    ...{ trailers: undefined, author: 'ada', pullRequest: undefined },
  },
});

const path = (app: string) => `overlays/staging/${app}/kustomization.yaml`;
const overlay = (app: string, tag: string, more = '') =>
  lines('# by hand', 'images:', `- name: ghcr.io/acme/${app}`, `  newTag: ${tag} # stays`) + more;

interface Given {
  files: Record<string, string>;
  goals: Goal[];
  hold?: typeof HOLD | undefined;
  /** The files when what is undone had not come yet. */
  earlier?: Record<string, string>;
  environment?: string;
}

async function plan({ files, goals, hold, earlier = {}, environment = 'staging' }: Given): Promise<Planned> {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  return planRollback(tree, layout, { environment, goals, hold, now: NOW }, () => objectTree(earlier));
}

/** The files after a rollback. */
async function filesAfter(given: Given): Promise<Record<string, string>> {
  const planned = await plan(given);
  if (planned.state !== 'change') {
    throw new Error(`Nothing changes: ${planned.state}`);
  }
  expect(planned.change.deletions ?? []).toEqual([]);
  return Object.fromEntries(planned.change.files);
}

const files = { [path('shop')]: overlay('shop', '1.5.0'), [path('cart')]: overlay('cart', '2.0.0') };

describe('where apps have folders of their own, a rollback', () => {
  test('sets the version back and nothing else', async () => {
    expect(await filesAfter({ files, goals: [goal('shop', '1.4.0')] })).toEqual({
      [path('shop')]: overlay('shop', '1.4.0'),
    });
  });

  test('sets the digest back, too', async () => {
    const changed = await filesAfter({ files, goals: [goal('shop', '1.4.0', [image('shop', '1.4.0', DIGEST)])] });
    expect(changed[path('shop')]).toContain(`digest: ${DIGEST}`);
  });

  test('sets back what is pinned by its digest alone, as a digest', async () => {
    const pinned = (digest: string) => lines('images:', '- name: ghcr.io/acme/shop', `  digest: ${digest}`);
    const to: Target = {
      kind: 'image',
      repository: 'ghcr.io/acme/shop',
      image: 'shop',
      tag: undefined,
      digest: DIGEST,
    };
    const held = { [path('shop')]: pinned(`sha256:${'b'.repeat(64)}`) };
    expect(await filesAfter({ files: held, goals: [goal('shop', DIGEST.slice(0, 19), [to])] })).toEqual({
      [path('shop')]: pinned(DIGEST),
    });
  });

  test('of a version that Flux writes is refused by name', async () => {
    const marked = {
      [path('shop')]: overlay('shop', '1.5.0').replace('# stays', '# {"$imagepolicy": "apps:shop:tag"}'),
    };
    await expect(plan({ files: marked, goals: [goal('shop', '1.4.0')] })).rejects.toThrow(
      `${path('shop')}:4 is written by Flux's image automation, by its policy apps:shop:tag`,
    );
  });

  test('sets all apps back in one change, and knows how they were', async () => {
    const planned = await plan({ files, goals: [goal('shop', '1.4.0'), goal('cart', '1.9.0')] });
    expect(planned).toEqual({
      state: 'change',
      change: {
        files: new Map([
          [path('cart'), overlay('cart', '1.9.0')],
          [path('shop'), overlay('shop', '1.4.0')],
        ]),
        deletions: [],
      },
      before: new Map(Object.entries(files)),
    });
  });

  test('changes nothing where all of it is there', async () => {
    expect(await plan({ files, goals: [goal('shop', '1.5.0'), goal('cart', '2.0.0')] })).toEqual({
      state: 'nothing',
      reason: 'shop 1.5.0, cart 2.0.0 is in staging already',
    });
  });

  test('fails where the app is gone', async () => {
    await expect(plan({ files, goals: [goal('shop', '1.4.0'), goal('news', '1.0.0')] })).rejects.toThrow(
      'There is no app "news" in staging, so there is nothing to roll back.',
    );
  });
});

describe('the hold of a rollback', () => {
  const holdAt = (version: string, over: Partial<Hold> = {}): Hold => ({
    ...{ environment: 'staging', app: 'shop', version, since: '2026-11-19T12:00:00Z', by: 'bob' },
    ...over,
  });
  const withHold = (hold: Hold) => ({ ...files, [HOLDS_FILE]: addHold(undefined, hold) });
  const shop = goal('shop', '1.4.0');
  const at = (version: string) => [{ environment: 'staging', app: 'shop', version, ...HOLD }];

  test('is written with the version', async () => {
    const changed = await filesAfter({ files, goals: [shop], hold: HOLD });
    expect(Object.keys(changed)).toEqual([path('shop'), HOLDS_FILE]);
    expect(readHolds(changed[HOLDS_FILE])).toEqual(at('1.4.0'));
  });

  test('is written where the version is there already', async () => {
    const changed = await filesAfter({ files, goals: [goal('shop', '1.5.0')], hold: HOLD });
    expect(Object.keys(changed)).toEqual([HOLDS_FILE]);
  });

  test('is one for each app', async () => {
    const changed = await filesAfter({ files, goals: [shop, goal('cart', '1.9.0')], hold: HOLD });
    expect(readHolds(changed[HOLDS_FILE]).map(({ app, version }) => `${app} ${version}`)).toEqual([
      'shop 1.4.0',
      'cart 1.9.0',
    ]);
  });

  test.each<[what: string, there: Hold, becomes: object[]]>([
    ['stays as it is where it is on for this version', holdAt('1.4.0'), [holdAt('1.4.0')]],
    ['is replaced where it is on for another one', holdAt('1.3.0'), at('1.4.0')],
    ['is replaced where it is over', holdAt('1.4.0', { until: '2026-11-20T11:00:00Z' }), at('1.4.0')],
    [
      'is beside that of another environment',
      holdAt('1.4.0', { environment: 'production' }),
      [holdAt('1.4.0', { environment: 'production' }), ...at('1.4.0')],
    ],
  ])('%s', async (_what, there, becomes) => {
    const given = withHold(there);
    const changed = await filesAfter({ files: given, goals: [shop], hold: HOLD });
    expect(readHolds(changed[HOLDS_FILE] ?? given[HOLDS_FILE])).toEqual(becomes);
  });

  test('that is on for the version that is there leaves nothing to do', async () => {
    expect(await plan({ files: withHold(holdAt('1.5.0')), goals: [goal('shop', '1.5.0')], hold: HOLD })).toEqual({
      state: 'nothing',
      reason: 'shop 1.5.0 is in staging already, and held there',
    });
  });

  test('stays on where the rollback is to leave none', async () => {
    const changed = await filesAfter({ files: withHold(holdAt('1.3.0')), goals: [shop] });
    expect(Object.keys(changed)).toEqual([path('shop')]);
  });

  test('is known as it was', async () => {
    const given = withHold(holdAt('1.3.0'));
    expect(await plan({ files: given, goals: [shop], hold: HOLD })).toMatchObject({
      before: new Map([
        [path('shop'), files[path('shop')]],
        [HOLDS_FILE, given[HOLDS_FILE]],
      ]),
    });
  });
});

describe('in the layout of groups, a rollback', () => {
  const fleet = fixtureFiles('ops-groups');
  const staging = (file: string) => `apps/overlays/staging-eu/${file}`;
  const root = staging('kustomization.yaml');
  const bad = {
    ...fleet,
    [staging('billing/version.yaml')]: fleet[staging('billing/version.yaml')]?.replaceAll('0.7.0', '0.8.0') ?? '',
    [staging('billing/cache.yaml')]: 'kind: Deployment\n',
    [staging('billing/_host.yaml')]: 'kind: Ingress\n',
    [root]:
      fleet[root]?.replace(
        '  - path: billing/settings.yaml\n',
        '  - path: billing/cache.yaml\n  - path: billing/settings.yaml\n',
      ) ?? '',
  };
  const billing = goal('billing', '0.7.0');
  const given = { files: bad, goals: [billing], earlier: fleet, environment: 'staging-eu' };

  test('takes patches and their references back to how they were, and files that stay stay', async () => {
    const planned = await plan(given);
    expect(planned).toMatchObject({
      state: 'change',
      change: {
        files: new Map([
          [staging('billing/version.yaml'), fleet[staging('billing/version.yaml')]],
          [root, fleet[root]],
        ]),
        deletions: [staging('billing/cache.yaml')],
      },
    });
  });

  test('leaves other apps as they are', async () => {
    const other = staging('tracking/version.yaml');
    const moved = { ...bad, [other]: `${bad[other] ?? ''}# newer\n` };
    const planned = await plan({ ...given, files: moved });
    expect(planned.state === 'change' && planned.change.files.has(other)).toBe(false);
  });

  test('changes nothing where all is as it was', async () => {
    expect((await plan({ ...given, files: fleet })).state).toBe('nothing');
  });

  test('fails where the app is gone', async () => {
    await expect(plan({ ...given, goals: [goal('news', '1.0.0')] })).rejects.toThrow(
      'There is no app "news" in staging-eu',
    );
  });
});
