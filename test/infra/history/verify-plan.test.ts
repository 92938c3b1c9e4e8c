import { describe, expect, test } from '@jest/globals';
import type { HashLedger } from '../../../src/infra/history/hash-ledger.js';
import { hashOfPlan, hashOfStep, keepPlan, keepStep } from '../../../src/infra/history/keep-plan.js';
import { listPlans } from '../../../src/infra/history/read-plan.js';
import { vanishedPlans, verifyPlan } from '../../../src/infra/history/verify-plan.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import { FakeSpace } from '../space/fake-space.js';

const { recipient } = newIdentity();
const at = new Date('2026-11-30T12:00:00Z');
const facts = { by: 'grace' };
const NOTHING: HashLedger = { hashes: new Map(), deleted: new Set() };

/** A plan in a space, and what git has of it. */
async function kept(fake: FakeSpace) {
  const made = await keepPlan(fake.space, 'conditions', recipient, {
    ...{ root: 'net', commit: 'c'.repeat(40), at, tool: 'OpenTofu 1.12.6' },
    ...{ plan: Buffer.from('p'), json: '{}', text: 't' },
  });
  await keepStep(fake.space, 'conditions', made.prefix, 'applied', facts);
  const hashes = [hashOfPlan(made), hashOfStep(made.prefix, 'applied', facts)];
  return {
    prefix: made.prefix,
    ledger: { ...NOTHING, hashes: new Map(hashes.map(({ key, sha256 }) => [key, sha256])) },
  };
}

describe('A plan in the space', () => {
  const change = Buffer.from('{}');
  test.each<[string, (objects: Map<string, Buffer>, prefix: string) => void, object]>([
    ['is what git has the hashes of', () => {}, { state: 'as recorded' }],
    [
      'was changed',
      (objects, prefix) => objects.set(`${prefix}/record.json`, change),
      { state: 'changed', key: expect.stringContaining('record.json') },
    ],
    [
      'has another end',
      (objects, prefix) => objects.set(`${prefix}/applied.json`, change),
      { state: 'changed', key: expect.stringContaining('applied.json') },
    ],
    [
      'has lost its end',
      (objects, prefix) => objects.delete(`${prefix}/applied.json`),
      { state: 'gone', key: expect.stringContaining('applied.json') },
    ],
    [
      'has lost a part',
      (objects, prefix) => objects.delete(`${prefix}/plan.age`),
      { state: 'gone', key: expect.stringContaining('plan.age') },
    ],
  ])('%s', async (_what, meddle, expected) => {
    await using fake = await FakeSpace.start();
    const { prefix, ledger } = await kept(fake);
    meddle(fake.objects, prefix);
    const [entry] = await listPlans(fake.space);
    expect(entry && (await verifyPlan(fake.space, entry, ledger))).toEqual(expected);
  });

  test('that git knows nothing of is told apart from one that was never finished, and from one kept no longer', async () => {
    await using fake = await FakeSpace.start();
    const { prefix } = await kept(fake);
    const verdict = async (ledger: HashLedger) => {
      const [entry] = await listPlans(fake.space);
      return entry && (await verifyPlan(fake.space, entry, ledger));
    };
    expect(await verdict(NOTHING)).toEqual({ state: 'not in git' });
    expect(await verdict({ ...NOTHING, deleted: new Set([prefix]) })).toEqual({ state: 'kept no longer' });
    fake.objects.delete(`${prefix}/record.json`);
    expect(await verdict(NOTHING)).toEqual({ state: 'unfinished' });
  });

  test('that is wholly gone is missed, unless it is kept no longer', async () => {
    await using fake = await FakeSpace.start();
    const { prefix, ledger } = await kept(fake);
    expect(vanishedPlans(await listPlans(fake.space), ledger)).toEqual([]);
    expect(vanishedPlans([], ledger)).toEqual([prefix]);
    expect(vanishedPlans([], { ...ledger, deleted: new Set([prefix]) })).toEqual([]);
  });
});
