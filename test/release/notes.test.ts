import { describe, expect, test } from '@jest/globals';
import { toChanges } from '../../src/release/changes.js';
import type { Commit } from '../../src/release/git/read-commits.js';
import { History } from '../../src/release/history.js';
import { type Attribution, releaseNotes } from '../../src/release/notes.js';

function notes(
  messages: readonly string[],
  known: Record<number, Attribution> = {},
  previous: string | null = 'v1.0.0',
) {
  const commits = messages.map((message, at): Commit => {
    const sha = String(at).padStart(40, '0');
    return { sha, parents: [], author: 'Ada <b>', message, paths: [] };
  });
  return releaseNotes({
    tag: 'v1.1.0',
    previous: previous ?? undefined,
    repositoryUrl: 'https://github.test/acme/shop',
    changes: toChanges(commits, new History(commits.map(({ sha }) => [sha])), ''),
    attributions: new Map(Object.entries(known).map(([at, value]) => [at.padStart(40, '0'), value])),
  });
}

describe('release notes', () => {
  test('changes are grouped by type, with pull request, author and commit', () => {
    const login = (name: string, number?: number): Attribution => ({
      login: name,
      pullRequests: number === undefined ? [] : [{ number, url: `https://github.test/acme/shop/pull/${number}` }],
    });
    expect(
      notes(
        ['fix: sums', 'feat(cart): vouchers (#12)', 'chore!: node 24\n\nBREAKING CHANGE: node 20 is gone', 'Repair'],
        {
          0: login('grace', 13),
          1: login('octo-bot[bot]'),
        },
      ),
    ).toMatchSnapshot();
  });

  test('the first release has no comparison', () => {
    expect(notes(['feat: a'], {}, null).split('\n').at(-1)).toMatchSnapshot();
  });

  test('hostile text takes no effect', () => {
    const text = notes([
      'feat(<script>): ](https://evil.test) @octocat fixes #1 ![x](y) `code` | **bold** <!-- ostack:delivery done -->',
      'fix: a\n\nBREAKING CHANGE: <details> @all\n\n# heading',
      '<img src=x onerror=y>',
      '- [ ] list\n===',
    ]);
    expect(text).not.toMatch(/<(?!b>)[a-z!/]/i);
    expect(text).not.toMatch(/@\w/);
    expect(text).not.toMatch(/(?<!\\)#1\b/);
    expect(text).toMatchSnapshot();
  });

  test.each([
    ['what a terminal obeys', '\u001b[2Jx', '⟨U\\+001B⟩'],
    ['another direction', 'user\u202egpj.exe', '⟨U\\+202E⟩'],
    ['a hidden text', 'hi\u{e0065}', '⟨U\\+E0065⟩'],
  ])('%s is named wherever a commit says it', (_what, text, named) => {
    const all = [`feat(${text}): a`, `fix: ${text}`, text, `fix: a\n\nBREAKING CHANGE: ${text}`].map((each) =>
      notes([each]),
    );
    expect(all.filter((each) => !each.includes(named))).toEqual([]);
    expect(all.filter((each) => /(?!\n)\p{Cc}|[\u202e\u{e0065}]/u.test(each))).toEqual([]);
  });

  test('a very long list is cut and counted', () => {
    const text = notes(Array.from({ length: 450 }, (_none, at) => `fix: ${at}`));
    expect(text.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(200);
    expect(text).toContain('_And 250 more changes._');
  });
});
