import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { closeProposed } from '../../../src/ops/pull-requests/close-proposed.js';
import { writeContextOf } from '../../../src/ops/pull-requests/run.js';
import { justBefore } from '../../support/just-before.js';
import { type EngineWorld, engineWorld, runIn, saying, surveyed } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterAll(() => world.close());
afterEach(() => world.goBack());

const BRANCH = 'ostack/staging/shop';

async function closed(before: () => void = () => {}) {
  const { snapshot, surveys, warnings } = await surveyed(world, [saying('shop', '1.1.0')]);
  before();
  const run = runIn(world, { direct: true });
  const [one] = surveys;
  const pull = one && (await closeProposed(snapshot, writeContextOf(run, snapshot), one, 'it is done another way'));
  return { pull: pull?.number, warnings };
}

const states = async () => (await world.pulls()).map(({ state }) => state);
const hasBranch = async () => `refs/heads/${BRANCH}` in (await world.ops.refs());

describe('the pull request of what is done another way', () => {
  test('is closed with the reason, and its branch goes', async () => {
    await world.opened(saying('shop', '1.1.0'));
    expect(await closed()).toEqual({ pull: 1, warnings: [] });
    expect([await states(), await hasBranch()]).toEqual([['closed'], false]);
    const { github } = world.connected;
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner: 'acme',
      repo: 'ops',
      issue_number: 1,
    });
    expect(data.map(({ body }) => body)).toEqual(['Closed: it is done another way.']);
  });

  test('is closed, and its branch stays where a person has a commit on it', async () => {
    await world.opened(saying('shop', '1.1.0'));
    await world.push(BRANCH, { 'README.md': 'by hand\n' });
    expect(await closed()).toEqual({ pull: 1, warnings: [] });
    expect([await states(), await hasBranch()]).toEqual([['closed'], true]);
  });

  test('is none where none is open, and costs nothing', async () => {
    expect(await closed()).toEqual({ pull: undefined, warnings: [] });
    expect(world.writes()).toEqual([]);
  });

  test.each<[what: string, before: () => void, warning: RegExp]>([
    [
      'is refused',
      () => world.stage.github.faults.add({ match: /WriteProposals/, kind: 'status', status: 403 }),
      /^#1 proposes what is done and could not be closed \(Could not write the pull requests in acme\/ops: .+\)\. Close it by hand\.$/s,
    ],
    [
      'has no answer',
      () => world.stage.github.faults.add({ match: /WriteProposals/, kind: 'reset', times: 9 }),
      /^#1 proposes what is done and could not be closed \(an answer was lost: .+\)\. Close it by hand\.$/s,
    ],
  ])('is a warning where closing it %s', async (_what, before, warning) => {
    await world.opened(saying('shop', '1.1.0'));
    expect(await closed(before)).toEqual({ pull: undefined, warnings: [expect.stringMatching(warning)] });
    expect(await states()).toEqual(['open']);
  });

  test('is closed where its branch moves meanwhile, which stays', async () => {
    await world.opened(saying('shop', '1.1.0'));
    justBefore(world.stage, 'WriteProposals', () => world.push(BRANCH, { 'README.md': 'by hand\n' }));
    await closed();
    expect([await states(), await hasBranch()]).toEqual([['closed'], true]);
  });
});
