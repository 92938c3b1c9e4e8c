import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { planSetup } from '../../../src/cli/gate/plan-setup.js';
import type { Stage } from '../../../src/local/stage.js';
import { holdingOf, runSetup, startGateStage, stateOf } from './gate-stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await startGateStage();
});
afterAll(() => stage.close());

const writes = () => stage.github.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v3'));

describe('gate setup', () => {
  test('tells what it would do, and does nothing', async () => {
    stage.github.requests.length = 0;
    const { result, asked } = await runSetup(stage, { dryRun: true });
    expect(result.steps).toMatchSnapshot();
    expect(asked).toEqual([]);
    expect(writes()).toEqual([]);
  });

  test('makes both Apps, hands their keys out, and guards the default branch', async () => {
    const { result, asked, said } = await runSetup(stage);
    expect(asked).toEqual(['Make the ops App', 'Make the proposer', 'Install the ops App', 'Install the proposer']);
    expect(said).toEqual(result.steps);
    expect(result.level).toBe('guarded');
    const state = await stateOf(stage);
    expect(planSetup(state).steps).toEqual([]);
    expect(state.environment).toMatchObject({ admits: 'rules', rules: [{ name: 'main', type: 'branch' }] });
    expect(state.rulesets).toMatchObject([{ name: 'oStack gate', enforcement: 'active', bypass: [] }]);
    expect(state.strayKeys).toEqual([]);
  });

  test('changes nothing the second time', async () => {
    const before = await holdingOf(stage);
    stage.github.requests.length = 0;
    const { result, asked } = await runSetup(stage);
    expect({ steps: result.steps, asked }).toEqual({ steps: [], asked: [] });
    expect(writes()).toEqual([]);
    expect(stage.github.requests.length).toBeLessThan(40);
    expect(await holdingOf(stage)).toEqual(before);
  });
});
