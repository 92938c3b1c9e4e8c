import { expect, test } from '@jest/globals';
import type { ChartTarget } from '../../../../src/ops/carriers/carrier.js';
import { nextAct } from '../../../../src/ops/live/next-act.js';
import type { Health } from '../../../../src/ops/policy/health.js';
import { statusJson } from '../../../../src/ops/verbs/status/json.js';
import { statusMarkdown } from '../../../../src/ops/verbs/status/markdown.js';
import type { Cell, Status } from '../../../../src/ops/verbs/status/status.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const PODINFO: ChartTarget = {
  ...{ kind: 'chart', name: 'podinfo', version: '6.5.0', repository: 'oci://ghcr.io/acme/charts' },
};

test.each([
  ['1.2.0', 'another version than `1.2.0`'],
  [`sha256:${'a'.repeat(64)}`, 'another version'],
  [null, 'another version'],
])('an environment with what the first one never had says what that has, where it is short: %s', (newest, text) => {
  const cell = { version: '0.9.0', inBase: false, since: NOW, hold: undefined, violatesHold: false, pullRequests: [] };
  const behind = { versions: undefined, since: undefined, newest };
  const environments = new Map([['production', { ...cell, behind }]]);
  const status = {
    environments: [{ name: 'production', after: ['staging'], frozenUntil: undefined }],
    apps: [{ app: 'shop', environments }],
    pullRequests: [],
    findings: [],
    unreported: [],
    warnings: [],
  };
  expect(statusMarkdown(status, 'acme/ops', NOW)).toContain(`| \`0.9.0\`, since just now<br>${text} |`);
});

test.each<[string, Partial<Cell>, string, unknown]>([
  ['an image', { version: '1.4.0' }, '`1.4.0`, since just now', []],
  [
    'a chart alone',
    { version: '6.5.0', chart: 'podinfo', charts: [PODINFO] },
    'chart `podinfo 6.5.0`, since just now',
    [{ name: 'podinfo', version: '6.5.0', repository: 'oci://ghcr.io/acme/charts', release: null }],
  ],
  [
    'an image with a chart',
    { version: '1.4.0', charts: [PODINFO] },
    '`1.4.0`, since just now<br>chart `podinfo 6.5.0`',
    [{ name: 'podinfo', version: '6.5.0', repository: 'oci://ghcr.io/acme/charts', release: null }],
  ],
  [
    'a range',
    { version: null, following: [{ name: 'podinfo', range: '6.x' }] },
    'no version, since just now<br>chart `podinfo` follows `6.x`',
    [{ name: 'podinfo', version: null, repository: null, release: null, range: '6.x' }],
  ],
])('a cell tells the version of %s, in Markdown and as JSON', (_, own, text, charts) => {
  const cell: Cell = {
    ...{
      version: null,
      since: NOW,
      hold: undefined,
      violatesHold: false,
      pullRequests: [],
      behind: undefined,
      inBase: false,
    },
    ...own,
  };
  const status = {
    environments: [{ name: 'production', after: [], frozenUntil: undefined }],
    apps: [{ app: 'podinfo', environments: new Map([['production', cell]]) }],
    pullRequests: [],
    findings: [],
    unreported: [],
    warnings: [],
  };
  expect(statusMarkdown(status, 'acme/ops', NOW)).toContain(`| ${text} |`);
  expect(statusJson(status).apps[0]?.environments.production?.charts).toEqual(charts);
});

test('a cell names the clusters whose versions differ, some of each', () => {
  const places = ['eu-1', 'eu-2', 'eu-3', 'eu-4'].map((name) => ({
    place: `production/${name}/web`,
    version: '1.4.0',
  }));
  const odd = { place: 'production/us-1/web', version: null };
  const cell: Cell = {
    ...{ version: '1.4.0', since: NOW, hold: undefined, violatesHold: false, pullRequests: [], behind: undefined },
    ...{ inBase: false, places: [...places, odd] },
  };
  const status = {
    environments: [{ name: 'production', after: [], frozenUntil: undefined }],
    apps: [{ app: 'web', environments: new Map([['production', cell]]) }],
    pullRequests: [],
    findings: [],
    unreported: [],
    warnings: [],
  };
  expect(statusMarkdown(status, 'acme/ops', NOW)).toContain(
    '| `1.4.0`, since just now<br>`1.4.0` in `production/eu-1/web`, `production/eu-2/web`, `production/eu-3/web` and 1 more' +
      '<br>no version in `production/us-1/web` |',
  );
  expect(statusJson(status).apps[0]?.environments.production?.places).toHaveLength(5);
});

const LIVE: Health = {
  ...{
    state: 'live',
    since: new Date('2026-11-21T10:00:00Z'),
    reason: 'kustomization/web: reconciliation succeeded',
    url: '',
  },
};

test.each<[string, Partial<Health>, string, string]>([
  ['live', {}, 'live for 2 h', '**staging** is live for 2 h.'],
  [
    'failed',
    { state: 'failed', reason: 'kustomization/web: health check failed' },
    '**failed** for 2 h',
    '**staging** has **failed** for 2 h: kustomization/web: health check failed. Whoever brought it mends it, or runs Rollback.',
  ],
  [
    'on its way',
    { state: 'pending', since: NOW, reason: 'kustomization/web has not reported yet' },
    'pending since just now',
    '**staging** is pending since just now: kustomization/web has not reported yet. The cluster reports by 2026-11-21T12:15:00Z.',
  ],
  [
    'unknown',
    { state: 'unknown', since: undefined, reason: 'nobody says' },
    '**unknown**',
    '**staging** is **unknown**: nobody says. Whoever looks after the cluster looks whether it is well and reports, then runs Rollback where it is not.',
  ],
])('what is reported of an environment that is %s, and who acts next', (_, own, cell, line) => {
  const health = { ...LIVE, ...own };
  const next = nextAct(health, { timeoutMs: 15 * 60_000 });
  const shop: Cell = {
    ...{ version: '1.4.0', inBase: false, since: NOW, behind: undefined, hold: undefined, violatesHold: false },
    ...{ pullRequests: [], health },
  };
  const status: Status = {
    environments: [
      { name: 'staging', after: [], frozenUntil: undefined, health: { ...health, next, lastFailure: undefined } },
    ],
    apps: [{ app: 'shop', environments: new Map([['staging', shop]]) }],
    ...{ pullRequests: [], findings: [], unreported: [], warnings: [] },
  };
  const text = statusMarkdown(status, 'acme/ops', NOW);
  expect(text).toContain(`| \`1.4.0\`, since just now<br>${cell} |`);
  expect(text.replaceAll('\\', '')).toContain(line);
  const json = statusJson(status);
  expect(json.environments[0]).toMatchObject({ health: { state: health.state, next, lastFailure: null } });
  expect(json.apps[0]?.environments.staging).toMatchObject({ health: { state: health.state, reason: health.reason } });
});

test('that nothing reports of an environment is said once', () => {
  const cell: Cell = {
    ...{ version: '1.4.0', since: NOW, hold: undefined, violatesHold: false, pullRequests: [] },
    ...{ behind: undefined, inBase: false },
  };
  const names = ['staging', 'production', 'eu'];
  const status: Status = {
    environments: names.map((name) => ({ name, after: [], frozenUntil: undefined })),
    apps: [{ app: 'shop', environments: new Map(names.map((name) => [name, cell])) }],
    ...{ pullRequests: [], findings: [], unreported: ['staging'], warnings: [] },
  };
  const said = (text: string) => text.split('Nothing says whether').length - 1;
  expect(said(statusMarkdown(status, 'acme/ops', NOW))).toBe(1);
  expect(said(statusMarkdown({ ...status, unreported: [] }, 'acme/ops', NOW))).toBe(0);
});
