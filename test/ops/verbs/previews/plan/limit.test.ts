import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Candidate } from '../../../../../src/ops/verbs/previews/plan/candidate.js';
import { decisionOn } from '../../../../../src/ops/verbs/previews/plan/decision.js';
import { assignSlots, inSlotOrder } from '../../../../../src/ops/verbs/previews/plan/limit.js';
import { at, recordOf } from '../support.js';

/** `3 active 10`: pull request 3, which has a slot and was first requested at minute 10; `3 new 10` has no record yet. */
function candidate(text: string): Candidate {
  const [number, state, minute] = text.split(' ');
  const record = recordOf(Number(number), { createdAt: at(Number(minute)).toISOString(), state: 'queued' });
  const before =
    state === 'new' ? undefined : ({ ...record, state: state === 'active' ? 'active' : 'queued' } as const);
  return {
    record: before ?? record,
    before,
    requested: state === 'new',
    changed: state === 'new',
    alwaysRender: false,
    isOvertaken: false,
  };
}

const numbers = (all: readonly { record: { name: string } | undefined }[]) =>
  all.map(({ record }) => record?.name.replace('pr-', '')).join(' ');

describe('the order in which previews get a slot', () => {
  test.each([
    ['one that has a slot before older ones in the queue', ['1 queued 0', '2 active 5'], '2 1'],
    ['a new one never before one that has a slot', ['3 new 0', '2 active 5'], '2 3'],
    ['oldest first among those that have one', ['1 active 9', '2 active 3', '3 active 6'], '2 3 1'],
    ['oldest first in the queue, whatever the order of the records', ['4 new 9', '3 queued 2', '2 queued 4'], '3 2 4'],
    ['by name where the time is the same', ['9 active 1', '8 active 1'], '8 9'],
  ])('%s', (_rule, candidates, order) => {
    expect(numbers(inSlotOrder(candidates.map(candidate)))).toBe(order);
  });
});

describe('with a limit', () => {
  /** Previews in `broken` cannot be rendered. */
  async function assign(candidates: readonly string[], slots: number, broken: readonly string[] = []) {
    const decisions = await assignSlots(candidates.map(candidate), slots, {
      activate: async ({ record, before }) =>
        broken.includes(record.name)
          ? decisionOn(before ?? record, 'failed', '', before === undefined ? { state: 'gone' } : {})
          : decisionOn({ ...record, state: 'active' }, 'opened', ''),
      queue: async ({ record }) => decisionOn({ ...record, state: 'queued' }, 'queued', ''),
      prepare: async () => {},
    });
    return decisions.map(({ name, state, position }) => [name, state, position].filter(Boolean).join(' '));
  }

  test.each<[string, string[], number, string[], string[]]>([
    ['all run while there are slots', ['1 active 0', '2 new 1'], 2, [], ['pr-1 active', 'pr-2 active']],
    ['a new one waits when all are taken', ['1 active 0', '2 new 1'], 1, [], ['pr-1 active', 'pr-2 queued 1']],
    [
      'a lower limit takes the slot of the youngest',
      ['1 active 5', '2 active 0'],
      1,
      [],
      ['pr-2 active', 'pr-1 queued 1'],
    ],
    [
      'positions follow the queue',
      ['1 active 0', '3 queued 7', '2 queued 3'],
      1,
      [],
      ['pr-1 active', 'pr-2 queued 1', 'pr-3 queued 2'],
    ],
    [
      'one that cannot be rendered leaves its slot to the next',
      ['1 new 0', '2 new 1'],
      1,
      ['pr-1'],
      ['pr-1 gone', 'pr-2 active'],
    ],
    [
      'one in the queue that cannot be rendered stays in it',
      ['1 queued 0', '2 queued 1', '3 queued 2'],
      1,
      ['pr-1'],
      ['pr-1 queued 1', 'pr-2 active', 'pr-3 queued 2'],
    ],
    ['none run without a slot', ['1 active 0', '2 new 1'], 0, [], ['pr-1 queued 1', 'pr-2 queued 2']],
    ['none run where broken records hold more than all slots', ['1 new 0'], -1, [], ['pr-1 queued 1']],
  ])('%s', async (_rule, candidates, slots, broken, expected) => {
    expect(await assign(candidates, slots, broken)).toEqual(expected);
  });

  test('all that may have a slot are looked at together, so that what they read is read together', async () => {
    const begun: string[] = [];
    const all = ['1 active 0', '2 active 1', '3 queued 2', '4 queued 3'].map(candidate);
    const assigned = assignSlots(all, 3, {
      async activate({ record }) {
        begun.push(record.name);
        await setTimeout(0);
        return decisionOn(record, 'kept', `after ${begun.join()}.`, { state: 'active' });
      },
      queue: async ({ record }) => decisionOn(record, 'kept', 'it waits.', { state: 'queued' }),
      prepare: async () => {},
    });
    const reasons = (await assigned).map(({ reason }) => reason);
    expect(reasons).toEqual([...Array(3).fill('after pr-1,pr-2,pr-3.'), 'it waits.']);
  });

  test.each([
    ['of three that can be rendered none is read ahead', 2, ['1', '2', '3'], [], []],
    ['the first that cannot have all others read', 1, ['1', '2', '3', '4'], ['1'], ['2 3 4']],
    ['however many cannot', 1, ['1', '2', '3', '4'], ['1', '2', '3', '4'], ['2 3 4']],
    ['and none where no slot is left', 2, ['1', '2', '3'], ['3'], []],
  ])('%s', async (_rule, slots, names, broken, expected) => {
    const prepared: string[] = [];
    await assignSlots(
      names.map((name) => candidate(`${name} queued ${name}`)),
      slots,
      {
        activate: async ({ record }) =>
          broken.includes(record.name.replace('pr-', ''))
            ? decisionOn(record, 'failed', '')
            : decisionOn({ ...record, state: 'active' }, 'opened', ''),
        queue: async ({ record }) => decisionOn(record, 'kept', ''),
        prepare: async (candidates) => prepared.push(numbers(candidates)),
      },
    );
    expect(prepared).toEqual(expected);
  });
});
