import { describe, expect, test } from '@jest/globals';
import { GraphqlErrors } from '../../../src/github/graphql-error.js';
import { markStarted, markStep } from '../../../src/infra/apply/apply-history.js';
import type { KeptHash } from '../../../src/infra/history/hash-ledger.js';
import { keepPlan } from '../../../src/infra/history/keep-plan.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import { FakeSpace } from '../space/fake-space.js';

const { recipient } = newIdentity();
const facts = { by: 'grace' };

async function kept(fake: FakeSpace) {
  return keepPlan(fake.space, 'conditions', recipient, {
    ...{ root: 'net', commit: 'c'.repeat(40), at: new Date(0), tool: 'OpenTofu 1.12.6' },
    ...{ plan: Buffer.from('p'), json: '{}', text: 't' },
  });
}

describe('What an apply writes down', () => {
  test('has its hashes in git: of the plan before it starts, and of how it ended', async () => {
    await using fake = await FakeSpace.start();
    const { prefix, recordSha256 } = await kept(fake);
    const recorded: KeptHash[] = [];
    const record = async (hashes: readonly KeptHash[]) => {
      // The plan is in git before anybody can see a start.
      expect(fake.objects.has(`${prefix}/apply-started.json`)).toBe(recorded.length > 0);
      recorded.push(...hashes);
    };
    const history = { space: fake.space, guard: 'conditions' as const, recipients: recipient, record };
    await markStarted(history, prefix, facts);
    await markStep(history, prefix, 'applied', facts);
    await markStep(history, prefix, 'applied', { by: 'mallory' });
    expect(recorded).toEqual([
      { key: `${prefix}/record.json`, sha256: recordSha256 },
      { key: `${prefix}/applied.json`, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  test.each<[string, Error, boolean]>([
    ['goes on where GitHub takes no hashes', new GraphqlErrors([{ type: 'FORBIDDEN', message: 'no', path: [] }]), true],
    ['ends where git has another hash', new Error('has another hash'), false],
  ])('%s', async (_what, error, goesOn) => {
    await using fake = await FakeSpace.start();
    const { prefix } = await kept(fake);
    const history = { space: fake.space, guard: 'conditions' as const, recipients: recipient };
    const start = markStarted({ ...history, record: () => Promise.reject(error) }, prefix, facts);
    await (goesOn ? expect(start).resolves.toBeUndefined() : expect(start).rejects.toThrow('has another hash'));
    expect(fake.objects.has(`${prefix}/apply-started.json`)).toBe(goesOn);
  });
});
