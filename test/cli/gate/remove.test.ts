import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeRemoval, planRemoval, removeGate } from '../../../src/cli/gate/remove.js';
import type { GateState } from '../../../src/cli/gate/state.js';
import type { Stage } from '../../../src/local/stage.js';
import { asAda, mendsOf, runSetup, startGateStage, stateOf, WANTED } from './gate-stage.js';
import { checksOf, goodState, holder, OPS_APP, ruleset } from './gate-state.js';

const ALL = [
  'Delete the secret OSTACK_APP_PRIVATE_KEY of acme/ops',
  'Delete the variable OSTACK_APP_CLIENT_ID of acme/ops',
  'Delete the variable OSTACK_APP_SLUG of acme/ops',
  'Delete the secret OSTACK_APP_PRIVATE_KEY of acme/apps',
  'Delete the variable OSTACK_APP_CLIENT_ID of acme/apps',
  'Delete the variable OSTACK_APP_SLUG of acme/apps',
];
const ENVIRONMENT = 'Delete the environment "ostack-gate" with its key and variables';

const table: [what: string, changes: Partial<GateState>, all: boolean, steps: string[]][] = [
  ['the gate, the ruleset first', {}, false, ['Delete the ruleset "oStack gate"', ENVIRONMENT]],
  ['the proposer, too', {}, true, ['Delete the ruleset "oStack gate"', ENVIRONMENT, ...ALL]],
  [
    'the check of a ruleset of somebody',
    { rulesets: [ruleset({ name: 'main' })] },
    false,
    ['Take the check "oStack / gate" out of the ruleset "main"', ENVIRONMENT],
  ],
  [
    'nothing of a ruleset of the organisation',
    { rulesets: [ruleset({ own: false })], environment: undefined },
    false,
    [],
  ],
  [
    'what there is',
    {
      rulesets: [],
      environment: undefined,
      holders: { ops: [], proposer: [holder('proposer', { hasKey: false, slug: undefined })] },
    },
    true,
    ['Delete the variable OSTACK_APP_CLIENT_ID of acme/ops'],
  ],
];

describe('gate remove', () => {
  test.each(table)('takes %s', (_what, changes, all, expected) => {
    const { steps } = planRemoval(goodState(changes), all, 'https://github.com');
    expect(steps.map(describeRemoval)).toEqual(expected);
  });

  test('keeps what else a ruleset of somebody asks for', () => {
    const [checks] = checksOf(OPS_APP).slice(-1);
    const lint = { context: 'lint' };
    const both = {
      ...checks,
      type: 'required_status_checks',
      parameters: {
        strict_required_status_checks_policy: true,
        required_status_checks: [lint, { context: 'oStack / gate', integration_id: OPS_APP }],
      },
    };
    const state = goodState({ rulesets: [ruleset({ name: 'main', rules: [{ type: 'deletion' }, both] })] });
    expect(planRemoval(state, false, 'https://github.com').steps[0]).toMatchObject({
      body: {
        rules: [
          { type: 'deletion' },
          { parameters: { strict_required_status_checks_policy: true, required_status_checks: [lint] } },
        ],
      },
    });
  });

  test('says where the Apps are deleted, which GitHub has only a page for', () => {
    expect(planRemoval(goodState(), true, 'https://github.com').byHand).toEqual([
      'Delete the ops App under "Advanced": https://github.com/organizations/acme/settings/apps/acme-ops-gate/advanced',
      'Delete the proposer under "Advanced": https://github.com/organizations/acme/settings/apps/acme-ops-proposer/advanced',
    ]);
  });
});

describe('gate remove on the stage', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startGateStage();
    await runSetup(stage);
  });
  afterAll(() => stage.close());

  const remove = (dryRun: boolean) =>
    removeGate({ github: asAda(stage), wanted: WANTED, all: true, server: mendsOf(stage).server, dryRun, say() {} });

  test('does nothing when it is only asked', async () => {
    const before = await stateOf(stage);
    expect((await remove(true)).steps).toHaveLength(8);
    expect(await stateOf(stage)).toEqual(before);
  });

  test('leaves nothing of the gate, and has nothing to do the second time', async () => {
    await remove(false);
    const state = await stateOf(stage);
    expect(state).toMatchObject({ environment: undefined, rulesets: [] });
    expect(state.holders.proposer.every(({ hasKey }) => !hasKey)).toBe(true);
    expect((await remove(false)).steps).toEqual([]);
  });
});
