import { describe, expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import type { PullPeople } from '../../../src/ops/judgement/approvals.js';
import { type Circumstances, evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { lateReason } from '../../../src/ops/judgement/judge.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';
import { changeOf, type Files } from './support.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, soak: 2h }\n';
const APPROVED = 'environments:\n  staging: {}\n  production: { after: staging, soak: 2h, approvers: [grace] }\n';
const FROZEN = POLICY.replace(
  'soak: 2h',
  'soak: 2h, freeze: [{ from: "2026-11-20T11:00:00Z", to: "2026-11-23T11:00:00Z" }]',
);
const SOON = POLICY.replace(
  'soak: 2h',
  'soak: 2h, freeze: [{ from: "2026-11-20T12:30:00Z", to: "2026-11-23T11:00:00Z" }]',
);

const web = (tag: string) => `resources: [../../../bases/web]\nimages:\n- name: ghcr.io/acme/web\n  newTag: "${tag}"\n`;
const ops = (policy: string, production = '1.5.0', more: Files = {}): Files => ({
  'ostack.yaml': policy,
  'bases/web/kustomization.yaml': 'resources: []\n',
  'overlays/staging/web/kustomization.yaml': web('1.6.0'),
  'overlays/production/web/kustomization.yaml': web(production),
  ...more,
});
const PRODUCTION = 'overlays/production/web/kustomization.yaml';
const HOLDS = '.ostack/holds.yaml';
const hold = (version: string, environment = 'production', app = 'web') =>
  `- { environment: ${environment}, app: ${app}, version: ${version}, since: 2026-11-19T10:00:00Z, by: ada }\n`;

const stop = (environment: string, app: string) =>
  `- { environment: "${environment}", app: "${app}", since: 2026-11-19T12:00:00Z, by: ada }\n`;

/** What an environment held, newest first: versions with the hours for which they are there. */
function held(...versions: [version: string, hoursAgo: number][]): HeldOnce {
  const entries = versions.map(([version, hours]) => ({
    at: new Date(NOW.getTime() - hours * HOUR),
    present: true,
    version,
    targets: [imageTarget('ghcr.io/acme/web', version)],
  }));
  return { entries, complete: true };
}

const HISTORY: Record<string, HeldOnce> = {
  staging: held(['1.6.0', 1], ['1.5.0', 30]),
  production: held(['1.5.0', 20], ['1.4.0', 50]),
};

const nobody: PullPeople = {
  ...{ head: 'head', author: 'ada', isFork: false, reviews: [] },
  ...{ starters: { logins: [] }, pushers: { logins: [] } },
};
const grace = { login: 'grace', isBot: false, state: 'APPROVED', commit: 'head' };

async function productionOf(
  before: Files,
  edits: Record<string, string | undefined>,
  more: Partial<Circumstances> = {},
) {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  const verdicts = await evaluateChange(facts, {
    ...{ people: nobody, messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async (environment) => HISTORY[environment] ?? { entries: [], complete: true },
    ...more,
  });
  const verdict = verdicts.find(({ environment }) => environment === 'production');
  return `${verdict?.state}: ${verdict?.reason}`;
}

const rollbackTrailers = (version: string) =>
  `Roll back\n\nOstack-Action: rollback\nOstack-Environment: production\nOstack-App: web\nOstack-Version: ${version}\nOstack-Image: ghcr.io/acme/web:${version}\n`;
const forceTrailers = (version: string) =>
  `Promote\n\nOstack-Action: promote\nOstack-Environment: production\nOstack-App: web\nOstack-Version: ${version}\nOstack-Image: ghcr.io/acme/web:${version}\nOstack-Forced-By: eve\nOstack-Reason: now\n`;

describe('Production', () => {
  test.each<[string, Files, Record<string, string | undefined>, Partial<Circumstances>, string]>([
    [
      'waits for the soak time',
      ops(POLICY),
      { [PRODUCTION]: web('1.6.0') },
      {},
      'pending: web 1.6.0 is in staging since',
    ],
    [
      'takes nothing that staging never had',
      ops(POLICY),
      { [PRODUCTION]: web('1.7.0') },
      {},
      'failure: production takes web 1.7.0 only once',
    ],
    [
      'takes back what it had, by its history',
      ops(POLICY),
      { [PRODUCTION]: web('1.4.0') },
      {},
      'success: Takes web 1.4.0; a rollback.',
    ],
    [
      'takes nothing back that it never had, whatever the trailers say',
      ops(POLICY),
      { [PRODUCTION]: web('1.3.0') },
      { messages: [rollbackTrailers('1.3.0')] },
      'failure: production takes web 1.3.0 only once',
    ],
    [
      'takes back in a freeze what it had',
      ops(FROZEN),
      { [PRODUCTION]: web('1.4.0') },
      {},
      'success: Takes web 1.4.0; a rollback.',
    ],
    [
      'takes nothing else with it in a freeze',
      ops(FROZEN),
      { [PRODUCTION]: web('1.4.0'), 'clusters/production/role.yaml': 'kind: ClusterRole\n' },
      {},
      'pending: production is frozen until',
    ],
    [
      'takes no other edit of the app’s own files with it in a freeze',
      ops(FROZEN),
      { [PRODUCTION]: `${web('1.4.0')}namePrefix: evil-\n` },
      {},
      `It is no rollback alone: ${PRODUCTION} changes in more than versions.`,
    ],
    [
      'takes no other file of the app with it in a freeze',
      ops(FROZEN),
      { [PRODUCTION]: web('1.4.0'), 'overlays/production/web/extra.yaml': 'kind: ClusterRole\n' },
      {},
      'It is no rollback alone: overlays/production/web/extra.yaml changes',
    ],
    [
      'takes no other edit at once, though an approver started it',
      ops(APPROVED),
      { [PRODUCTION]: `${web('1.4.0')}namePrefix: evil-\n` },
      { people: { ...nobody, author: 'app', starters: { logins: ['grace'] } } },
      'pending: 0 of 1 approval: waits for grace.',
    ],
    [
      'takes a comment with it in a freeze',
      ops(FROZEN),
      { [PRODUCTION]: `# back\n${web('1.4.0')}` },
      {},
      'success: Takes web 1.4.0; a rollback.',
    ],
    [
      'takes nothing forward in a freeze, though it had it before',
      ops(FROZEN, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      {
        history: async (name) =>
          name === 'staging' ? held(['1.5.0', 30]) : held(['1.4.0', 1], ['1.5.0', 20], ['1.4.0', 50]),
      },
      'pending: production is frozen until',
    ],
    [
      'takes nothing in a freeze of which nobody knows whether it goes back',
      ops(FROZEN, 'b2b2b2'),
      { [PRODUCTION]: web('a1a1a1') },
      { history: async () => held(['b2b2b2', 1], ['a1a1a1', 20]) },
      'pending: production is frozen until',
    ],
    [
      'takes that back where it is held there from then on',
      ops(FROZEN, 'b2b2b2'),
      { [PRODUCTION]: web('a1a1a1'), [HOLDS]: hold('a1a1a1') },
      { history: async () => held(['b2b2b2', 1], ['a1a1a1', 20]) },
      'success: Takes web a1a1a1; a rollback.',
    ],
    [
      'is not forced by a trailer',
      ops(POLICY),
      { [PRODUCTION]: web('1.6.0') },
      { messages: [forceTrailers('1.6.0')] },
      'pending: web 1.6.0 is in staging since',
    ],
    [
      'is not forced by a trailer without an approver behind it',
      ops(APPROVED),
      { [PRODUCTION]: web('1.6.0') },
      { messages: [forceTrailers('1.6.0')] },
      'pending: web 1.6.0 is in staging since',
    ],
    [
      'is forced where an approver approves that',
      ops(APPROVED),
      { [PRODUCTION]: web('1.6.0') },
      { messages: [forceTrailers('1.6.0')], people: { ...nobody, reviews: [grace] } },
      'success: Takes web 1.6.0; forced by eve: now; approved by grace.',
    ],
    [
      'is not forced to another version than the approver saw named',
      ops(APPROVED),
      { [PRODUCTION]: web('1.7.0') },
      { messages: [forceTrailers('1.6.0')], people: { ...nobody, reviews: [grace] } },
      'failure: production takes web 1.7.0 only once',
    ],
    [
      'takes a rollback of an approver at once',
      ops(APPROVED),
      { [PRODUCTION]: web('1.4.0') },
      { people: { ...nobody, author: 'app', starters: { logins: ['grace'] } } },
      'success: Takes web 1.4.0; a rollback.',
    ],
    [
      'takes nothing else of an approver at once',
      ops(APPROVED, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      { people: { ...nobody, author: 'app', starters: { logins: ['grace'] } } },
      'pending: 0 of 1 approval: waits for grace.',
    ],
    [
      'keeps to a hold that the change lifts',
      ops(POLICY, '1.4.0', { [HOLDS]: hold('1.4.0') }),
      { [PRODUCTION]: web('1.5.0'), [HOLDS]: '[]\n' },
      {},
      'failure: It lifts the hold of web in production and changes versions (web 1.5.0 in production)',
    ],
    [
      'loses no hold beside a version elsewhere',
      ops(POLICY, '1.4.0', { [HOLDS]: hold('1.4.0') }),
      { 'overlays/staging/web/kustomization.yaml': web('1.7.0'), [HOLDS]: undefined },
      {},
      'failure: It lifts the hold of web in production and changes versions (web 1.7.0 in staging)',
    ],
    [
      'loses a hold by itself',
      ops(POLICY, '1.4.0', { [HOLDS]: hold('1.4.0') }),
      { [HOLDS]: '[]\n' },
      {},
      'success: No version changes; its rules change.',
    ],
    [
      'gets another hold with a rollback',
      ops(POLICY, '1.5.0', { [HOLDS]: hold('1.5.0') }),
      { [PRODUCTION]: web('1.4.0'), [HOLDS]: hold('1.4.0') },
      {},
      'success: Takes web 1.4.0; its rules change; a rollback.',
    ],
    [
      'gets no other hold with a version that it never had',
      ops(POLICY, '1.5.0', { [HOLDS]: hold('1.5.0') }),
      { [PRODUCTION]: web('1.3.0'), [HOLDS]: hold('1.3.0') },
      {},
      'failure: It lifts the hold of web in production',
    ],
    [
      'takes nothing while everything is held',
      ops(POLICY, '1.4.0', { [HOLDS]: stop('*', '*') }),
      { [PRODUCTION]: web('1.5.0') },
      {},
      'failure: web in production is held with everything since 2026-11-19T12:00:00Z by ada. It stays until somebody lifts it; lift-hold with the environment "*" and the app "*" lifts it now.',
    ],
    [
      'takes nothing while all of it is held',
      ops(POLICY, '1.4.0', { [HOLDS]: stop('production', '*') }),
      { [PRODUCTION]: web('1.5.0') },
      {},
      'failure: web in production is held with all apps of production since',
    ],
    [
      'takes what it may while all of staging is held',
      ops(POLICY, '1.4.0', { [HOLDS]: stop('staging', '*') }),
      { [PRODUCTION]: web('1.5.0') },
      {},
      'success: Takes web 1.5.0.',
    ],
    [
      'keeps to the hold of everything whatever newer one names the version',
      ops(POLICY, '1.4.0', { [HOLDS]: stop('*', '*') + hold('1.5.0').replace('19T', '20T') }),
      { [PRODUCTION]: web('1.5.0') },
      {},
      'failure: web in production is held with everything',
    ],
    [
      'keeps to its hold whatever newer one names the version',
      ops(POLICY, '1.4.0', { [HOLDS]: hold('1.4.0') + hold('1.5.0').replace('19T', '20T') }),
      { [PRODUCTION]: web('1.5.0') },
      {},
      'failure: web in production is held at 1.4.0',
    ],
    [
      'goes back while everything is held, with a hold of its own',
      ops(POLICY, '1.5.0', { [HOLDS]: stop('*', '*') }),
      { [PRODUCTION]: web('1.4.0'), [HOLDS]: stop('*', '*') + hold('1.4.0').replace('19T', '20T') },
      {},
      'success: Takes web 1.4.0; a rollback.',
    ],
    [
      'does not go back unheld while everything is held',
      ops(POLICY, '1.5.0', { [HOLDS]: stop('*', '*') }),
      { [PRODUCTION]: web('1.4.0') },
      {},
      'failure: web in production is held with everything',
    ],
    [
      'loses no hold of everything beside a version',
      ops(POLICY, '1.4.0', { [HOLDS]: stop('*', '*') }),
      { 'overlays/staging/web/kustomization.yaml': web('1.7.0'), [HOLDS]: '[]\n' },
      {},
      'failure: It lifts the hold of everything in every environment and changes versions (web 1.7.0 in staging): lift the hold in a pull request of its own, with lift-hold with the environment "*" and the app "*"',
    ],
    [
      'takes nothing in the hour before a freeze',
      ops(SOON, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      {},
      'pending: production freezes at 2026-11-20T12:30:00Z, within the hour',
    ],
    [
      'takes in that hour what GitHub merges at once',
      ops(SOON, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      { autoMerge: true },
      'success: Takes web 1.5.0.',
    ],
    [
      'takes back in that hour what GitHub did not merge',
      ops(SOON, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      { autoMerge: true, allowedSince: new Date(NOW.getTime() - HOUR / 4) },
      'pending: GitHub did not merge it in its time before production freezes at 2026-11-20T12:30:00Z',
    ],
    [
      'takes in that hour nothing again that GitHub did not merge',
      ops(SOON, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      { autoMerge: true, lastReason: () => lateReason('production', new Date('2026-11-20T12:30:00Z')) },
      'pending: GitHub did not merge it in its time',
    ],
    [
      'takes it once auto-merge was turned off and on',
      ops(SOON, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      { autoMerge: true, lastReason: () => 'production freezes at 2026-11-20T12:30:00Z, within the hour' },
      'success: Takes web 1.5.0.',
    ],
    [
      'takes before another freeze what it did not take before the last one',
      ops(SOON, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      { autoMerge: true, lastReason: () => lateReason('production', new Date('2026-11-13T12:30:00Z')) },
      'success: Takes web 1.5.0.',
    ],
    [
      'says that it waits where auto-merge is off by then',
      ops(SOON, '1.4.0'),
      { [PRODUCTION]: web('1.5.0') },
      { lastReason: () => lateReason('production', new Date('2026-11-20T12:30:00Z')) },
      'pending: production freezes at',
    ],
    [
      'can end a freeze in a freeze',
      ops(FROZEN),
      { 'ostack.yaml': POLICY },
      {},
      'success: No version changes; its rules change.',
    ],
    [
      'cannot end a freeze with a version',
      ops(FROZEN, '1.4.0'),
      { 'ostack.yaml': POLICY, [PRODUCTION]: web('1.5.0') },
      {},
      'pending: production is frozen until',
    ],
    [
      'cannot lose its approvers without them',
      ops(APPROVED),
      { 'ostack.yaml': POLICY },
      {},
      'pending: 0 of 1 approval: waits for grace.',
    ],
    [
      'cannot get other workflows without its approvers',
      ops(APPROVED),
      { '.github/workflows/gate.yml': 'on: push\n' },
      {},
      'pending: 0 of 1 approval: waits for grace.',
    ],
    [
      'cannot be called otherwise without its approvers',
      ops(APPROVED),
      { 'ostack.yaml': APPROVED.replace('production', 'prod') },
      {},
      'pending: 0 of 1 approval: waits for grace.',
    ],
    ['does not ask about documents', ops(APPROVED), { 'README.md': 'x\n' }, {}, 'success: No change.'],
  ])('%s', async (_, before, edits, more, expected) => {
    expect(await productionOf(before, edits, more)).toContain(expected);
  });
});
