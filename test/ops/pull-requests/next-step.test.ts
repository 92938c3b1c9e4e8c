import { describe, expect, test } from '@jest/globals';
import { CLOSED_BY_US, nextStep, type Situation } from '../../../src/ops/pull-requests/next-step.js';
import { isBumpOf, newestOf } from '../../../src/ops/releases/release-pull-request.js';
import { BASE, ours, pull, theirs } from './support.js';

const MY_APP = { environment: 'staging', app: 'my-app' };

const situation = (over: Partial<Situation>): Situation => ({
  ...{
    base: 'change',
    baseOid: BASE,
    branchName: 'ostack/staging/my-app',
    branch: undefined,
    open: undefined,
    past: [],
  },
  isOurs: (commit) => isBumpOf(MY_APP, commit),
  staysClosed: (last) => newestOf(last, MY_APP)?.version === '1.5.0',
  reasons: {
    done: '1.5.0 is already in staging',
    newerThere: 'staging runs a newer version than 1.5.0',
    newer: 'a newer version than 1.5.0',
    unusable: 'nothing that carries the version',
    takenAway: 'took away what carries the version',
    closed: (number) => `a person closed #${number}`,
  },
  ...over,
});

const on = (content: 'change' | 'set' | 'newer-there' | 'unusable', commit = ours()) => ({ commit, content });

describe('what happens to a bump branch', () => {
  test.each<[string, Partial<Situation>, string]>([
    ['nothing is there', {}, 'open'],
    ['the base has the version', { base: 'set' }, 'nothing'],
    ['the base has the version and a pull request is open', { base: 'set', open: pull(), branch: on('set') }, 'close'],
    [
      'the base has the version and a newer one is proposed',
      { base: 'set', open: pull(), branch: on('newer-there') },
      'nothing',
    ],
    ['the base has a newer version', { base: 'newer-there' }, 'nothing'],
    [
      'the base has a newer version than what is proposed',
      { base: 'newer-there', open: pull(), branch: on('set') },
      'close',
    ],
    [
      'the base has a newer version than what another proposes',
      { base: 'newer-there', open: pull(), branch: on('newer-there'), overtaken: true },
      'close',
    ],
    [
      'the base has a newer version, and an even newer one is proposed',
      { base: 'newer-there', open: pull(), branch: on('newer-there') },
      'nothing',
    ],
    ['an older version is proposed on the newest base', { open: pull(), branch: on('change') }, 'append'],
    [
      'an older version is proposed behind the base',
      { open: pull({ commits: [ours('1.4.0', 'old')] }), branch: on('change') },
      'rebuild',
    ],
    [
      'an older version is proposed in conflict',
      { open: pull({ mergeable: 'CONFLICTING' }), branch: on('change') },
      'rebuild',
    ],
    [
      'ours was about something else, on the newest base',
      { open: pull(), branch: on('set'), replaces: true },
      'rebuild',
    ],
    [
      "ours was about something else, with people's commits on it",
      { open: pull({ commits: [ours(), theirs] }), branch: on('set', theirs), replaces: true },
      'keep',
    ],
    [
      "people's commits are on it, behind the base",
      { open: pull({ commits: [ours('1.4.0', 'old'), theirs] }), branch: on('change', theirs) },
      'append',
    ],
    [
      'more commits are on it than can be seen',
      { open: pull({ commitCount: 120, mergeable: 'CONFLICTING' }), branch: on('change') },
      'append',
    ],
    ['the version is proposed already', { open: pull(), branch: on('set') }, 'keep'],
    ['the version is proposed in conflict', { open: pull({ mergeable: 'CONFLICTING' }), branch: on('set') }, 'rebuild'],
    [
      'the version is proposed and has to be up to date',
      { open: pull({ outdated: true }), branch: on('set') },
      'rebuild',
    ],
    [
      "the version is proposed in conflict, with people's commits",
      { open: pull({ mergeable: 'CONFLICTING', commits: [ours(), theirs] }), branch: on('set', theirs) },
      'keep',
    ],
    ['a newer version is proposed', { open: pull(), branch: on('newer-there') }, 'nothing'],
    [
      'people took away what carries the version',
      { open: pull({ commits: [ours(), theirs] }), branch: on('unusable', theirs) },
      'nothing',
    ],
    ['our own branch cannot be used', { open: pull(), branch: on('unusable') }, 'rebuild'],
    ['a person closed it for this version', { past: [pull({ state: 'CLOSED', commits: [ours('1.5.0')] })] }, 'nothing'],
    ['a person closed it for an earlier version', { past: [pull({ state: 'CLOSED' })] }, 'open'],
    [
      'we closed it for this version',
      { past: [pull({ state: 'CLOSED', commits: [ours('1.5.0')], body: CLOSED_BY_US })] },
      'open',
    ],
    ['it was merged and its branch stayed', { past: [pull({ state: 'MERGED' })], branch: on('change') }, 'open'],
    ['a branch of ours is left over behind the base', { branch: on('set', ours('1.5.0', 'old')) }, 'open'],
    ['a branch of ours waits for its pull request', { branch: on('set', ours('1.5.0')) }, 'append'],
    [
      'a branch of ours with a newer version waits for its pull request',
      { branch: on('newer-there', ours('1.6.0')) },
      'nothing',
    ],
    ["a branch is a person's own", { branch: on('change', theirs) }, 'append'],
    ["a branch is a person's own and carries nothing", { branch: on('unusable', theirs) }, 'nothing'],
  ])('when %s', (_name, over, step) => {
    expect(nextStep(situation(over)).do).toBe(step);
  });

  test('a leftover branch moves only from the commit that was seen', () => {
    const step = nextStep(situation({ past: [pull({ state: 'MERGED' })], branch: on('change') }));
    expect(step).toEqual({ do: 'open', leftover: 'ours-1.4.0' });
  });
});
