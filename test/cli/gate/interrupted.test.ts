import { describe, expect, test } from '@jest/globals';
import { planSetup } from '../../../src/cli/gate/plan-setup.js';
import { runSetup, startGateStage, stateOf } from './gate-stage.js';

/** What is asked the second time, when the request was lost before or after it took effect. */
const table: [request: RegExp, when: 'before' | 'after', asked: string[]][] = [
  [
    /^POST \S+\/conversions/,
    'after',
    ['A key of the ops App', 'Install the ops App', 'Make the proposer', 'Install the proposer'],
  ],
  [/^PUT \S+\/acme\/apps\/actions\/secrets\//, 'before', ['A key of the proposer', 'Install the proposer']],
  [/^POST \S+\/rulesets/, 'after', []],
];

describe('gate setup, stopped and run again', () => {
  test.each(table)('at %s, %s it took effect, ends the same', async (request, when, asked) => {
    await using stage = await startGateStage();
    stage.github.faults.add({ match: request, kind: 'reset', when });
    await expect(runSetup(stage)).rejects.toThrow('Run it again');
    stage.github.faults.clear();
    const second = await runSetup(stage);
    expect([...second.asked].sort()).toEqual([...asked].sort());
    expect(second.seen.join()).not.toContain('PRIVATE KEY');
    expect(second.result.level).toBe('guarded');
    const state = await stateOf(stage);
    expect(planSetup(state).steps).toEqual([]);
    expect(state.rulesets).toHaveLength(1);
  });
});
