import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { withBlock } from '../../../src/ops/pull-requests/body-block.js';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { refreshBodies } from '../../../src/ops/pull-requests/refresh-bodies.js';
import { noteOutcome } from '../../../src/ops/pull-requests/run.js';
import { justBefore } from '../../support/just-before.js';
import { type EngineWorld, engineWorld, outcomesOf, runIn, saying, surveyed, versionFiles } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

const BRANCH = 'ostack/staging/shop';
const OLDER = withBlock('say', 'By a person.', '1.1.0', 'Brings shop 1.1.0.');
const NEWER = withBlock('say', 'By a person.', '1.2.0', 'Brings shop 1.2.0.');

async function write(text: { title?: string; body?: string }): Promise<void> {
  await world.connected.github.octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
    owner: 'acme',
    repo: 'ops',
    pull_number: 1,
    ...text,
  });
}

/** The branch brings 1.2.0, and a slower run wrote the text of 1.1.0 after that. */
async function misnamed(): Promise<void> {
  await world.opened(saying('shop', '1.2.0'));
  await write({ title: 'shop 1.1.0 -> staging', body: OLDER });
}

/** The release that the branch brings, as a verb proposes it that keeps its commits. */
function newer(version: string, over: Partial<Proposal> = {}): Proposal {
  return saying('shop', version, { keepsOurCommits: true, ...over });
}

/** What a run of 1.1.0 does about the text. */
async function refreshed(found: Proposal | undefined, meanwhile: () => Promise<unknown> = async () => {}) {
  const run = runIn(world);
  const { snapshot, surveys } = await surveyed(world, [saying('shop', '1.1.0', { newerProposal: async () => found })]);
  const [one] = surveys;
  if (one !== undefined) {
    noteOutcome(run, one, { action: 'skipped', reason: '#1 proposes something newer' });
  }
  await meanwhile();
  world.stage.github.requests.length = 0;
  await refreshBodies(run, snapshot, surveys);
  return outcomesOf(run);
}

const text = async () => {
  const [pull] = await world.pulls();
  return pull && { title: pull.title, body: pull.body.replaceAll('\r', '') };
};

const OLD_TEXT = { title: 'shop 1.1.0 -> staging', body: OLDER };
const LEFT = { 'staging/shop': 'skipped: #1 proposes something newer' };

describe('a text that says something older than its branch brings', () => {
  test('is written anew, and what people wrote around it stays', async () => {
    await misnamed();
    expect(await refreshed(newer('1.2.0'))).toEqual(LEFT);
    expect(await text()).toEqual({ title: 'shop 1.2.0 -> staging', body: NEWER });
    expect(world.writes()).toEqual(['WriteProposals']);
  });

  test('is written anew with what people wrote to it this very moment', async () => {
    await misnamed();
    await refreshed(newer('1.2.0'), () => write({ body: `${OLDER}\n\nOne more word.` }));
    expect(await text()).toEqual({ title: 'shop 1.2.0 -> staging', body: `${NEWER}\n\nOne more word.` });
  });

  test('is all that is written: nothing is merged or labelled', async () => {
    await misnamed();
    await refreshed(newer('1.2.0', { merges: true, labels: ['urgent'] }));
    expect(await world.pulls()).toMatchObject([{ state: 'open', title: 'shop 1.2.0 -> staging', labels: [] }]);
    expect(world.writes()).toEqual(['WriteProposals']);
  });

  test.each<[what: string, found: Proposal | undefined, meanwhile: () => Promise<unknown>]>([
    ['stays where the verb finds it right', undefined, async () => {}],
    [
      'stays where the branch brings something else by now',
      newer('1.3.0'),
      () => world.push(BRANCH, { 'README.md': 'by hand\n' }),
    ],
    ['stays where nothing is left to be brought', newer('1.0.0'), async () => {}],
  ])('%s', async (_what, found, meanwhile) => {
    await misnamed();
    expect(await refreshed(found, meanwhile)).toEqual(LEFT);
    expect([await text(), world.writes()]).toEqual([OLD_TEXT, []]);
  });

  test('is looked at again where its branch moves while it is written', async () => {
    await misnamed();
    const outcomes = await refreshed(newer('1.2.0'), async () => {
      justBefore(world.stage, 'WriteProposals', () => world.push(BRANCH, versionFiles('shop', '1.3.0')));
    });
    expect(outcomes).toEqual({
      'staging/shop': 'again: its branch moved while the text was written (skipped: #1 proposes something newer)',
    });
  });
});
