import { describe, expect, test } from '@jest/globals';
import {
  type ApplyHistory,
  keepErroredState,
  markStarted,
  markStep,
  readStarts,
} from '../../../src/infra/apply/apply-history.js';
import { PARTS } from '../../../src/infra/history/entries.js';
import { decryptWith } from '../../../src/infra/space/age.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import type { WriteGuard } from '../../../src/infra/space/write-guard.js';
import { FakeSpace } from '../space/fake-space.js';

const { identity, recipient } = newIdentity();
const [older, newer] = ['plans/app/20261130T120000Z-cccccccccccc', 'plans/app/20261130T130000Z-dddddddddddd'];
const facts = (by = 'ada') => ({ at: '2026-11-30T12:30:00.000Z', by, run: 'https://github.test/1' });

async function historyWith(guard: WriteGuard = 'conditions', prefixes: readonly string[] = [older, newer]) {
  const fake = await FakeSpace.start();
  fake.heedsConditions = guard === 'conditions';
  for (const prefix of prefixes) {
    for (const part of Object.values(PARTS)) {
      fake.objects.set(`${prefix}/${part}`, Buffer.from('x'));
    }
  }
  const history: ApplyHistory = { space: fake.space, guard, recipients: recipient };
  return { fake, history };
}

describe('The start of an apply', () => {
  test('is open until its end is written down', async () => {
    const { fake, history } = await historyWith();
    await using _ = fake;
    expect(await readStarts(history, 'app')).toMatchObject({ open: undefined, prefixes: [] });
    await markStarted(history, older, facts());
    expect(await readStarts(history, 'app')).toMatchObject({
      open: { name: older, told: 'at 2026-11-30T12:30:00.000Z by ada (https://github.test/1)' },
      prefixes: [older],
    });
    await markStep(history, older, 'applied', { result: 'failed' });
    expect(await readStarts(history, 'app')).toMatchObject({
      open: undefined,
      prefixes: [older],
      newest: { prefix: older },
    });
  });

  test('is of its own root, whatever the start of another is called', async () => {
    const { fake, history } = await historyWith();
    await using _ = fake;
    await markStarted(history, older, facts());
    expect(await readStarts(history, 'ap')).toMatchObject({ open: undefined, prefixes: [] });
    expect(await readStarts(history, '.')).toMatchObject({ open: undefined, prefixes: [] });
  });

  test('stays open where another one has ended since, and where nobody can read it', async () => {
    const { fake, history } = await historyWith();
    await using _ = fake;
    await markStarted(history, older, facts());
    await markStarted(history, newer, facts());
    await markStep(history, newer, 'applied', {});
    expect((await readStarts(history, 'app')).open?.name).toBe(older);
    fake.objects.set(`${older}/apply-started.json`, Buffer.from('{}'));
    expect((await readStarts(history, 'app')).open).toEqual({ name: older, told: 'by somebody' });
  });

  test.each<WriteGuard>(['conditions', 'versions', 'nothing'])('is one alone where the guard is %s', async (guard) => {
    const { fake, history } = await historyWith(guard);
    await using _ = fake;
    await markStarted(history, older, facts());
    await expect(markStarted(history, older, facts('mallory'))).rejects.toThrow('Nothing is applied twice');
    expect(fake.objects.get(`${older}/apply-started.json`)?.toString()).toContain('ada');
  });

  test('is none where the space takes it and has something else', async () => {
    const { fake, history } = await historyWith();
    await using _ = fake;
    fake.after.push(() => {
      fake.objects.set(`${older}/apply-started.json`, Buffer.from('{"by":"mallory"}'));
      return false;
    });
    await expect(markStarted(history, older, facts())).rejects.toThrow('has something else there now');
  });

  test('is none where the space takes it and forgets it', async () => {
    const { fake, history } = await historyWith();
    await using _ = fake;
    fake.after.push(() => fake.objects.delete(`${older}/apply-started.json`) && false);
    await expect(markStarted(history, older, facts())).rejects.toThrow('has something else there now');
  });

  test('may be lost on its way, and is written again as it is', async () => {
    const { fake, history } = await historyWith();
    await using _ = fake;
    fake.after.push((request) => {
      request.socket.destroy();
      return true;
    });
    await markStarted(history, older, facts());
    expect((await readStarts(history, 'app')).open?.name).toBe(older);
  });
});

test('A state that its backend did not take is kept encrypted, and once', async () => {
  const { fake, history } = await historyWith();
  await using _ = fake;
  const key = await keepErroredState(history, older, Buffer.from('{"secret":"hunter22"}'));
  expect(key).toBe(`${older}/errored.tfstate.age`);
  const kept = fake.objects.get(key) ?? Buffer.alloc(0);
  expect([kept.includes('hunter22'), decryptWith(identity, kept).toString()]).toEqual([false, '{"secret":"hunter22"}']);
  await expect(keepErroredState(history, older, Buffer.from('x'))).rejects.toThrow('already');
});
