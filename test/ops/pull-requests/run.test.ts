import { describe, expect, test } from '@jest/globals';
import type { ProposeOptions } from '../../../src/ops/pull-requests/options.js';
import type { Planned } from '../../../src/ops/pull-requests/planned.js';
import { type Done, isOpen, noteOutcome, writeContextOf } from '../../../src/ops/pull-requests/run.js';
import { snapshotOf } from '../verbs/snapshot.js';
import { runIn, saying } from './engine.js';
import { pull } from './support.js';

const OPTIONS: ProposeOptions = {
  ...{ reviewers: [], assignees: ['ada'], direct: false, dryRun: false, mergeMethod: 'rebase' },
  ...{ patience: { timeoutMs: 1, pollMs: 2 }, serverUrl: 'https://github.test' },
};
const PROPOSAL = saying('shop', '1.1.0');
const BASE: Planned = { state: 'nothing', reason: 'it is there' };
const OPEN = pull();

/** A run with what was noted of one proposal, one after the other. */
function noted(direct: boolean, ...all: [done: Done, again?: string][]) {
  const run = runIn({ options: { ...OPTIONS, direct } });
  const branch = { head: undefined, open: OPEN, past: [] };
  for (const [done, again] of all) {
    noteOutcome(run, { proposal: PROPOSAL, base: BASE, branch }, done, again);
  }
  return { run, outcome: run.outcomes.get('staging/shop'), isOpen: isOpen(run, 'staging/shop') };
}

const result = (over: object) => ({
  ...{ proposal: PROPOSAL, planned: BASE, number: 7, url: OPEN.url, commit: '', reason: '', holdsChanged: false },
  ...{ mergesByItself: false, rehearsed: false },
  ...over,
});

describe('what became of a proposal', () => {
  test.each<[what: string, direct: boolean, done: Done, expected: object]>([
    ['names its open pull request', false, { action: 'unchanged', reason: 'x' }, { action: 'unchanged', reason: 'x' }],
    [
      'names the pull request that was made',
      false,
      { action: 'created', reason: '', pullRequest: { number: 8, url: 'https://github.test/8' } },
      { action: 'created', number: 8, url: 'https://github.test/8' },
    ],
    [
      'names its commit where it was made directly, and no pull request',
      true,
      { action: 'committed', reason: '', commit: 'abc' },
      { action: 'committed', commit: 'abc', number: null, url: 'https://github.test/acme/ops/commit/abc' },
    ],
    [
      'names the pull request that a commit made needless',
      true,
      { action: 'closed', reason: 'x', pullRequest: OPEN },
      { action: 'closed', reason: 'x' },
    ],
    [
      'says whether it was merged beside other holds',
      false,
      { action: 'merged', reason: '', holdsChanged: true },
      { action: 'merged', holdsChanged: true },
    ],
  ])('%s', (_what, direct, done, expected) => {
    expect(noted(direct, [done]).outcome).toEqual({ state: 'settled', result: result(expected) });
  });

  const created: Done = { action: 'created', reason: '' };
  test.each<[what: string, all: [Done, string?][], isStillOpen: boolean, outcome: object]>([
    ['is still open before anything is known', [], true, {}],
    ['is done once it is settled', [[created]], false, { state: 'settled' }],
    [
      'is still open where it is to be looked at again',
      [[created, 'the base moved']],
      true,
      { state: 'again', reason: 'the base moved', result: result({ action: 'created' }) },
    ],
    [
      'stays what was done first where a later round finds it so',
      [[created, 'the base moved'], [{ action: 'unchanged', reason: '' }]],
      false,
      { state: 'settled', result: result({ action: 'created' }) },
    ],
    [
      'is what a later round did on top of it',
      [[created, 'the base moved'], [{ action: 'merged', reason: '' }]],
      false,
      { state: 'settled', result: result({ action: 'merged' }) },
    ],
  ])('%s', (_what, all, isStillOpen, outcome) => {
    const found = noted(false, ...all);
    expect([found.isOpen, found.outcome ?? {}]).toEqual([isStillOpen, expect.objectContaining(outcome)]);
  });
});

test('a round is written with what was asked for, at the commit of its snapshot', () => {
  const run = { ...runIn({ options: OPTIONS }), checksBaseAgain: false };
  const snapshot = snapshotOf({}, '', new Date());
  expect(writeContextOf(run, snapshot)).toMatchObject({
    ...{ repo: snapshot.repo, repository: { owner: 'acme', name: 'ops' }, mergeMethod: 'rebase' },
    ...{ patience: { timeoutMs: 1, pollMs: 2 }, people: { assignees: ['ada'] }, checksBaseAgain: false },
  });
});
