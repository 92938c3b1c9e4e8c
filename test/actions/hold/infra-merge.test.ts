import { describe, expect, test } from '@jest/globals';
import { HOLDS_FILE, readHolds } from '../../../src/ops/policy/holds.js';
import { MERGE_WHEN_ALLOWED } from '../../../src/ops/policy/merge-decision.js';
import { rest } from '../../local/github/support.js';
import { type OpsStage, opsStage } from '../bump-ops-overlay/support.js';
import { errorsOf, run } from '../rollback/support.js';

const ROOT = { environment: 'production', app: 'clusters/production', reason: 'done' };
const HELD = `- { environment: production, app: clusters/production, since: 2026-11-20T10:00:00Z, by: bob, reason: audit }\n`;

/** An infra repository whose default branch asks for a check, and where a root is held. */
async function guarded(check: string, production: string, allowAutoMerge: boolean): Promise<OpsStage> {
  const roots = 'roots: { "clusters/production": { environment: production }, net: {} }';
  const files = {
    'ostack.yaml': `${roots}\nenvironments: { staging: {}, production: ${production} }\n`,
    ...{ 'net/main.tf': 'terraform {}\n', 'clusters/production/main.tf': 'terraform {}\n', [HOLDS_FILE]: HELD },
  };
  const world = await opsStage(files, { allowAutoMerge });
  world.ops.ruleset('rules', {
    ...{ target: 'branch', include: ['~DEFAULT_BRANCH'], bypass: [] },
    rules: { requiredChecks: [check] },
  });
  return world;
}

const [GATE, CI] = ['oStack / gate', 'build'];
const APPROVED = '{ approvers: [grace] }';
const FROZEN = '{ freeze: [{ from: 2020-01-01T00:00:00Z, to: 2099-01-01T00:00:00Z }] }';
const BY_ITSELF = 'It merges by itself once its checks and the policy allow.';
const WAITS = '**Not yet:** 0 of 1 approval: waits for grace.';
const BY_A_PERSON = `${WAITS} A person merges it once the policy allows it, or the next run of the action.`;

/** The rules of the branch, the policy of the environment, and whether GitHub may merge by itself. */
type Rules = [check: string, production: string, auto: boolean];

describe('Where rules guard an infra repository, the pull request that lifts a hold', () => {
  test.each<[string, Rules, { auto: boolean; says: string[]; not: string[] }]>([
    [
      'is merged by GitHub when the gate allows',
      [GATE, '{}', true],
      { auto: true, says: [BY_ITSELF], not: ['Not yet'] },
    ],
    [
      'is merged by GitHub when the gate allows, once it is approved',
      [GATE, APPROVED, true],
      { auto: true, says: [WAITS, BY_ITSELF], not: ['A person merges it'] },
    ],
    ['is kept out by no freeze', [GATE, FROZEN, true], { auto: true, says: [BY_ITSELF], not: ['Not yet'] }],
    [
      'is merged by GitHub when other checks allow',
      [CI, '{}', true],
      { auto: true, says: [BY_ITSELF], not: ['Not yet'] },
    ],
    [
      'is merged by a person who sees to the approval where no gate does',
      [CI, APPROVED, true],
      { auto: false, says: [BY_A_PERSON], not: [BY_ITSELF, 'Merge what is due'] },
    ],
    [
      'is merged by a person once it is approved where GitHub may not merge by itself',
      [GATE, APPROVED, false],
      { auto: false, says: [BY_A_PERSON], not: [BY_ITSELF, 'Merge what is due'] },
    ],
  ])('%s', async (_what, rules, { auto, says, not }) => {
    await using world = await guarded(...rules);
    // As the starter has it, and as a person wishes who does not want to commit directly.
    for (const more of [{}, { direct: 'false', merge: 'true' }]) {
      const lifted = await run(world, 'lift-hold', { ...ROOT, ...more });
      expect([errorsOf(lifted), lifted.outputs.number]).toEqual(['', '1']);
      const [pull] = await world.pulls();
      expect(pull).toMatchObject({ state: 'OPEN', autoMerge: auto });
      // Nothing in an infra repository merges what has this label.
      expect(pull?.labels).not.toContain(MERGE_WHEN_ALLOWED);
      expect(says.filter((each) => pull?.body.includes(each) !== true)).toEqual([]);
      expect(not.filter((each) => pull?.body.includes(each) === true)).toEqual([]);
      expect(await world.ops.read('main', HOLDS_FILE)).toBe(HELD);
    }
  });

  test('is merged by the run that finds its checks green', async () => {
    await using world = await guarded(CI, '{}', false);
    const waiting = await run(world, 'lift-hold', { ...ROOT, merge: 'true' });
    expect([errorsOf(waiting), waiting.outputs.action]).toEqual(['', 'created']);
    const [pull] = await world.pulls();
    const status = { state: 'success', context: CI };
    await rest(world.stage, `POST /repos/acme/ops/statuses/${pull?.headOid}`, status);
    const merged = await run(world, 'lift-hold', { ...ROOT, merge: 'true' });
    expect([errorsOf(merged), merged.outputs.action]).toEqual(['', 'merged']);
    expect(readHolds(await world.ops.read('main', HOLDS_FILE))).toEqual([]);
  });
});

test.each<[string, Rules, boolean]>([
  ['by GitHub', [GATE, APPROVED, true], true],
  ['by the run, or by a person', [GATE, APPROVED, false], false],
])('A hold asks nobody, and is merged when checks allow, %s', async (_what, rules, auto) => {
  await using world = await guarded(...rules);
  const held = await run(world, 'hold', { ...ROOT, environment: '*', app: 'net' });
  expect([errorsOf(held), held.outputs.action]).toEqual(['', 'created']);
  const [pull] = await world.pulls();
  expect(pull).toMatchObject({ autoMerge: auto, labels: ['ostack', 'urgent'] });
  expect(pull?.body).not.toContain('Not yet');
});
