import { describe, expect, test } from '@jest/globals';
import { GraphqlErrors } from '../../../src/github/graphql-error.js';
import { markApproved, markStarted, markStep, readStarts, recordLeft } from '../../../src/infra/apply/apply-history.js';
import type { KeptHash } from '../../../src/infra/history/hash-ledger.js';
import { keepPlan } from '../../../src/infra/history/keep-plan.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import { sha256 } from '../../../src/infra/space/signature.js';
import { printedBy } from '../../support/printed-by.js';
import { breakOff, FakeSpace } from '../space/fake-space.js';

const { recipient } = newIdentity();
const facts = { by: 'grace' };

async function kept(fake: FakeSpace) {
  return keepPlan(fake.space, 'conditions', recipient, {
    ...{ root: 'net', commit: 'c'.repeat(40), at: new Date(0), tool: 'OpenTofu 1.12.6' },
    ...{ plan: Buffer.from('p'), json: '{}', text: 't' },
  });
}

describe('What an apply writes down', () => {
  test('has its hashes in git: of the plan and who approved it at once, and of how it ended', async () => {
    await using fake = await FakeSpace.start();
    const plan = await kept(fake);
    const { prefix, recordSha256 } = plan;
    const recorded: KeptHash[][] = [];
    const record = async (hashes: readonly KeptHash[]) => recorded.push([...hashes]);
    const history = { space: fake.space, guard: 'conditions' as const, recipients: recipient, record };
    const step = (name: string) => ({ key: `${prefix}/${name}.json`, sha256: hashOf(fake, `${prefix}/${name}.json`) });
    const own = { key: `${prefix}/record.json`, sha256: recordSha256 };
    await markApproved(history, plan, facts);
    await markStarted(history, prefix, facts);
    await markStep(history, prefix, 'applied', facts);
    expect(recorded).toEqual([[own, step('approved')], [step('applied')]]);
    // What is there is told as it is.
    await markApproved(history, plan, { by: 'mallory' });
    await markStep(history, prefix, 'applied', { by: 'mallory' });
    expect(recorded.slice(2)).toEqual([[own, step('approved')], [step('applied')]]);
  });

  test.each<[string, Error, boolean]>([
    ['goes on where GitHub takes no hashes', new GraphqlErrors([{ type: 'FORBIDDEN', message: 'no', path: [] }]), true],
    ['ends where git has another hash', new Error('has another hash'), false],
  ])('%s', async (_what, error, goesOn) => {
    await using fake = await FakeSpace.start();
    const plan = await kept(fake);
    const history = { space: fake.space, guard: 'conditions' as const, recipients: recipient };
    const approved = markApproved({ ...history, record: () => Promise.reject(error) }, plan, facts);
    await (goesOn ? expect(approved).resolves.toBeUndefined() : expect(approved).rejects.toThrow('has another hash'));
  });

  test('has the hashes of a run that was killed before it told git, once another one begins', async () => {
    await using fake = await FakeSpace.start();
    const { prefix } = await kept(fake);
    const recorded: KeptHash[] = [];
    const history = { space: fake.space, guard: 'conditions' as const, recipients: recipient };
    const telling = { ...history, record: async (hashes: readonly KeptHash[]) => recorded.push(...hashes) };
    await markStep(history, prefix, 'approved', facts);
    await markStep(telling, prefix, 'approved', { by: 'another run' });
    expect(recorded).toEqual([{ key: `${prefix}/approved.json`, sha256: hashOf(fake, `${prefix}/approved.json`) }]);
    await markStarted(history, prefix, facts);
    await markStep(history, prefix, 'applied', facts);
    recorded.length = 0;
    await recordLeft(telling, await readStarts(telling, 'net'));
    const keys = ['record', 'approved', 'applied'].map((name) => `${prefix}/${name}.json`);
    expect(recorded).toEqual(keys.map((key) => ({ key, sha256: hashOf(fake, key) })));
  });

  test('is said where git has another hash of an older plan, and keeps nobody from the next one', async () => {
    await using fake = await FakeSpace.start();
    const { prefix } = await kept(fake);
    const record = () => Promise.reject(new Error('git has another hash'));
    const history = { space: fake.space, guard: 'conditions' as const, recipients: recipient };
    await markStarted(history, prefix, facts);
    const starts = await readStarts(history, 'net');
    const { printed } = await printedBy(() => recordLeft({ ...history, record }, starts));
    expect(printed).toContain('git has another hash');
    // A space that does not answer is no such thing.
    fake.before = Array.from({ length: 9 }, () => breakOff);
    await expect(recordLeft({ ...history, record }, starts)).rejects.toThrow('did not answer');
  });
});

function hashOf(fake: FakeSpace, key: string): string {
  return sha256(fake.objects.get(key) ?? Buffer.alloc(0));
}
