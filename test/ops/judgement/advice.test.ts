import { expect, test } from '@jest/globals';
import { evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { changeOf } from './support.js';

const OPEN = 'environments:\n  staging: {}\n  production: { after: staging }\n';
const FROZEN = OPEN.replace(
  'after: staging',
  'after: staging, freeze: [{ from: "2026-11-20T11:00:00Z", to: "2026-11-23T11:00:00Z" }]',
);
const files = (policy: string) => ({
  'ostack.yaml': policy,
  'overlays/production/web/kustomization.yaml': 'resources: []\n',
});

async function production(policy: string, edits: Record<string, string>): Promise<string> {
  const facts = await inspectChange(changeOf(files(policy), edits), 'acme/ops');
  const verdicts = await evaluateChange(facts, {
    people: {
      ...{ head: 'head', author: 'ada', isFork: false, reviews: [] },
      ...{ starters: { logins: [] }, pushers: { logins: [] } },
    },
    ...{ messages: [], autoMerge: false, now: new Date('2026-11-20T12:00:00Z'), allowedSince: undefined },
    approvers: async () => ({ logins: [], unseen: [] }),
    history: async () => ({ entries: [], complete: true }),
  });
  const verdict = verdicts.find(({ environment }) => environment === 'production');
  return `${verdict?.state}: ${verdict?.reason}`;
}

test('what a freeze keeps out goes in once the freeze is ended, as it says, and ending it is let in', async () => {
  const edit = { 'clusters/production/role.yaml': 'kind: ClusterRole\n' };
  expect(await production(FROZEN, edit)).toBe(
    'pending: production is frozen until 2026-11-23T11:00:00Z. It passes by itself then. To merge it sooner, end the freeze in ostack.yaml first.',
  );
  expect(await production(FROZEN, { 'ostack.yaml': OPEN })).toMatch(/^success: /);
  expect(await production(OPEN, edit)).toMatch(/^success: /);
});
