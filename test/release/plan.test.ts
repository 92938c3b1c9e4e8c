import { describe, expect, test } from '@jest/globals';
import type { App } from '../../src/apps/app.js';
import { toChanges } from '../../src/release/changes.js';
import type { Commit } from '../../src/release/git/read-commits.js';
import { History } from '../../src/release/history.js';
import { maintenanceLine } from '../../src/release/maintenance-line.js';
import { type AppFacts, planRelease, type Relation, type ReleaseRules } from '../../src/release/plan.js';
import { TagFormat, tagsByApp } from '../../src/release/tags.js';

const app: App = { name: 'web', path: 'apps/web', shared: [], test: undefined, images: [] };
const rules: ReleaseRules = {
  format: new TagFormat(undefined, false),
  firstVersion: '0.1.0',
  prerelease: undefined,
  defaultLevel: 'patch',
  ignoredTypes: ['docs', 'test', 'ci', 'style'],
};

/**
 * Facts of a straight history: messages from the newest (HEAD) on, `[tag]` before a message tags that commit. A commit
 * before a message `HEAD` came after the checkout. `elsewhere` are tags that no commit here has.
 */
function facts(lines: readonly string[], elsewhere: readonly string[] = []): AppFacts {
  const tags: { name: string; commit: string }[] = elsewhere.map((name) => ({ name, commit: `far-${name}` }));
  const commits = lines.map((line, at): Commit => {
    const [, names, message = ''] = /^((?:\[[^\]]+\] ?)*)(.*)$/s.exec(line) ?? [];
    tags.push(
      ...[...(names ?? '').matchAll(/\[([^\]]+)\]/g)].map((match) => ({ name: match[1] ?? '', commit: `c${at}` })),
    );
    return { sha: `c${at}`, parents: [`c${at + 1}`], author: 'Ada', message, paths: ['apps/web/a'] };
  });
  const at = Math.max(
    0,
    lines.findIndex((line) => line.endsWith('HEAD')),
  );
  const head = `c${at}`;
  const history = new History(commits.map(({ sha, parents }) => [sha, ...parents]));
  const relation = (commit: string): Relation =>
    !history.has(commit)
      ? 'diverged'
      : commit === head
        ? 'head'
        : Number(commit.slice(1)) > at
          ? 'ancestor'
          : 'descendant';
  return {
    app,
    apps: new Set(['web', 'api']),
    tags: tagsByApp(tags, { format: rules.format, apps: [app] }).get('web') ?? [],
    relation,
    sameAs: () => false,
    changesSince: (base) => {
      const span = history.span(head, base?.commit).commits;
      return toChanges(
        commits.filter(({ sha }) => span.includes(sha)),
        history,
        head,
      );
    },
  };
}

async function plan(lines: readonly string[], change: Partial<ReleaseRules> & { elsewhere?: string[] } = {}) {
  const { elsewhere, ...rest } = change;
  const made = planRelease(facts(lines, elsewhere), { ...rules, ...rest });
  switch (made.kind) {
    case 'release':
      return `${made.tag} after ${made.previous?.name ?? 'nothing'} (${made.level}): ${made.changes.map(({ said }) => said.header).join(', ')}`;
    case 'released':
      return `already ${made.tag.name}`;
    case 'blocked':
      return `blocked: ${made.why}`;
    case 'late':
      return `late: ${made.newest.name}`;
    case 'unchanged':
      return `unchanged since ${made.last?.name ?? 'nothing'} but ${made.ignored}`;
  }
}

describe('the plan of a release', () => {
  test.each<[string, string[], string]>([
    ['the first release', ['feat: b', 'docs: a'], 'web-v0.1.0 after nothing (minor): feat: b'],
    ['the first release of an app that only has documentation', ['docs: a'], 'web-v0.1.0 after nothing (patch): '],
    ['a feature', ['feat: b', '[web-v1.0.0] fix: a'], 'web-v1.1.0 after web-v1.0.0 (minor): feat: b'],
    ['a change without a convention', ['Repair', '[web-v1.0.0] a'], 'web-v1.0.1 after web-v1.0.0 (patch): Repair'],
    [
      'several changes, of which documentation is not told',
      ['docs: d', 'fix: c', 'feat: b', '[web-v1.0.0] a'],
      'web-v1.1.0 after web-v1.0.0 (minor): fix: c, feat: b',
    ],
    ['documentation alone', ['docs: b', '[web-v1.0.0] a'], 'unchanged since web-v1.0.0 but 1'],
    [
      'the highest version, not the nearest tag, is the last release',
      ['fix: c', '[web-v0.9.1] b', '[web-v1.0.0] a'],
      'web-v1.0.1 after web-v1.0.0 (patch): fix: c, b',
    ],
    ['HEAD is released already', ['[web-v1.1.0] feat: b', '[web-v1.0.0] a'], 'already web-v1.1.0'],
    ['HEAD has two releases', ['[web-v1.1.0] [web-v1.2.0] feat: b'], 'already web-v1.2.0'],
    ['a slow run that finishes late', ['[web-v1.1.0] feat: b', 'fix: HEAD', '[web-v1.0.0] a'], 'late: web-v1.1.0'],
    ['tags of other apps do not count', ['feat: b', '[api-v9.0.0] a'], 'web-v0.1.0 after nothing (minor): feat: b, a'],
    [
      'tags that are no version do not count',
      ['feat: b', '[web-v1] a'],
      'web-v0.1.0 after nothing (minor): feat: b, a',
    ],
    ['a release of a maintained line', ['fix: b', '[web-v1.3.0] a'], 'web-v1.3.1 after web-v1.3.0 (patch): fix: b'],
  ])('%s', async (_name, lines, expected) => {
    expect(await plan(lines, { elsewhere: lines[0] === 'fix: b' ? ['web-v2.0.0'] : [] })).toBe(expected);
  });

  test.each<[string, string[], string]>([
    ['the first one', ['feat: b', '[web-v1.0.0] a'], 'web-v1.1.0-rc.1 after web-v1.0.0 (minor): feat: b'],
    [
      'the next one tells what is new, and is about everything since the last release',
      ['fix: c', '[web-v1.1.0-rc.1] feat: b', '[web-v1.0.0] a'],
      'web-v1.1.0-rc.2 after web-v1.1.0-rc.1 (minor): fix: c',
    ],
    ['HEAD has one already', ['[web-v1.1.0-rc.1] feat: b', '[web-v1.0.0] a'], 'already web-v1.1.0-rc.1'],
    [
      'nothing is new',
      ['docs: c', '[web-v1.1.0-rc.1] feat: b', '[web-v1.0.0] a'],
      'unchanged since web-v1.1.0-rc.1 but 1',
    ],
    ['a slow run', ['[web-v1.1.0-rc.1] b', 'feat: HEAD', '[web-v1.0.0] a'], 'late: web-v1.1.0-rc.1'],
  ])('a prerelease: %s', async (_name, lines, expected) => {
    expect(await plan(lines, { prerelease: 'rc' })).toBe(expected);
  });

  test('a prerelease becomes a release on the same commit, which tells everything', async () => {
    expect(await plan(['[web-v1.1.0-rc.2] fix: c', '[web-v1.1.0-rc.1] feat: b', '[web-v1.0.0] a'])).toBe(
      'web-v1.1.0 after web-v1.0.0 (minor): fix: c, feat: b',
    );
  });

  test('that another branch has with build metadata is taken', async () => {
    const taken = await plan(['feat: b', '[web-v1.0.0] a'], { elsewhere: ['web-v1.1.0+build.7'] });
    expect(taken).toContain(
      'blocked: The next release of web is 1.1.0, but the tag "web-v1.1.0+build.7" is already on',
    );
  });

  test('of a word that comes before the last is refused', async () => {
    const before = await plan(['fix: b', '[web-v1.1.0-rc.1] feat: a', '[web-v1.0.0] a'], { prerelease: 'beta' });
    expect(before).toMatch(
      /^blocked: The next prerelease of web would be 1\.1\.0-beta\.1, which comes before web-v1\.1\.0-rc\.1/,
    );
    const asked = await plan(['fix: b\n\nRelease-As: 1.2.0', '[web-v1.1.0-rc.1] feat: a', '[web-v1.0.0] a'], {
      prerelease: 'beta',
    });
    expect(asked).toContain('web-v1.2.0-beta.1 after web-v1.1.0-rc.1');
  });

  test('a version that is taken outside this history is for people to decide, and both ways are named', async () => {
    expect(await plan(['feat: b', '[web-v1.0.0] a'], { elsewhere: ['web-v1.1.0', 'web-v1.1.1'] })).toBe(
      'blocked: The next release of web is 1.1.0, but the tag "web-v1.1.0" is already on the commit far-web-v1.1.0, which is not in the history of this one. If it belongs to another branch, as that of a hotfix, merge that branch first, and the next number follows; to go on without what it has, ask for the number with the footer "Release-As: 1.1.2" or the input "release-as". If it was made by mistake, delete it (with its release) and run this again.',
    );
  });

  const as = (version: string) => ({ releaseAs: new Map([['web', version]]) });
  test.each<[string, string[], Partial<ReleaseRules>, string]>([
    [
      'by a footer',
      ['feat: c', 'fix: b\n\nRelease-As: 1.0.0', '[web-v0.3.0] a'],
      {},
      'web-v1.0.0 after web-v0.3.0 (minor): feat: c, fix: b',
    ],
    [
      'by the newest of two',
      ['fix: c\n\nRelease-As: 2.0.0', 'fix: b\n\nrelease-as: 1.0.0', '[web-v0.3.0] a'],
      {},
      'web-v2.0.0 after web-v0.3.0 (patch): fix: c, fix: b',
    ],
    [
      'for another app alone',
      ['fix: b\n\nRelease-As: api=2.0.0', '[web-v0.3.0] a'],
      {},
      'web-v0.3.1 after web-v0.3.0 (patch): fix: b',
    ],
    [
      'although nothing else asks for a release',
      ['docs: b\n\nRelease-As: web=v1.0.0', '[web-v0.3.0] a'],
      {},
      'web-v1.0.0 after web-v0.3.0 (patch): ',
    ],
    [
      'by the input, which wins',
      ['fix: b\n\nRelease-As: 2.0.0', '[web-v0.3.0] a'],
      as('1.0.0'),
      'web-v1.0.0 after web-v0.3.0 (patch): fix: b',
    ],
    ['for the first release', ['feat: a'], as('3.0.0'), 'web-v3.0.0 after nothing (minor): feat: a'],
    [
      'lower than a wrong title does',
      ['feat!: b', '[web-v1.2.0] a'],
      as('1.2.1'),
      'web-v1.2.1 after web-v1.2.0 (major): feat!: b',
    ],
    ['for a commit that is released', ['[web-v0.9.0] feat: b'], as('1.0.0'), 'web-v1.0.0 after web-v0.9.0 (patch): '],
    ['once', ['[web-v0.9.0] [web-v1.0.0] feat: b'], as('1.0.0'), 'already web-v1.0.0'],
    [
      'as a prerelease',
      ['fix: b\n\nRelease-As: 1.0.0', '[web-v0.3.0] a'],
      { prerelease: 'rc' },
      'web-v1.0.0-rc.1 after web-v0.3.0 (patch): fix: b',
    ],
    [
      'with other text after it',
      ['fix: b\n\nRelease-As: 1.0.0\n\nThe way there is told elsewhere.', '[web-v0.3.0] a'],
      {},
      'web-v1.0.0 after web-v0.3.0 (patch): fix: b',
    ],
    [
      'in a squashed list',
      ['fix: b\n\n* go\n\nRelease-As: web = v1.0.0\n\n* Some words', '[web-v0.3.0] a'],
      {},
      'web-v1.0.0 after web-v0.3.0 (patch): fix: b',
    ],
    [
      'in a way that nobody can read: it is asked',
      ['feat: c', 'fix: b\n\nRelease-As: 1.0', '[web-v0.3.0] a'],
      {},
      'blocked: The footer "Release-As: 1.0" asks for a version of web, and is none. Expected three numbers, for example "Release-As: 1.0.0", or "Release-As: web=1.0.0" for one app of several. Write it as a footer of a new commit, which wins over earlier ones and may be empty, or use the input "release-as".',
    ],
    [
      'of what is no app: it is asked',
      ['feat: c', 'fix: b\n\nRelease-As: wbe=1.0.0', '[web-v0.3.0] a'],
      {},
      'blocked: The footer "Release-As: wbe=1.0.0" of a change of web names no app of this repository, which has web, api. Expected for example "Release-As: web=1.0.0". Write it as a footer of a new commit, which wins over earlier ones and may be empty, or use the input "release-as".',
    ],
    [
      'after one of what is no app',
      ['fix: c\n\nRelease-As: web=1.0.0', 'fix: b\n\nRelease-As: wbe=2.0.0', '[web-v0.3.0] a'],
      {},
      'web-v1.0.0 after web-v0.3.0 (patch): fix: c, fix: b',
    ],
    [
      'after one that nobody can read',
      ['fix: c\n\nRelease-As: 1.0.0', 'fix: b\n\nRelease-As: one', '[web-v0.3.0] a'],
      {},
      'web-v1.0.0 after web-v0.3.0 (patch): fix: c, fix: b',
    ],
    [
      'by the input, whatever a footer says',
      ['fix: b\n\nRelease-As: soon', '[web-v0.3.0] a'],
      as('1.0.0'),
      'web-v1.0.0 after web-v0.3.0 (patch): fix: b',
    ],
    [
      'and backwards: never',
      ['fix: b\n\nRelease-As: 1.0.0', '[web-v1.2.0] a'],
      {},
      'blocked: The release of web was asked for as 1.0.0, but it has web-v1.2.0 already, and a release is never followed by a lower one. Ask for a higher version: in the input "release-as", or with the footer "Release-As:" of a new commit, which wins over earlier ones.',
    ],
  ])('a version is asked for %s', async (_name, lines, change, expected) => {
    expect(await plan(lines, change)).toBe(expected);
  });

  test.each<[string, string[], string]>([
    ['of its line', ['feat: b', '[web-v1.2.0] a'], 'web-v1.3.0 after web-v1.2.0 (minor): feat: b'],
    ['of an app of another line', ['feat!: b', '[web-v3.2.0] a'], 'web-v4.0.0 after web-v3.2.0 (major): feat!: b'],
    [
      'that leaves its line: never',
      ['feat!: b', '[web-v1.2.0] a'],
      'blocked: The next release of web is 2.0.0, and the branch "release/1.x" is for 1.x only. Merge what asks for it into the main line instead and take it back here; or, where it belongs here, ask for a version of this line with the footer "Release-As: 1.2.1" or the input "release-as".',
    ],
    [
      'as people ask for',
      ['feat!: b\n\nRelease-As: 1.3.0', '[web-v1.2.0] a'],
      'web-v1.3.0 after web-v1.2.0 (major): feat!: b',
    ],
  ])('on a branch of maintenance, a release %s', async (_name, lines, expected) => {
    expect(await plan(lines, { line: maintenanceLine('refs/heads/release/1.x') })).toBe(expected);
  });

  test.each<[string, string, string[], string]>([
    ['a higher line has', 'feat!: b', ['web-v2.0.0'], 'the branch "release/1.x" is for 1.x only'],
    ['the main line has', 'feat: b', ['web-v1.3.0', 'web-v2.0.0'], 'The branch "release/1.x" goes on beside it'],
    ['the main line has, after others', 'feat: b', ['web-v1.3.0', 'web-v1.2.1'], 'goes on beside it'],
  ])('there, a number that %s is passed by one of the line', async (_name, message, elsewhere, why) => {
    const line = maintenanceLine('refs/heads/release/1.x');
    const told = await plan([message, '[web-v1.2.0] a'], { elsewhere, line });
    expect(told).toContain(why);
    expect(told).not.toContain('merge that branch first');
    const [, footer = ''] = /the footer "(Release-As: [^"]+)"/.exec(told) ?? [];
    const followed = await plan([`docs: go on\n\n${footer}`, message, '[web-v1.2.0] a'], { elsewhere, line });
    expect(followed).toMatch(/^web-v1\.2\.[12] after web-v1\.2\.0/);
  });

  test.each([
    ['refs/heads/release/1.x', '1.x', '1.9.9', '2.0.0'],
    ['refs/heads/1.4.x', '1.4.x', '1.4.9', '1.5.0'],
    ['refs/heads/maintenance-v2.x', '2.x', '2.0.0', '1.9.0'],
    ['refs/heads/1.x.x', '1.x.x', '1.9.9', '2.0.0'],
  ])('%s is the line %s: %s belongs to it, %s does not', (ref, name, inside, outside) => {
    const line = maintenanceLine(ref);
    expect([line?.name, line?.has(inside), line?.has(outside)]).toEqual([name, true, false]);
  });

  test.each(['refs/heads/main', 'refs/heads/release/1', 'refs/heads/fix.x', 'refs/tags/1.x', ''])(
    '%s is no line',
    (ref) => {
      expect(maintenanceLine(ref)).toBeUndefined();
    },
  );

  test.each<[string, string]>([
    ['feat: b', 'web-v0.3.1'],
    ['feat!: b', 'web-v0.4.0'],
    ['fix: b', 'web-v0.3.1'],
  ])('with "before-1.0: patch", %s gives %s', async (message, tag) => {
    expect(await plan([message, '[web-v0.3.0] a'], { beforeOne: 'patch' })).toContain(`${tag} after web-v0.3.0`);
  });
});
