import { describe, expect, test } from '@jest/globals';
import { findEntries } from '../../../src/infra/history/entries.js';
import { keepPlan } from '../../../src/infra/history/keep-plan.js';
import { listPlans, readPart, readRecord } from '../../../src/infra/history/read-plan.js';
import { deletePlans, plansToDelete } from '../../../src/infra/history/retain-plans.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import { breakOff, FakeSpace, type Fault, pass } from '../space/fake-space.js';

const { identity, recipient } = newIdentity();
const plan = (hour: number) => ({
  ...{ root: 'net', commit: 'c'.repeat(40), at: new Date(Date.UTC(2026, 10, 1, hour)), tool: 'OpenTofu 1.12.6' },
  ...{ plan: Buffer.from(`plan ${hour}`), json: '{}', text: 't' },
});
const now = new Date('2026-11-30T12:00:00Z');

/** As many requests as any of these makes, with their tries. */
const MANY = 60;

/** From a request on nothing gets through any more, before it or after it took effect: as for a process that is killed. */
const killed = (request: number): Fault[] => [
  ...Array.from({ length: request }, () => pass),
  ...Array.from({ length: MANY }, () => breakOff),
];

/** Every plan that counts as one is whole, and can be read. */
async function expectWhole(fake: FakeSpace): Promise<number> {
  const whole = (await listPlans(fake.space)).filter(({ isWhole }) => isWhole);
  for (const { prefix } of whole) {
    const record = await readRecord(fake.space, prefix);
    expect((await readPart(fake.space, prefix, record, 'plan', identity)).toString()).toMatch(/^plan \d+$/);
  }
  return whole.length;
}

const moments = Array.from({ length: 5 }, (_, request) => request).flatMap((request) =>
  (['before', 'after'] as const).map((when) => [request, when] as const),
);

describe('Whoever is killed', () => {
  test.each(moments)(
    'while a plan is kept, at request %i, %s it took effect, leaves a whole plan or none',
    async (request, when) => {
      await using fake = await FakeSpace.start();
      fake[when] = killed(request);
      await keepPlan(fake.space, 'conditions', recipient, plan(1)).catch(() => undefined);
      fake[when] = [];
      expect(await expectWhole(fake)).toBe(request >= 4 || (request === 3 && when === 'after') ? 1 : 0);
      // The next run makes another plan, a moment later.
      await keepPlan(fake.space, 'conditions', recipient, plan(2));
      await expectWhole(fake);
      expect((await listPlans(fake.space))[0]?.isWhole).toBe(true);
    },
  );

  test.each(moments)(
    'while plans are deleted, at request %i, %s it took effect, leaves whole plans, and the next run ends it',
    async (request, when) => {
      await using fake = await FakeSpace.start();
      for (const hour of [1, 2, 3]) {
        await keepPlan(fake.space, 'conditions', recipient, plan(hour));
      }
      const over = async () =>
        plansToDelete(await listPlans(fake.space), new Set(), { days: 1, weeks: 0, months: 0 }, now);
      const first = await over();
      expect(first).toHaveLength(2);
      fake[when] = killed(request);
      await deletePlans(fake.space, first).catch(() => undefined);
      fake[when] = [];
      expect(await expectWhole(fake)).toBeGreaterThan(0);
      await deletePlans(fake.space, await over());
      const left = findEntries(await fake.space.list('plans/'));
      expect([left.map(({ at }) => at.getUTCHours()), fake.objects.size]).toEqual([[3], 4]);
    },
  );
});
