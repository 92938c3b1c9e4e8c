import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  proposeOne,
  type SingleProposal,
  type SingleProposalSettings,
} from '../../../src/ops/pull-requests/single-proposal.js';
import { overlayPath } from '../../torture/races/ops-world.js';
import { type EngineWorld, engineWorld, saying } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

const BRANCH = 'ostack-onboard/staging/shop';

function settings(over: Partial<SingleProposalSettings> = {}): SingleProposalSettings {
  return {
    ...{ ops: world.connected, reason: 'It is <b>time</b>', by: 'ada', runUrl: 'https://github.test/runs/1' },
    ...{ labels: ['ostack'], merge: 'false', options: world.options },
    ...over,
  };
}

const single = (over: Partial<SingleProposal> = {}): SingleProposal => ({
  ...{ verb: 'onboard', app: 'shop', environment: 'staging', version: '1.1.0', source: 'acme/apps@abc' },
  ...{ branch: BRANCH, title: 'Onboard shop', key: 'shop 1.1.0', changesNothing: true },
  plan: (tree) => saying('shop', '1.1.0').plan(tree),
  paragraphs: () => ['One paragraph.', 'Another.'],
  ...over,
});

describe('one thing that a verb proposes', () => {
  test('is one pull request that says what it does, why, and who started it', async () => {
    const report = await proposeOne(settings(), async () => single());
    expect(report.results).toMatchObject([{ action: 'created', number: 1, proposal: { subject: 'staging/shop' } }]);
    const [pull] = await world.pulls();
    expect(pull).toMatchObject({ title: 'Onboard shop', branch: BRANCH, labels: ['ostack'], state: 'open' });
    expect(pull?.body).toMatch(
      /^<!-- ostack:onboard shop%201\.1\.0 -->\nOne paragraph\.\n\nAnother\.\n\n\*\*Why:\*\* .+\n\nStarted by ada in \[this run\]\(https:\/\/github\.test\/runs\/1\)\.\n\n/,
    );
    expect(pull?.body).toContain('+  newTag: "1.1.0"');
    expect(pull?.body).toContain('A person merges it.');
    expect(pull?.body).not.toContain('<b>');
    const [head] = await world.ops.log(BRANCH);
    expect(head?.message).toBe(
      [
        ...['Onboard shop', '', 'Ostack-Action: onboard', 'Ostack-Environment: staging', 'Ostack-App: shop'],
        ...['Ostack-Version: 1.1.0', 'Ostack-Source: acme/apps@abc', 'Ostack-Reason: It is <b>time</b>'],
        ...['Ostack-By: ada', 'Ostack-Run: https://github.test/runs/1'],
      ].join('\n'),
    );
  });

  test('merges by itself where it was asked for', async () => {
    const report = await proposeOne(settings({ merge: 'true' }), async () => single());
    expect(report.results).toMatchObject([{ action: 'merged' }]);
    expect((await world.pulls())[0]?.body).toContain('It merges by itself once its checks and the policy allow.');
  });

  test('stays as it is when it is started again', async () => {
    await proposeOne(settings(), async () => single());
    world.stage.github.requests.length = 0;
    const report = await proposeOne(settings(), async () => single());
    expect(report.results).toMatchObject([{ action: 'unchanged', number: 1 }]);
    expect(world.writes()).toEqual([]);
  });

  test('keeps what a person pushed to its branch, and knows what is its own', async () => {
    await proposeOne(settings(), async () => single());
    await world.push(BRANCH, { 'README.md': 'by hand\n' });
    const plan: SingleProposal['plan'] = (tree) => saying('shop', '1.2.0').plan(tree);
    const report = await proposeOne(settings(), async () => single({ plan, key: 'shop 1.2.0', version: '1.2.0' }));
    expect(report.results).toMatchObject([{ action: 'updated', number: 1 }]);
    expect(await world.ops.read(BRANCH, 'README.md')).toBe('by hand\n');
    expect(await world.ops.read(BRANCH, overlayPath('staging', 'shop'))).toContain('"1.2.0"');
  });

  test('is built anew where nobody else pushed to it', async () => {
    await proposeOne(settings(), async () => single());
    const plan: SingleProposal['plan'] = (tree) => saying('shop', '1.2.0').plan(tree);
    await proposeOne(settings(), async () => single({ plan, key: 'shop 1.2.0', version: '1.2.0' }));
    expect(await world.ops.log(BRANCH)).toHaveLength(2);
  });

  test.each([
    ['is not said where it is proven that it changes nothing', true, false],
    ['is said otherwise', false, true],
  ])('what changes in the clusters %s', async (_what, changesNothing, isSaid) => {
    // Without a render there is the sentence why.
    const plain = await proposeOne(settings({ options: { ...world.options, dryRun: true } }), async () =>
      single({ changesNothing }),
    );
    const text = plain.texts.get('staging/shop') ?? '';
    expect(/### In the clusters|^_.+_$/m.test(text)).toBe(isSaid);
  });
});
