import { expect, test } from '@jest/globals';
import { formatTrailers, type Trailers } from '../../../../src/ops/ledger/trailers.js';
import { HOLDS_FILE } from '../../../../src/ops/policy/holds.js';
import { evaluate } from '../../../../src/ops/verbs/check/evaluate.js';
import { inspect } from '../../../../src/ops/verbs/check/inspect.js';
import { comparisonOf } from './support.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const OPEN = 'environments:\n  staging: {}\n  production: { after: staging }\n';
const FROZEN =
  'environments:\n  staging: {}\n  production: { after: staging, freeze: [{ cron: "0 11 * * *", for: 3h }] }\n';

const kustomization = (app: string, version: string) =>
  `resources:\n- ../../../bases/${app}\nimages:\n- name: ghcr.io/acme/${app}\n  newTag: ${version}\n`;
const place = (app: string) => `overlays/production/${app}/kustomization.yaml`;
const hold = (version: string, day = 20) =>
  `- environment: production\n  app: shop\n  version: ${version}\n  since: "2026-11-${day}T09:00:00Z"\n  by: ada\n`;

const BASE = {
  'ostack.yaml': OPEN,
  'bases/shop/kustomization.yaml': 'resources: [web.yaml]\nconfigMapGenerator: [{ name: env, files: [env.txt] }]\n',
  'bases/shop/env.txt': 'A=1\n',
  'bases/shop/web.yaml': 'kind: Deployment\n',
  'bases/mailer/kustomization.yaml': '',
  [place('shop')]: kustomization('shop', '1.4.0'),
  [place('mailer')]: kustomization('mailer', '2.0.0'),
};

function message(given: Partial<Trailers>): string {
  const of = {
    environment: 'production',
    app: 'shop',
    version: '1.3.0',
    images: [],
    source: undefined,
    run: undefined,
  };
  return `One\n\n${formatTrailers({ action: 'rollback', ...of, ...given })}`;
}

/** What a change comes to in production; staging has never held anything. */
async function production(base: Record<string, string>, changes: Record<string, string>, messages: string[]) {
  const head = { ...base, ...changes };
  const inspection = await inspect(comparisonOf(base, head));
  const approvals = async () => ({ given: [], refused: [], problem: undefined });
  const history = async () => ({ entries: [], complete: true });
  const verdicts = await evaluate(history, inspection, { messages, approvals }, NOW);
  const found = verdicts.find(({ environment }) => environment === 'production');
  return `${found?.state}: ${found?.reason}`;
}

const shop = (version: string) => ({ [place('shop')]: kustomization('shop', version) });
const held = { ...BASE, [HOLDS_FILE]: hold('1.4.0') };
const forced = message({ action: 'promote', version: '1.5.0', forcedBy: 'grace', reason: 'outage' });
const ORDER = /^failure: production takes shop 1\.5\.0 only once it is in staging/;

test.each<[string, Record<string, string>, Record<string, string>, string[], RegExp]>([
  // Who sets the version of what is held cannot take the hold away in the same breath, nor write a newer one over it.
  ['deletes the hold', held, { ...shop('1.5.0'), [HOLDS_FILE]: '[]\n' }, [forced], /^failure: shop .* held at 1\.4\.0/],
  [
    'moves the hold',
    held,
    { ...shop('1.5.0'), [HOLDS_FILE]: hold('1.5.0', 21) },
    [forced],
    /^failure: .* held at 1\.4\.0/,
  ],
  [
    'lifts and sets',
    held,
    { ...shop('1.5.0'), [HOLDS_FILE]: '[]\n' },
    [message({ action: 'lift-hold' })],
    /held at 1\.4\.0/,
  ],
  ['only lifts', held, { [HOLDS_FILE]: '[]\n' }, [message({ action: 'lift-hold' })], /^success: No change/],
  [
    'rolls back',
    held,
    { ...shop('1.3.0'), [HOLDS_FILE]: hold('1.3.0', 21) },
    [message({})],
    /^success: .*; a rollback\.$/,
  ],
  [
    'rolls back to another',
    held,
    { ...shop('1.2.0'), [HOLDS_FILE]: '[]\n' },
    [message({})],
    /^failure: .* held at 1\.4\.0/,
  ],
  // The words of a verb are about what it wrote, and nothing that was pushed on top.
  ['forces', BASE, shop('1.5.0'), [forced], /^success: Takes shop 1\.5\.0; forced by grace: outage\.$/],
  ['pushes onto a rollback', BASE, shop('1.5.0'), [message({}), 'More'], ORDER],
  [
    'pushes another app',
    BASE,
    { ...shop('1.3.0'), [place('mailer')]: kustomization('mailer', '2.1.0') },
    [message({})],
    /^failure: production takes mailer 2\.1\.0 only/,
  ],
  [
    'pushes another image',
    BASE,
    shop('1.5.0'),
    [message({ version: '1.5.0', images: ['ghcr.io/acme/shop:1.5.0-rc'] })],
    ORDER,
  ],
  ['speaks of staging', BASE, shop('1.5.0'), [message({ version: '1.5.0', environment: 'staging' })], ORDER],
  [
    'rolls back in a freeze',
    { ...BASE, 'ostack.yaml': FROZEN },
    shop('1.3.0'),
    [message({})],
    /^success: .*; a rollback\.$/,
  ],
  [
    'sets more with a rollback in a freeze',
    { ...BASE, 'ostack.yaml': FROZEN },
    { [place('shop')]: `${kustomization('shop', '1.3.0')}namePrefix: x-\n` },
    [message({})],
    /^pending: production is frozen .* It is no rollback alone: overlays\/production\/shop\/kustomization\.yaml changes/,
  ],
  [
    'more in a freeze',
    { ...BASE, 'ostack.yaml': FROZEN },
    { ...shop('1.3.0'), 'bases/shop/web.yaml': 'kind: Job\n' },
    [message({})],
    /^pending: production is frozen/,
  ],
  [
    'settings in a freeze',
    { ...BASE, 'ostack.yaml': FROZEN },
    { ...shop('1.3.0'), [place('mailer')]: `${kustomization('mailer', '2.0.0')}namePrefix: x-\n` },
    [message({})],
    /^pending: production is frozen/,
  ],
  [
    'its cluster in a freeze',
    { ...BASE, 'ostack.yaml': FROZEN },
    { ...shop('1.3.0'), 'clusters/production/a.yaml': 'a: 1\n' },
    [message({})],
    /^pending: production is frozen/,
  ],
  [
    'a base’s file in a freeze',
    { ...BASE, 'ostack.yaml': FROZEN },
    { ...shop('1.3.0'), 'bases/shop/env.txt': 'A=2\n' },
    [message({})],
    /^pending: production is frozen/,
  ],
])('a change that %s', async (_what, base, changes, messages, expected) => {
  expect(await production(base, changes, messages)).toMatch(expected);
});

test('a rollback in the layout of groups passes a freeze with its patches, not with those of other apps', async () => {
  const at = 'web/overlays/production';
  const base = {
    'ostack.yaml': FROZEN,
    'web/base/shop/kustomization.yaml': '',
    'web/base/mailer/kustomization.yaml': '',
    [`${at}/kustomization.yaml`]:
      'resources: [../../base/shop, ../../base/mailer]\npatches: [{ path: shop/version.yaml }, { path: mailer/settings.yaml }]\n',
    [`${at}/shop/version.yaml`]: 'spec: { image: "ghcr.io/acme/shop:1.4.0" }\n',
    [`${at}/mailer/settings.yaml`]: 'a: 1\n',
  };
  const back = { [`${at}/shop/version.yaml`]: 'spec: { image: "ghcr.io/acme/shop:1.3.0" }\n' };
  expect(await production(base, back, [message({})])).toBe('success: Takes shop 1.3.0; a rollback.');
  const shared = base[`${at}/kustomization.yaml`];
  const both = {
    ...back,
    [`${at}/kustomization.yaml`]: `${shared}images: [{ name: ghcr.io/acme/mailer, newTag: 2.1.0 }]\n`,
  };
  const free = { ...base, 'ostack.yaml': FROZEN.replace('after: staging, ', '') };
  expect(await production(free, both, [message({})])).toMatch(/^pending: production is frozen/);
  const more = { ...back, [`${at}/mailer/settings.yaml`]: 'a: 2\n' };
  expect(await production(base, more, [message({})])).toMatch(/^pending: production is frozen/);
});

test('a folder beside the environments that the policy names has no verdict', async () => {
  const base = { ...BASE, 'overlays/demo/shop/kustomization.yaml': kustomization('shop', '1.0.0') };
  const { environments, touched } = await inspect(comparisonOf(base, { ...base, 'clusters/demo/a.yaml': 'a: 1\n' }));
  expect([environments, [...touched]]).toEqual([['staging', 'production'], []]);
});

test('a version in a file of values is held to the rules like any other', async () => {
  const policy =
    'environments: { staging: {}, production: { after: staging } }\noverlays: ["charts/{app}/values-{environment}.yaml"]\n';
  const values = (tag: string) => `image: { repository: ghcr.io/acme/shop, tag: ${tag} }\n`;
  const base = {
    'ostack.yaml': policy,
    'charts/shop/values-staging.yaml': values('1.0.0'),
    'charts/shop/values-production.yaml': values('1.0.0'),
  };
  const head = { ...base, 'charts/shop/values-production.yaml': values('2.0.0') };
  const { touched, held } = await inspect(comparisonOf(base, head));
  expect([...touched]).toEqual(['production']);
  expect(held).toMatchObject([{ environment: 'production', app: 'shop', version: '2.0.0', moves: true }]);
});
