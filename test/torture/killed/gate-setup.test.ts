import { describe, expect, test } from '@jest/globals';
import { planSetup } from '../../../src/cli/gate/plan-setup.js';
import { runSetup, startGateStage, stateOf } from '../../cli/gate/gate-stage.js';

const isShort = process.env.OSTACK_TORTURE !== 'all';

/** Requests to the API that one undisturbed setup makes; a few more are tried, which disturb nothing. */
const REQUESTS = 130;
/** In short, those that hand out a key and those that make the ruleset. */
const numbers = isShort ? [60, 100] : Array.from({ length: REQUESTS }, (_, index) => index);
const cases = numbers.flatMap((number) => (['before', 'after'] as const).map((when) => [number, when] as const));

describe('gate setup, killed', () => {
  test.each(cases)('at request %i, %s it took effect, and run again, ends the same', async (skip, when) => {
    await using stage = await startGateStage();
    stage.github.faults.add({ match: /^\w+ \/api\//, kind: 'reset', when, skip });
    await runSetup(stage).catch(() => undefined);
    stage.github.faults.clear();
    const second = await runSetup(stage);
    expect(second.result.level).toBe('guarded');
    const state = await stateOf(stage);
    expect(planSetup(state).steps).toEqual([]);
    expect(state.rulesets).toHaveLength(1);
    expect((await runSetup(stage)).asked).toEqual([]);
  });
});
