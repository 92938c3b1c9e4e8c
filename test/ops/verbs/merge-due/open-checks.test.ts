import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { allChecksSchema, checksFrom } from '../../../../src/ops/verbs/merge-due/check.js';
import { openChecks } from '../../../../src/ops/verbs/merge-due/open-checks.js';

const CHECK = 'Ops check / Check';
const run = (name: string, conclusion: string | null, databaseId = 1) => ({
  ...{ databaseId, name, conclusion },
  status: conclusion === null ? 'IN_PROGRESS' : 'COMPLETED',
});
const status = (context: string, state: string) => ({ context, state });
const passed = run(CHECK, 'SUCCESS');

/** What was reported, and what is still open. */
const cases: [string, object[], string | undefined][] = [
  ['nothing is open where all is green', [passed, run('lint', 'SUCCESS'), status('ci', 'SUCCESS')], undefined],
  ['what GitHub takes for a pass is one', [passed, run('lint', 'SKIPPED'), run('docs', 'NEUTRAL')], undefined],
  [
    'what is skipped is no wanted check',
    [run(CHECK, 'SKIPPED')],
    'waits for Ops check / Check, which has not reported',
  ],
  ['nothing at all is not green', [], 'waits for Ops check / Check, which has not reported'],
  ['a status of another name is not the wanted check', [status('Ops check', 'SUCCESS')], 'waits for Ops check / Check'],
  ['a check that runs is waited for', [passed, run('lint', null)], 'waits for lint'],
  ['a pending status is waited for', [passed, status('ci', 'PENDING')], 'waits for ci'],
  ['a red check is named', [passed, run('lint', 'FAILURE'), run('docs', null)], 'lint failed'],
  ['a red status is named', [passed, status('ci', 'ERROR')], 'ci failed'],
  ['a run that was cancelled is no pass', [passed, run('lint', 'CANCELLED')], 'lint failed'],
  ['the newest of one name counts', [run(CHECK, 'FAILURE', 1), run(CHECK, 'SUCCESS', 2)], undefined],
  [
    'the newest counts in whatever order',
    [run(CHECK, 'FAILURE', 2), run(CHECK, 'SUCCESS', 1)],
    'Ops check / Check failed',
  ],
  [
    'what the policy said before is judged anew',
    [
      passed,
      status('ostack/production', 'PENDING'),
      run('oStack / gate', 'FAILURE'),
      run('oStack / gate / production', 'FAILURE'),
    ],
    undefined,
  ],
  [
    'many are not all named',
    [passed, ...['a', 'b', 'c', 'd', 'e'].map((name) => run(name, null))],
    'waits for a, b, c and 2 more',
  ],
];

test.each(cases)('%s', (_name, nodes, expected) => {
  const found = openChecks(checksOf(nodes), [CHECK]);
  expect(found?.slice(0, expected?.length)).toBe(expected);
});

test('more checks than one list has are not green', () => {
  expect(openChecks(checksOf([passed], 101), [CHECK])).toContain('more checks than GitHub lists at once');
});

test('where no check is wanted, none has to be there', () => {
  expect(openChecks(checksFrom(null), [])).toBeUndefined();
});

function checksOf(nodes: object[], totalCount = nodes.length) {
  return checksFrom(v.parse(allChecksSchema, { contexts: { totalCount, nodes } }));
}
