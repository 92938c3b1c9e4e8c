import { expect, test } from '@jest/globals';
import type { OpenPull } from '../../../../src/ops/judged-pulls/open-pulls.js';
import { GATE_CHECK } from '../../../../src/ops/policy/gate-check.js';
import { allowedOnes } from '../../../../src/ops/verbs/gate/allowed-ones.js';
import type { QueueGroup } from '../../../../src/ops/verbs/gate/queue-groups.js';
import { plainPull } from '../../judged-pulls/plain-pull.js';

type Checks = OpenPull['checks'];

const checks = (conclusion?: 'success' | 'failure'): Checks =>
  new Map(
    conclusion === undefined
      ? []
      : [
          [
            GATE_CHECK,
            { id: 1, conclusion, title: '', completedAt: new Date('2026-11-01T00:00:00Z'), externalId: '', page: '' },
          ],
        ],
  );

const pull = (number: number, head: string, known: Checks) => plainPull({ number, head, checks: known });

test('what is allowed is judged first, with all of its head and of its group', () => {
  const pulls = [
    pull(1, 'a', checks('success')),
    pull(2, 'a', checks()),
    pull(3, 'b', checks('failure')),
    pull(4, 'c', checks()),
  ];
  const entry = (number: number, head: string) => ({ number, head, on: 'a' });
  const groups: QueueGroup[] = [
    { head: 'g1', checks: checks('success'), entries: [entry(4, 'c')] },
    { head: 'g2', checks: checks('failure'), entries: [entry(3, 'b')] },
  ];
  const numbers = (isAllowed?: boolean) => {
    const [some, queued] = allowedOnes(pulls, groups, GATE_CHECK, isAllowed);
    return [some.map(({ number }) => number), queued.map(({ head }) => head)];
  };
  expect(numbers()).toEqual([[1, 2, 4], ['g1']]);
  expect(numbers(false)).toEqual([[3], ['g2']]);
});
