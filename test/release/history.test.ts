import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { History } from '../../src/release/history.js';

/** `m` merges `f` into `c`: m -> (c, f), c -> b -> a, f -> b. */
const lines = [['m', 'c', 'f'], ['c', 'b'], ['f', 'b'], ['b', 'a'], ['a']];

describe('history', () => {
  const history = new History(lines);

  test.each([
    ['m', 'c', ['m', 'f'], true],
    ['m', 'a', ['m', 'c', 'f', 'b'], true],
    ['m', 'm', [], true],
    ['c', 'f', ['c'], false],
    ['c', 'm', [], false],
    ['m', undefined, ['m', 'c', 'f', 'b', 'a'], false],
    ['m', 'unknown', ['m', 'c', 'f', 'b', 'a'], false],
    ['unknown', 'a', [], false],
  ])('from %s back to %s', (tip, base, commits, connected) => {
    expect(history.span(tip, base)).toEqual({ commits, connected, complete: true });
  });

  test('a limit keeps the newest', () => {
    expect(history.span('m', undefined, 2).commits).toEqual(['m', 'c']);
  });

  test('the main line follows first parents as long as they are wanted', () => {
    expect(history.mainline('m', new Set(['m', 'c', 'f', 'b', 'a']))).toEqual(['m', 'c', 'b', 'a']);
    expect(history.mainline('m', new Set(['m', 'f', 'b']))).toEqual(['m']);
  });

  test('a span that meets the end of a shallow clone is not complete', () => {
    const shallow = new History([['m', 'c', 'f'], ['c', 'b'], ['f'], ['b']], new Set(['f', 'b']));
    expect(shallow.span('m', 'c')).toMatchObject({ connected: true, complete: false });
    expect(shallow.span('m', 'f')).toMatchObject({ connected: true, complete: false });
    expect(shallow.span('c', 'b')).toMatchObject({ connected: true, complete: true });
    expect(shallow.whole).toBe(false);
  });

  test('a span is what one end reaches and the other does not, in any history', () => {
    // Commit i has parents among the commits after it: the order of the list is a topological one.
    const graph = fc.array(fc.array(fc.nat(5), { maxLength: 3 }), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(graph, fc.nat(), fc.nat(), (shape, first, second) => {
        const parents = shape.map((jumps, at) =>
          [...new Set(jumps.map((jump) => at + 1 + jump))].filter((to) => to < shape.length),
        );
        const reach = (from: number): Set<number> =>
          new Set([from, ...(parents[from] ?? []).flatMap((to) => [...reach(to)])]);
        const [tip, base] = [first % shape.length, second % shape.length];
        const excluded = reach(base);
        const expected = [...reach(tip)].filter((commit) => !excluded.has(commit)).sort((a, b) => a - b);
        const made = new History(parents.map((of, at) => [at, ...of].map(String)));
        expect(made.span(String(tip), String(base))).toEqual({
          commits: expected.map(String),
          connected: reach(tip).has(base),
          complete: true,
        });
      }),
      { numRuns: 400 },
    );
  });
});

describe('where a commit is, seen from the tip', () => {
  /** Commits from the newest on, as `id parent parent`; a star after the id: a shallow clone ends there. */
  function shallow(...lines: string[]): History {
    const commits = lines.map((line) => line.split(' '));
    const cut = commits.filter(([id]) => id?.endsWith('*')).map(([id = '']) => id.slice(0, -1));
    return new History(
      commits.map(([id = '', ...parents]) => [id.replace('*', ''), ...parents]),
      new Set(cut),
    );
  }

  test.each<[string, string[], string, string]>([
    ['before it', ['tip a', 'a b', 'b* '], 'a', 'within'],
    ['the tip itself', ['tip a', 'a* '], 'tip', 'within'],
    ['at the cut, with all that came since', ['tip a', 'a*'], 'a', 'within'],
    ['not there', ['tip a', 'a'], 'x', 'unknown'],
    ['later', ['x tip', 'tip a', 'a*'], 'x', 'elsewhere'],
    ['on a branch from before, all of which is there', ['tip a', 'x a', 'a b', 'b*'], 'x', 'elsewhere'],
    ['on a branch that is cut', ['tip a', 'x* ', 'a*'], 'x', 'unknown'],
    ['on a branch, and the tip is cut after it left', ['tip a', 'x b', 'a* ', 'b '], 'x', 'unknown'],
    // The release is at the cut, and the other line may be older than it is.
    ['before it, beside a line that has no end in it', ['tip m', 'm a old', 'a*', 'old '], 'a', 'unknown'],
    ['before it, beside a line that left before the cut', ['tip m', 'm a b', 'a c', 'b c', 'c*'], 'a', 'within'],
    ['before it, beside a line that left after it', ['tip m', 'm d b', 'd a', 'b a', 'a*'], 'a', 'within'],
    ['before it, beside a line from before the cut', ['tip m', 'm a b', 'a c', 'c*', 'b*'], 'a', 'unknown'],
  ])('%s', (_name, lines, commit, expected) => {
    expect(shallow(...lines.map((line) => line.trim())).relation('tip', commit)).toBe(expected);
  });
});
