import { describe, expect, test } from '@jest/globals';
import type { Ledger } from '../../../../src/ops/ledger/ledger.js';
import { readState } from '../../../../src/ops/overlays/app-state.js';
import type { Hold } from '../../../../src/ops/policy/holds.js';
import type { Snapshot } from '../../../../src/ops/repository/snapshot.js';
import { decide } from '../../../../src/ops/verbs/promote/decide.js';
import type { PromotionRequest } from '../../../../src/ops/verbs/promote/request.js';
import { LAYOUT, snapshotOf } from '../snapshot.js';

const FREEZE = 'freeze: [{ cron: "0 11 * * *", for: 3h }]';
const QUIET = new Date('2026-11-21T10:00:00Z');
const FROZEN = new Date('2026-11-21T12:00:00Z');

const HOLD: Hold = {
  ...{ environment: 'production', app: 'shop', version: '1.3.0', since: '2026-11-20T09:00:00Z', by: 'ada' },
};

/** What each environment holds of the shop, what its rules are, and what somebody asks for. */
interface Case {
  dev?: string;
  staging?: string;
  production?: string;
  /** Of production. */
  rules?: string;
  from?: string;
  holds?: Hold[];
  now?: Date;
  force?: boolean;
  includeNew?: boolean;
  /** Hours that staging has had its version. */
  hours?: number;
  /** Whether staging has its version from its base alone. */
  inBase?: boolean;
}

const overlay = (version: string) => `images:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;

function snapshotFor(given: Case): Snapshot {
  const { dev = '1.4.0', staging = '1.4.0', production = '1.3.0', rules = '', holds = [], now = QUIET } = given;
  const versions = Object.entries({ dev, staging, production }).filter(([, version]) => version !== '');
  const files = versions.map(([name, version]) => [`overlays/${name}/shop/kustomization.yaml`, overlay(version)]);
  const bare = [
    ['overlays/staging/shop/kustomization.yaml', 'resources: [../../../bases/shop]\n'],
    ['bases/shop/kustomization.yaml', 'resources: [a.yaml]\n'],
    [
      'bases/shop/a.yaml',
      `kind: Job\nmetadata: { name: a }\nspec: { containers: [{ image: "ghcr.io/acme/shop:${staging}" }] }\n`,
    ],
  ];
  const policy = `environments:\n  dev: {}\n  staging: { after: dev }\n  production: { after: staging${rules === '' ? '' : `, ${rules}`} }\n`;
  return snapshotOf(Object.fromEntries(given.inBase === true ? [...files, ...bare] : files), policy, now, holds);
}

const REQUEST: PromotionRequest = {
  ...{ apps: ['shop'], from: '', to: ['production'], includeNew: false, force: false, reason: 'outage', merge: 'auto' },
  ...{ labels: [], actor: 'ada', runUrl: '', serverUrl: 'https://github.test' },
};

/** `goes`, `goes past order, freeze`, `same`, or what keeps it back. */
async function outcome(given: Case): Promise<string> {
  const snapshot = snapshotFor(given);
  const { from = 'staging', force = false, includeNew = false, hours = 24 } = given;
  const ledgers = async (environment: string, app: string): Promise<Ledger> => {
    const { deployed: held } = await readState(snapshot.tree, LAYOUT, environment, app);
    const at = new Date(snapshot.now.getTime() - hours * 3_600_000);
    const known = {
      oid: 'x',
      lastOid: 'x',
      at,
      pinned: [],
      trailers: undefined,
      author: 'ada',
      pullRequest: undefined,
    };
    const entry = {
      ...known,
      present: held !== undefined,
      version: held?.version ?? null,
      targets: held?.targets ?? [],
    };
    return { entries: [entry], complete: true };
  };
  const source = { environment: from, label: from, sideFor: async () => snapshot };
  const request = { ...REQUEST, force, includeNew };
  const { going, same, left } = await decide(snapshot, request, 'production', source, ledgers, ['shop']);
  const [one] = going;
  if (one !== undefined) {
    return one.forced.length === 0 ? 'goes' : `goes past ${one.forced.map(({ rule }) => rule).join(', ')}`;
  }
  return same.length > 0 ? 'same' : `${left[0]?.held === true ? 'held: ' : ''}${left[0]?.message}`;
}

describe('a promotion to production', () => {
  test.each<[what: string, given: Case, expected: RegExp]>([
    ['goes where nothing speaks against it', {}, /^goes$/],
    ['is nothing where production has it', { production: '1.4.0' }, /^same$/],
    ['is refused in a freeze', { rules: FREEZE, now: FROZEN }, /^production is frozen until 2026-11-21T14:00:00Z/],
    ['goes before the freeze', { rules: FREEZE }, /^goes$/],
    ['is refused where somebody holds the app', { holds: [HOLD] }, /^held: shop in production is held at 1\.3\.0/],
    ['goes where another environment is held', { holds: [{ ...HOLD, environment: 'staging' }] }, /^goes$/],
    ['goes where another app is held', { holds: [{ ...HOLD, app: 'mailer' }] }, /^goes$/],
    ['goes where the hold is over', { holds: [{ ...HOLD, until: '2026-11-21T09:59:59Z' }] }, /^goes$/],
    [
      'is refused where production has something newer',
      { production: '1.5.0' },
      /^production runs shop 1\.5\.0, and staging/,
    ],
    ['is refused before the soak time is over', { rules: 'soak: 48h' }, /^shop 1\.4\.0 is in staging since/],
    ['goes when the soak time is over', { rules: 'soak: 24h' }, /^goes$/],
    [
      'from further back is refused where staging has something else',
      { from: 'dev', dev: '1.5.0' },
      /^production comes after staging, and staging does not have what dev has of shop\./,
    ],
    ['from further back goes where staging has the same', { from: 'dev' }, /^goes$/],
    [
      'from further back is refused where staging has had it too short',
      { from: 'dev', rules: 'soak: 48h' },
      /^shop 1\.4\.0 is in staging since/,
    ],
    ['goes where only the base of staging names the version', { inBase: true }, /^goes$/],
    [
      'is refused where only the base of staging names the version, and it has to stay there for some time',
      { inBase: true, rules: 'soak: 1h' },
      /^production takes shop 1\.4\.0 after 1h in staging, and nobody can tell since when it is there, because only the base/,
    ],
    ['is refused where the app is new there', { production: '' }, /^production does not have shop yet\./],
    ['goes with an app that is new there where that is asked for', { production: '', includeNew: true }, /^goes$/],
    ['is refused where staging does not have the app', { staging: '' }, /^staging does not have shop/],
  ])('%s', async (_what, given, expected) => {
    expect(await outcome(given)).toMatch(expected);
  });
});

describe('a promotion that is forced', () => {
  test.each<[what: string, given: Case, expected: RegExp]>([
    ['goes past a freeze', { rules: FREEZE, now: FROZEN }, /^goes past freeze$/],
    ['goes past a soak time', { rules: 'soak: 48h' }, /^goes past soak$/],
    ['goes past the order', { from: 'dev', dev: '1.5.0' }, /^goes past order$/],
    ['goes backwards', { production: '1.5.0' }, /^goes past backwards$/],
    [
      'goes past all of them, and names them',
      { production: '1.5.0', rules: `soak: 48h, ${FREEZE}`, now: FROZEN },
      /^goes past freeze, backwards, soak$/,
    ],
    ['goes past nothing where nothing speaks against it', {}, /^goes$/],
    ['never goes past a hold', { holds: [HOLD] }, /^held: shop in production is held at 1\.3\.0/],
    [
      'never goes past a hold that ends by itself',
      { holds: [{ ...HOLD, until: '2026-11-22T00:00:00Z' }] },
      /^held: .* It ends 2026-11-22T00:00:00Z/,
    ],
    [
      'never goes past a hold, whatever else it would go past',
      { holds: [HOLD], rules: `soak: 48h, ${FREEZE}`, now: FROZEN },
      /^held: shop in production is held/,
    ],
    ['brings no app that is new and was not asked for', { production: '' }, /^production does not have shop yet\./],
    ['brings nothing that staging does not have', { staging: '' }, /^staging does not have shop/],
  ])('%s', async (_what, given, expected) => {
    expect(await outcome({ ...given, force: true })).toMatch(expected);
  });
});
