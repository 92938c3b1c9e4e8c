import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { pendingFor } from '../../../src/ops/pull-requests/finish-works.js';
import { waitForMerges } from '../../../src/ops/pull-requests/merge.js';
import { checksBaseAgainIn } from '../../../src/ops/pull-requests/write-context.js';
import { writeWorks } from '../../../src/ops/pull-requests/write-works.js';
import { NOBODY } from '../../../src/ops/repository/repository-state.js';
import { graphqlServer } from '../../support/graphql-server.js';
import { BASE, HEAD, OTHER, pull, REPO, work } from './support.js';

const PR = { id: 'PR_7', number: 7, url: 'https://github.test/pull/7' };

describe('whether a base that moved is reason enough to look again', () => {
  test.each([
    [1, true],
    [2, true],
    [3, true],
    [4, false],
    [40, false],
  ])('in round %d: %s', (round, expected) => {
    expect(checksBaseAgainIn(round)).toBe(expected);
  });

  test.each<[moved: string, careful: boolean, merges: boolean]>([
    ['', true, true],
    ['main moved while it was written', true, false],
    ['main moved while it was written', false, true],
    ['', false, true],
  ])('where "%s" and it is asked (%s), it merges: %s', (moved, careful, merges) => {
    const written = { state: 'done', pullRequest: PR, headOid: HEAD, created: true, changed: true, moved } as const;
    expect(pendingFor('u0', work(), written, careful).finishing.merges).toBe(merges);
    expect(pendingFor('u0', work({ merges: false }), written, careful).finishing.merges).toBe(false);
  });
});

/** What GitHub is asked to do when the base is at a commit by the time that the pull request is made. */
async function played(base: string, checksBaseAgain: boolean) {
  const asked: string[] = [];
  await using server = await graphqlServer((body) => {
    const { query } = v.parse(v.object({ query: v.string() }), JSON.parse(body));
    const aliases = [...query.matchAll(/(\w+): (\w+)\(input/g)].map(
      ([, alias = '', name = '']) => [alias, name] as const,
    );
    asked.push(...aliases.map(([, name]) => name));
    const pullRequest = {
      ...PR,
      headRef: { target: { oid: HEAD } },
      baseRef: { target: { oid: base } },
      mergeCommit: { file: null },
    };
    return {
      data: Object.fromEntries(
        aliases.map(([alias]) => [alias, { commit: { oid: HEAD }, pullRequest, ref: { id: 'x' } }]),
      ),
    };
  });
  const one = work();
  const repository = { owner: 'acme', name: 'ops' };
  const patience = { timeoutMs: 0, pollMs: 0 };
  const outcomes = await writeWorks(
    {
      ...{ github: server.github, repository, repo: REPO, people: NOBODY, mergeMethod: undefined, patience },
      ...{ noun: 'Proposals', checksBaseAgain, bases: new Set([BASE]), warn: () => {} },
    },
    [one],
  );
  return { asked, outcome: outcomes.get(one) };
}

describe('a pull request that merges by itself', () => {
  test.each([
    ['nothing moved', BASE, true, ['mergePullRequest'], 'settled'],
    ['the base moved meanwhile', OTHER, true, [], 'again'],
    ['the base moved, as it always does', OTHER, false, ['mergePullRequest'], 'settled'],
  ])('where %s', async (_what, base, careful, merges, state) => {
    const { asked, outcome } = await played(base, careful);
    expect(asked).toEqual(['createRef', 'createCommitOnBranch', 'createPullRequest', ...merges]);
    expect(outcome?.state).toBe(state);
  });
});

const NONE = { file: null };
const HOLDS = { file: { object: { text: '- a\n' } } };
const state = (over: object) => ({
  ...{
    id: 'PR_7',
    state: 'OPEN',
    mergeStateStatus: 'CLEAN',
    headRefOid: HEAD,
    mergeCommit: null,
    isInMergeQueue: false,
  },
  headRef: { target: { oid: HEAD } },
  ...{ baseRef: { target: NONE }, ...over },
});

describe('a pull request that waited', () => {
  test.each<[what: string, given: object | null, merges: number, expected: object]>([
    ['is merged where all is as it was', state({}), 1, { state: 'merged', holdsChanged: false }],
    [
      'is not merged where somebody pushed to it',
      state({ headRefOid: OTHER, headRef: { target: { oid: OTHER } } }),
      0,
      { state: 'waiting', reason: 'somebody pushed to it meanwhile, so it waits for a person' },
    ],
    [
      'is not merged where other holds are on',
      state({ baseRef: { target: HOLDS } }),
      0,
      { state: 'waiting', reason: 'the holds changed while it waited', holdsChanged: true },
    ],
    [
      'is planned again where it is behind',
      state({ mergeStateStatus: 'BEHIND' }),
      0,
      { state: 'again', reason: 'it is behind its base' },
    ],
    [
      'is planned again where it conflicts',
      state({ mergeStateStatus: 'DIRTY' }),
      0,
      { state: 'again', reason: 'it conflicts with its base' },
    ],
    [
      'is left where somebody closed it',
      state({ state: 'CLOSED' }),
      0,
      { state: 'waiting', reason: 'somebody closed it meanwhile' },
    ],
    ['is left where it is gone', null, 0, { state: 'waiting', reason: 'somebody closed it meanwhile' }],
    [
      'is known as merged where somebody did it',
      state({ state: 'MERGED', mergeCommit: NONE }),
      0,
      { state: 'merged', holdsChanged: false },
    ],
    [
      'is looked at where somebody merged it beside other holds',
      state({ state: 'MERGED', mergeCommit: HOLDS }),
      0,
      { state: 'merged', holdsChanged: true },
    ],
    [
      'is not merged before it shows its newest commit',
      state({ headRefOid: OTHER }),
      0,
      {
        state: 'waiting',
        reason: 'not merged within 0 s (merge-timeout), it waits for its checks or a person',
      },
    ],
    [
      'is not planned again by what is said of the commit before',
      state({ headRefOid: OTHER, mergeStateStatus: 'DIRTY' }),
      0,
      { state: 'waiting', reason: expect.stringMatching(/^not merged within 0 s/) },
    ],
  ])('%s', async (_what, given, merges, expected) => {
    let merged = 0;
    await using server = await graphqlServer((body) => {
      const { query } = v.parse(v.object({ query: v.string() }), JSON.parse(body));
      if (query.startsWith('query')) {
        return { data: { nodes: [given] } };
      }
      merged += 1;
      return { data: { m0_merge: { pullRequest: { mergeCommit: NONE } } } };
    });
    const { finishing } = pendingFor(
      'u0',
      work({ open: pull() }),
      { state: 'done', pullRequest: PR, headOid: HEAD, created: false, changed: true, moved: '' },
      true,
    );
    const guarded = { ...REPO, guarded: true };
    const patience = { timeoutMs: 0, pollMs: 0 };
    const [outcome] = await waitForMerges(server.github, guarded, 'SQUASH', [finishing], patience);
    expect(outcome).toEqual(expected);
    expect(merged).toBe(merges);
  });
});
