import { expect, test } from '@jest/globals';
import { type Circumstances, evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { heldAt } from '../../../src/ops/judgement/history-away.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { leftOut } from '../../../src/ops/judgement/judged-place.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';
import { grace, HOUR, held, NOW, nobody } from './production.js';
import { changeOf, type Files } from './support.js';

const POLICY = `environments:
  dev: { branch: dev }
  stage: { branch: stage, after: dev }
  prod: { branch: prod, after: stage, soak: 2h, approvers: [grace] }
overlays: ["apps/{app}"]
paths: { "shared/**": dev }
`;
const HOLDS = '.ostack/holds.yaml';
const WEB = 'apps/web/kustomization.yaml';
const web = (tag: string) => `resources: []\nimages:\n- name: ghcr.io/acme/web\n  newTag: "${tag}"\n`;
const hold = (environment: string, app: string, version: string | undefined) =>
  `- { environment: "${environment}", app: "${app}",${version === undefined ? '' : ` version: ${version},`} since: 2026-11-19T10:00:00Z, by: ada }\n`;

/** What the branch prod has: a policy of its own, too, which rules nothing. */
const PROD: Files = { 'ostack.yaml': 'environments: { prod: {} }\n', [WEB]: web('1.5.0') };

const placeOf = (branch: string, holdsText?: string, policy = POLICY) => ({
  ...{ place: { repository: undefined, branch }, home: { branch: 'main', oid: 'home' } },
  ...{ policy: readPolicy(policy), holdsText },
});

const HISTORY: Record<string, HeldOnce> = {
  dev: held(['1.7.0', 1], ['1.6.0', 9]),
  stage: held(['1.6.0', 3], ['1.5.0', 30]),
  prod: held(['1.5.0', 20], ['1.4.0', 50]),
};

/** The verdict of prod on a change of its branch. */
async function prodOn(
  edits: Record<string, string | undefined>,
  more: Partial<Circumstances> = {},
  { before = PROD, holds }: { before?: Files; holds?: string } = {},
): Promise<string> {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops', 'main', placeOf('prod', holds));
  expect(facts.environments).toEqual(['prod']);
  const [verdict] = await evaluateChange(facts, {
    ...{ people: { ...nobody, reviews: [grace] }, messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
    approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
    history: async (environment) => HISTORY[environment] ?? { entries: [], complete: true },
    ...more,
  });
  return `${verdict?.state}: ${verdict?.reason}`;
}

const UNAPPROVED = { people: nobody };

test.each<[string, Record<string, string | undefined>, Partial<Circumstances>, string]>([
  ['takes what stage runs', { [WEB]: web('1.6.0') }, {}, 'success: Takes web 1.6.0; approved by grace.'],
  ['waits for its approvers', { [WEB]: web('1.6.0') }, UNAPPROVED, 'pending: 0 of 1 approval: waits for grace.'],
  [
    'takes nothing straight from dev',
    { [WEB]: web('1.7.0') },
    {},
    'failure: prod takes web 1.7.0 only once it is in stage, which runs 1.6.0.',
  ],
  [
    'waits for the soak time in stage',
    { [WEB]: web('1.6.0') },
    { history: async (name) => (name === 'stage' ? held(['1.6.0', 1], ['1.5.0', 30]) : held(['1.5.0', 20])) },
    'pending: web 1.6.0 is in stage since',
  ],
  ['takes back what it had', { [WEB]: web('1.4.0') }, {}, 'success: Takes web 1.4.0; a rollback; approved by grace.'],
  [
    'loses no fix by a rebase, without anybody who answers for it',
    { [WEB]: web('1.4.0') },
    UNAPPROVED,
    'pending: 0 of 1 approval: waits for grace.',
  ],
  [
    'has no policy of its own: one that lets everything in changes nothing, and takes approvals',
    { 'ostack.yaml': 'environments: { prod: { branch: prod } }\n', [WEB]: web('1.7.0') },
    {},
    'failure: prod takes web 1.7.0 only once it is in stage',
  ],
  [
    'lets nobody change a policy there alone',
    { 'ostack.yaml': 'environments: {}\n' },
    UNAPPROVED,
    'pending: 0 of 1 approval: waits for grace.',
  ],
  [
    'is not kept from a broken copy of the policy by anything but approvals',
    { 'ostack.yaml': 'nonsense: [\n' },
    {},
    'success: No version changes; its rules change; approved by grace.',
  ],
  [
    'lets nobody change its workflows alone',
    { '.github/workflows/ops-check.yml': 'on: push\n' },
    UNAPPROVED,
    'pending: 0 of 1 approval: waits for grace.',
  ],
  [
    'owns what the policy gives to the environment of another branch',
    { 'shared/a.yaml': 'kind: ConfigMap\n' },
    UNAPPROVED,
    'pending: 0 of 1 approval: waits for grace.',
  ],
  ['is not changed by documents', { 'README.md': 'x\n' }, UNAPPROVED, 'success: No change.'],
  [
    'owns objects of clusters on its branch, whatever they are called',
    { 'clusters/dev/app.yaml': 'kind: ClusterRole\n' },
    UNAPPROVED,
    'pending: 0 of 1 approval: waits for grace.',
  ],
  [
    'is not judged by what somebody makes of rendered manifests by hand',
    { '.ostack-materialized': '{"files":{}}\n', 'web/deployment-web.yaml': 'kind: Deployment\n' },
    {},
    'failure: .ostack-materialized: it would say anew whether',
  ],
  [
    'holds what is nobody’s: a version that no app has',
    { 'apps/web/job.yaml': 'kind: Job\nspec: { template: { spec: { containers: [{ image: "evil.io/x:1" }] } } }\n' },
    {},
    'failure: ',
  ],
])('An environment on a branch of its own %s', async (_name, edits, more, expected) => {
  expect(await prodOn(edits, more)).toContain(expected);
});

test.each<[string, Record<string, string | undefined>, { before?: Files; holds?: string }, string]>([
  [
    'its own branch',
    {},
    { before: { ...PROD, [HOLDS]: hold('prod', 'web', '1.5.0') } },
    'failure: web in prod is held',
  ],
  ['everything, on the default branch', {}, { holds: hold('*', '*', undefined) }, 'failure: web in prod is held'],
  [
    'it on the default branch, where that was meant for its own',
    {},
    { holds: hold('prod', 'web', '1.5.0') },
    'failure: web in prod is held',
  ],
  ['another environment', {}, { holds: hold('dev', 'web', '1.5.0') }, 'success: '],
  [
    'its own branch, which the same change lifts',
    { [HOLDS]: undefined },
    { before: { ...PROD, [HOLDS]: hold('prod', 'web', '1.5.0') } },
    'failure: It lifts the hold of web in prod',
  ],
])('A hold of %s counts where it should', async (_name, edits, where, expected) => {
  expect(await prodOn({ [WEB]: web('1.6.0'), ...edits }, {}, where)).toContain(expected);
});

const FOUR = `environments:
  dev: {}
  test: { branch: test, after: dev }
  stage: { branch: stage, after: test }
  prod: { branch: prod, after: stage }
  other: { branch: other }
`;

test.each<[string, string, string | undefined]>([
  ['stage', 'prod', undefined],
  ['test', 'prod', 'test is the branch of test, and prod comes after stage (the branch stage): merge it there first.'],
  ['main', 'prod', 'main is the branch of dev, and prod comes after stage (the branch stage): merge it there first.'],
  ['main', 'test', undefined],
  // What stage took back is told to those before it.
  ['stage', 'test', undefined],
  ['prod', 'test', undefined],
  ['other', 'prod', undefined],
  ['topic', 'prod', undefined],
])('A merge of %s into %s', (branch, into, expected) => {
  expect(leftOut(placeOf(into, undefined, FOUR), branch)).toBe(expected);
});

test('what came later than a time is no history of that time', () => {
  const all = held(['1.6.0', 1], ['1.5.0', 3], ['1.4.0', 9]);
  const versions = (hoursAgo: number) =>
    heldAt(all, new Date(NOW.getTime() - hoursAgo * HOUR)).entries.map(({ version }) => version);
  expect([versions(0), versions(2), versions(3), versions(10)]).toEqual([
    ['1.6.0', '1.5.0', '1.4.0'],
    ['1.5.0', '1.4.0'],
    ['1.5.0', '1.4.0'],
    [],
  ]);
});
