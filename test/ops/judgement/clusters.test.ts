import { describe, expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import type { PullPeople } from '../../../src/ops/judgement/approvals.js';
import { evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';
import { changeOf, type Files } from './support.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const EU = 'overlays/production/eu-1/web/kustomization.yaml';
const US = 'overlays/production/us-1/web/kustomization.yaml';
const HOLDS = '.ostack/holds.yaml';
const HOLD = '- { environment: production, app: web, version: 1.5.0, since: 2026-11-19T10:00:00Z, by: ada }\n';

const web = (tag: string) =>
  `resources: [../../../../bases/web]\nimages:\n- name: ghcr.io/acme/web\n  newTag: "${tag}"\n`;
const OPS: Files = {
  'ostack.yaml':
    'environments:\n  staging: {}\n  production: { after: staging, soak: 2h }\noverlays: ["overlays/{environment}/eu-1/{app}", "overlays/{environment}/us-1/{app}"]\n',
  'bases/web/kustomization.yaml': 'resources: []\n',
  'overlays/staging/eu-1/web/kustomization.yaml': web('1.6.0'),
  [EU]: web('1.5.0'),
  [US]: web('1.5.0'),
};

/** An entry of a history, with what each cluster had where they differed. */
function entry(hoursAgo: number, version: string, us = version): HeldOnce['entries'][number] {
  const targets = (tag: string) => [imageTarget('ghcr.io/acme/web', tag)];
  const places = [
    { place: 'overlays/production/eu-1/web', version, targets: targets(version) },
    { place: 'overlays/production/us-1/web', version: us, targets: targets(us) },
  ];
  const at = new Date(NOW.getTime() - hoursAgo * HOUR);
  return { at, present: true, version, targets: targets(version), ...(us === version ? {} : { places }) };
}

const STAGING: HeldOnce = { entries: [entry(1, '1.6.0'), entry(30, '1.5.0'), entry(60, '1.4.0')], complete: true };
const nobody: PullPeople = {
  ...{ head: 'head', author: 'ada', isFork: false, reviews: [] },
  ...{ starters: { logins: [] }, pushers: { logins: [] } },
};

async function productionOf(before: Files, edits: Record<string, string | undefined>, production: HeldOnce['entries']) {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  const verdicts = await evaluateChange(facts, {
    ...{ people: nobody, messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async (environment) => (environment === 'staging' ? STAGING : { entries: production, complete: true }),
  });
  const verdict = verdicts.find(({ environment }) => environment === 'production');
  return `${verdict?.state}: ${verdict?.reason}`;
}

const SAME = [entry(20, '1.5.0'), entry(50, '1.4.0')];

describe('Production of two clusters', () => {
  test.each<[string, Files, Record<string, string>, HeldOnce['entries'], string]>([
    ['asks for the soak time of one', {}, { [EU]: web('1.6.0') }, SAME, 'pending: web 1.6.0 is in staging since'],
    ['asks for it of the other', {}, { [US]: web('1.6.0') }, SAME, 'pending: web 1.6.0 is in staging since'],
    [
      'keeps to a hold in the other',
      { [HOLDS]: HOLD },
      { [US]: web('1.4.0') },
      SAME,
      'failure: web in production is held',
    ],
    [
      'takes nothing anew in the other',
      {},
      { [US]: web('1.7.0') },
      SAME,
      'failure: production takes web 1.7.0 only once',
    ],
    [
      'takes nothing anew in the other while one goes back',
      {},
      { [EU]: web('1.4.0'), [US]: web('1.7.0') },
      SAME,
      'failure: production takes web 1.7.0 only once',
    ],
    ['takes one back', {}, { [EU]: web('1.4.0') }, SAME, 'success: Takes web 1.4.0; a rollback.'],
    ['takes the other back', {}, { [US]: web('1.4.0') }, SAME, 'success: Takes web 1.4.0; a rollback.'],
    [
      'takes the other back to what that alone had',
      { [US]: web('1.6.0') },
      { [US]: web('1.3.0') },
      [entry(2, '1.5.0', '1.6.0'), entry(50, '1.5.0', '1.3.0')],
      'success: Takes web 1.3.0; a rollback.',
    ],
    [
      'takes one back to what the other alone had',
      { [US]: web('1.6.0') },
      { [EU]: web('1.3.0') },
      [entry(2, '1.5.0', '1.6.0'), entry(50, '1.5.0', '1.3.0')],
      'success: Takes web 1.3.0; a rollback.',
    ],
  ])('%s', async (_, more, edits, history, expected) => {
    expect(await productionOf({ ...OPS, ...more }, edits, history)).toMatch(expected);
  });
});
