import { describe, expect, test } from '@jest/globals';
import {
  type BranchContent,
  CLOSED_BY_US,
  nextStep,
  type Situation,
} from '../../../src/ops/pull-requests/next-step.js';
import type { BranchCommit, PullRequest } from '../../../src/ops/repository/pull-request.js';
import { BASE, ours, pull, theirs } from './support.js';

const REASONS = {
  ...{
    done: 'done',
    newerThere: 'newer there',
    newer: 'something newer',
    unusable: 'nothing',
    takenAway: 'took it away',
  },
  closed: (number: number) => `closed #${number}`,
};

const CONTENTS: Record<string, BranchContent> = {
  ...{ change: 'change', set: 'set', newer: 'newer-there', unusable: 'unusable' },
};

function step(given: Partial<Situation>): string {
  const found = nextStep({
    ...{ reasons: REASONS, base: 'change', baseOid: BASE, branchName: 'ostack/staging/my-app' },
    ...{ branch: undefined, open: undefined, past: [], staysClosed: () => true },
    isOurs: ({ trailers }) => trailers !== undefined,
    ...given,
  });
  return found.do;
}

/** A table of words: each row begins with two names, and each column has a name of its own. */
function cells(text: string): [row: string, column: string, other: string, cell: string][] {
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ +/));
  return rows.flatMap(([row = '', other = '', ...rest]) =>
    rest.map((cell, index): [string, string, string, string] => [row, other, head[index] ?? '', cell]),
  );
}

function on(standing: string, commit: BranchCommit): Situation['branch'] {
  const found = CONTENTS[standing];
  return found === undefined ? undefined : { commit, content: found };
}

describe('with a pull request open', () => {
  const trouble: Record<string, { pull?: Partial<PullRequest>; parent?: string; replaces?: boolean }> = {
    ...{ none: {}, behind: { parent: 'old' }, conflict: { pull: { mergeable: 'CONFLICTING' } } },
    ...{ outdated: { pull: { outdated: true } }, another: { replaces: true } },
  };

  // "theirs": a person's commit is on the branch. "unseen": there are more commits than GitHub was asked for.
  test.each(
    cells(`
                        none     behind   conflict  outdated  another
      change   ours     append   rebuild  rebuild   append    rebuild
      change   theirs   append   append   append    append    append
      change   unseen   append   append   append    append    append
      set      ours     keep     keep     rebuild   rebuild   rebuild
      set      theirs   keep     keep     keep      keep      keep
      set      unseen   keep     keep     keep      keep      keep
      newer    ours     nothing  nothing  nothing   nothing   nothing
      newer    theirs   nothing  nothing  nothing   nothing   nothing
      unusable ours     rebuild  rebuild  rebuild   rebuild   rebuild
      unusable theirs   nothing  nothing  nothing   nothing   nothing
      unusable unseen   nothing  nothing  nothing   nothing   nothing
    `),
  )('whose branch stands at "%s" with the commits "%s" and the trouble "%s": %s', (standing, whose, what, expected) => {
    const { pull: more, parent = BASE, replaces = false } = trouble[what] ?? {};
    const first = ours('1.4.0', parent);
    const commits = whose === 'theirs' ? [first, theirs] : [first];
    const open = pull({ commits, commitCount: whose === 'unseen' ? 120 : commits.length, ...more });
    expect(step({ open, branch: on(standing, commits.at(-1) ?? first), replaces })).toBe(expected);
  });

  test.each([
    ['change', 'append'],
    ['set', 'keep'],
    ['unusable', 'nothing'],
  ])(
    'that does not show yet whose commit was pushed this moment, with its branch at "%s", it is taken for a person\'s: %s',
    (standing, expected) => {
      const open = pull({ commits: [ours('1.4.0', 'old')], mergeable: 'CONFLICTING' });
      const pushed = { ...theirs, firstParent: open.headOid };
      expect(step({ open, branch: on(standing, pushed) })).toBe(expected);
    },
  );
});

describe('with no pull request open', () => {
  // "merged": an earlier pull request of the branch ended at this commit. "behind": it began at an older base.
  test.each(
    cells(`
                        fresh    behind   merged
      change   ours     append   open     open
      change   theirs   append   append   open
      set      ours     append   open     open
      set      theirs   append   append   open
      newer    ours     nothing  open     open
      newer    theirs   nothing  nothing  open
      unusable ours     open     open     open
      unusable theirs   nothing  nothing  open
      none     ours     open     open     open
    `),
  )('and a branch that stands at "%s" with the commits "%s" and is "%s": %s', (standing, whose, place, expected) => {
    const parent = place === 'behind' ? 'old' : BASE;
    const commit = whose === 'theirs' ? { ...theirs, firstParent: parent } : ours('1.4.0', parent);
    const past = place === 'merged' ? [pull({ state: 'MERGED', headOid: commit.oid })] : [];
    expect(step({ branch: on(standing, commit), past })).toBe(expected);
  });

  test.each<[what: string, last: Partial<PullRequest>, staysClosed: boolean, expected: string]>([
    ['a person closed it for this version', { state: 'CLOSED' }, true, 'nothing'],
    ['a person closed it for another version', { state: 'CLOSED' }, false, 'open'],
    ['we closed it', { state: 'CLOSED', body: `words\n${CLOSED_BY_US}` }, true, 'open'],
    ['it was merged', { state: 'MERGED' }, true, 'open'],
  ])('and the last one ended so: %s', (_what, last, staysClosed, expected) => {
    expect(step({ past: [pull(last)], staysClosed: () => staysClosed })).toBe(expected);
  });

  test('only the last one counts, not what a person closed before', () => {
    expect(step({ past: [pull({ state: 'MERGED' }), pull({ state: 'CLOSED' })] })).toBe('open');
  });
});

describe('where there is nothing to be set', () => {
  // "overtaken": what the branch brings is no newer than what the base has by now.
  test.each(
    cells(`
                        change   set      newer    unusable none
      set      fresh     close    close    nothing  close    close
      set      overtaken close    close    nothing  close    close
      newer    fresh     close    close    nothing  nothing  nothing
      newer    overtaken close    close    close    close    close
      unusable fresh     nothing  nothing  nothing  nothing  nothing
      unusable overtaken nothing  nothing  nothing  nothing  nothing
    `),
  )(
    'the base at "%s", a pull request open that is "%s" and its branch at "%s": %s',
    (base, age, standing, expected) => {
      const given = { base: CONTENTS[base] ?? 'change', branch: on(standing, ours()), overtaken: age === 'overtaken' };
      expect(step({ ...given, open: pull() })).toBe(expected);
      expect(step(given)).toBe('nothing');
    },
  );
});
