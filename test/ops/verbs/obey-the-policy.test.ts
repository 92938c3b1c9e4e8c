import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import { addHold, HOLDS_FILE } from '../../../src/ops/policy/holds.js';
import { MERGE_WHEN_ALLOWED, type MergeChoice } from '../../../src/ops/policy/merge-decision.js';
import { proposeOne, type SingleProposalSettings } from '../../../src/ops/pull-requests/single-proposal.js';
import { bump } from '../../../src/ops/verbs/bump/bump.js';
import { liftHolds } from '../../../src/ops/verbs/lift-hold/lift-hold.js';
import { onboard } from '../../../src/ops/verbs/onboard/onboard.js';
import { override } from '../../../src/ops/verbs/override/override.js';
import { promote } from '../../../src/ops/verbs/promote/promote.js';
import { rollBack } from '../../../src/ops/verbs/rollback/rollback.js';
import { overlay, overlayPath, PATIENCE } from '../../torture/races/ops-world.js';
import { type EngineWorld, engineWorld } from '../pull-requests/engine.js';

const FREEZE = 'freeze: [{ from: "2020-01-01T00:00:00Z", to: "2099-01-01T12:00:00Z" }]';
const HOLD = { environment: 'staging', app: 'shop', version: '1.0.0', since: '2026-11-01T12:00:00Z', by: 'bob' };
const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { replicas: 1 }\n';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
beforeEach(() => world.goBack());
afterAll(() => world.close());

const common = { reason: 'it is time', by: 'ada', labels: ['ostack'], runUrl: '' };
const settings = (merge: MergeChoice): SingleProposalSettings => ({
  ...common,
  ...{ ops: world.connected, merge, options: world.options },
});

type Verb = (merge: MergeChoice, direct: boolean) => Promise<{ failures: Error[] }>;

/** Each verb, doing something to shop in staging. */
const VERBS: Record<string, Verb> = {
  bump: (merge) =>
    bump(
      world.connected,
      undefined,
      {
        ...{
          environments: ['staging'],
          labels: ['ostack'],
          reviewers: [],
          assignees: [],
          merge,
          mergeMethod: undefined,
        },
        ...{ dryRun: false, runUrl: '', serverUrl: 'https://github.test' },
        apps: [
          {
            ...{
              app: 'shop',
              version: '1.2.0',
              images: [imageTarget('ghcr.io/acme/shop', '1.2.0')],
              release: undefined,
            },
            source: { repository: 'acme/apps', sha: 'a'.repeat(40) },
          },
        ],
      },
      PATIENCE,
    ),
  promote: (merge) =>
    promote(
      world.connected,
      undefined,
      {
        ...{ apps: ['shop'], from: 'dev', to: ['staging'], includeNew: false, force: false, merge, reason: undefined },
        ...{ labels: ['ostack'], actor: 'ada', runUrl: '', serverUrl: 'https://github.test' },
      },
      world.options,
    ),
  rollback: (merge, direct) =>
    rollBack(
      world.connected,
      {
        ...common,
        ...{ environment: 'staging', apps: ['shop'], version: undefined, hold: true },
        holdForMs: undefined,
        merge,
      },
      { ...world.options, direct },
    ),
  'lift-hold': (merge, direct) =>
    liftHolds(
      world.connected,
      { ...common, environment: 'staging', apps: ['shop'], merge },
      { ...world.options, direct },
    ),
  onboard: (merge) =>
    onboard(
      settings(merge),
      { ...{ app: 'new', environment: 'staging', version: '1.0.0', images: [], from: undefined }, group: undefined },
      undefined,
    ),
  override: (merge) =>
    override(settings(merge), { app: 'shop', environment: 'staging', intent: 'replicas', patch: DEPLOYMENT }),
  lift: (merge) =>
    proposeOne(settings(merge), async () => ({
      ...{ verb: 'lift', app: 'shop', environment: 'base', environments: ['dev', 'staging'], version: 'none' },
      ...{ branch: 'ostack-lift/shop', title: 'Lift', key: 'a', changesNothing: true, paragraphs: () => [] },
      plan: async () => ({
        state: 'change',
        change: { files: new Map([['bases/shop/patch.yaml', 'a: 1\n']]) },
        before: new Map(),
      }),
    })),
};

/** What all verbs have something to do about, with more of the policy of staging. */
async function repository(rules: string): Promise<void> {
  const image = 'spec: { template: { spec: { containers: [{ name: new, image: "ghcr.io/acme/new:0.1.0" }] } } }\n';
  await world.push('main', {
    'bases/new/kustomization.yaml': 'resources: [deployment.yaml]\n',
    'bases/new/deployment.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: new }\n${image}`,
    'bases/shop/deployment.yaml': DEPLOYMENT,
    'ostack.yaml': `environments:\n  dev: { cd: true }\n  staging: { ${rules} }\n`,
    [overlayPath('dev', 'shop')]: overlay('shop', '1.2.0'),
    [overlayPath('staging', 'shop')]: overlay('shop', '1.1.0'),
  });
}

async function run(verb: string, merge: MergeChoice, direct = false) {
  if (verb === 'lift-hold') {
    await world.push('main', { [HOLDS_FILE]: addHold(undefined, HOLD) });
  }
  const { failures } = (await VERBS[verb]?.(merge, direct)) ?? { failures: [] };
  const [pull] = await world.pulls();
  return { failures: failures.map(({ message }) => message), pull };
}

const WAITS = /^> \*\*Not yet:\*\* staging is frozen until 2099\\-01\\-01T12:00:00Z\. It merges by itself then\. /m;
const all = Object.keys(VERBS);

describe.each(all)('%s', (verb) => {
  test('merges by itself where the policy of the environment has cd', async () => {
    await repository('cd: true');
    expect(await run(verb, 'auto')).toMatchObject({ failures: [], pull: { state: 'merged' } });
  });

  test('waits for a person where it has none, unless one asks for the merge', async () => {
    await repository('cd: false');
    const { pull } = await run(verb, 'auto');
    expect(pull).toMatchObject({
      state: 'open',
      labels: ['ostack'],
      body: expect.stringContaining('A person merges it.'),
    });
    expect(await run(verb, 'true')).toMatchObject({ failures: [], pull: { state: 'merged' } });
  });
});

// A rollback and a lifted hold are let in by a freeze, and a promotion is not even opened.
describe.each(['bump', 'onboard', 'override', 'lift'])('%s in a freeze', (verb) => {
  test.each<MergeChoice>(['auto', 'true'])(
    'stays open with the reason and the time on top (merge: %s)',
    async (merge) => {
      await repository(`cd: true, ${FREEZE}`);
      const { failures, pull } = await run(verb, merge);
      expect(failures).toEqual([]);
      expect(pull).toMatchObject({ state: 'open', labels: ['ostack', MERGE_WHEN_ALLOWED] });
      expect(pull?.body).toMatch(WAITS);
    },
  );
});

test('a promotion into a freeze is refused with the time at which it goes', async () => {
  await repository(`cd: true, ${FREEZE}`);
  const { failures, pull } = await run('promote', 'true');
  expect([failures, pull]).toEqual([
    [expect.stringContaining('staging is frozen until 2099-01-01T12:00:00Z.')],
    undefined,
  ]);
});

test.each(['rollback', 'lift-hold'])('%s merges in a freeze', async (verb) => {
  await repository(`cd: true, ${FREEZE}`);
  expect(await run(verb, 'auto')).toMatchObject({ failures: [], pull: { state: 'merged' } });
});

test.each(['bump', 'promote', 'rollback', 'lift-hold', 'onboard', 'override', 'lift'])(
  '%s waits for an approval that nobody can have given yet',
  async (verb) => {
    await repository('cd: true, approvers: [lea], approvals: 1');
    const { pull } = await run(verb, 'true');
    expect(pull).toMatchObject({ state: 'open', labels: ['ostack', MERGE_WHEN_ALLOWED] });
    expect(pull?.body).toContain(
      '**Not yet:** 0 of 1 approval: waits for lea. It merges by itself once the policy allows it.',
    );
  },
);

describe.each(['rollback', 'lift-hold'])('%s directly, where the gate is required', (verb) => {
  test('is an urgent pull request that auto-merge has, and says what it waits for', async () => {
    await repository('approvers: [lea], approvals: 1');
    const rules = { requiredChecks: ['oStack / gate'] };
    if (verb === 'lift-hold') {
      await world.push('main', { [HOLDS_FILE]: addHold(undefined, HOLD) });
    }
    world.ops.ruleset('gate', { target: 'branch', include: ['~DEFAULT_BRANCH'], rules });
    const { failures } = (await VERBS[verb]?.('auto', true)) ?? { failures: [] };
    expect(failures).toEqual([]);
    const [pull] = await world.pulls();
    expect(pull).toMatchObject({ state: 'open', autoMerge: true, labels: ['ostack', 'urgent'] });
    expect(pull?.body).toContain('**Not yet:** 0 of 1 approval: waits for lea.');
    expect(pull?.body).toContain('It merges by itself once its checks and the policy allow.');
  });
});

test.each(['bump', 'override', 'onboard'])(
  'to ask the policy takes %s two requests more, one for when a push came',
  async (verb) => {
    const requests = async (merge: MergeChoice, state: string) => {
      await world.goBack();
      await repository('after: dev');
      await world.push('main', { [overlayPath('dev', 'new')]: overlay('new', '1.0.0') });
      world.stage.github.requests.length = 0;
      const { failures, pull } = await run(verb, merge);
      expect([failures, pull?.state]).toEqual([[], state]);
      return world.stage.github.requests.filter(({ operation }) => operation !== undefined).length;
    };
    const [opened, merged] = [await requests('false', 'open'), await requests('true', 'merged')];
    expect(merged - opened).toBe(2);
  },
);
