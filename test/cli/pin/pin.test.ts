import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PIN_HINT, pinWorkflow, publishedIn } from '../../../src/cli/pin/pin-workflow.js';
import { runPin } from '../../../src/cli/pin/run-pin.js';

const [OLD, NEW, OTHER] = ['a', 'b', 'c'].map((digit) => digit.repeat(40));
const published = publishedIn(
  [
    `${OLD}\trefs/tags/v1.3.0`,
    `${OTHER}\trefs/tags/v1.4.0`,
    `${NEW}\trefs/tags/v1.4.0^{}`,
    `${NEW}\trefs/tags/v1.4`,
    `${NEW}\trefs/tags/v1`,
    `${OTHER}\trefs/tags/v2`,
    `${OTHER}\trefs/heads/v3.0.0`,
    `${OTHER}\trefs/tags/source-v1.4.0`,
  ].join('\n'),
);

describe('A workflow is pinned', () => {
  test.each([
    ['uses: ostack/actions/test@v1', `uses: ostack/actions/test@${NEW} # v1.4.0`],
    ['  - uses: "ostack/actions/test@v1.3.0"', `  - uses: ostack/actions/test@${OLD} # v1.3.0`],
    [
      '    uses: ostack/actions/.github/workflows/release.yml@v1.4 # ours\r',
      `    uses: ostack/actions/.github/workflows/release.yml@${NEW} # v1.4.0 # ours\r`,
    ],
  ])('in %j', (line, expected) => {
    expect(pinWorkflow(line, published).text).toBe(expected);
  });

  test.each([
    `uses: ostack/actions/test@${NEW} # v1.4.0`,
    'uses: ostack/actions/test@main',
    'uses: ostack/actions/test@v2',
    'uses: ostack/actions/test@source-v1.4.0',
    'uses: mallory/actions/test@v1',
    'uses: ostack/actions-more/test@v1',
    'run: echo uses: ostack/actions/test@v1',
    '# uses: ostack/actions/test@v1',
  ])('not in %j', (line) => {
    expect(pinWorkflow(line, published).text).toBe(line);
  });
});

describe('Starters', () => {
  const starters = ['apps', 'definitions', 'ops'].map((folder) => join('workflows', folder));
  const texts: [string, string][] = [];
  beforeAll(async () => {
    for (const folder of starters) {
      for (const name of (await readdir(folder)).filter((each) => each.endsWith('.yml'))) {
        texts.push([name, await readFile(join(folder, name), 'utf8')]);
      }
    }
  });

  test('say above each line that takes something of ours how to pin it, and are pinned so', () => {
    expect(texts.length).toBeGreaterThan(15);
    for (const [name, text] of texts) {
      const lines = text.split('\n');
      const hints = lines.filter(
        (line, index) => / uses: ostack\/actions/.test(line) && lines[index - 1]?.trim() !== PIN_HINT,
      );
      const { text: pinned, uses } = pinWorkflow(text, published);
      expect([name, hints]).toEqual([name, []]);
      expect(uses.length).toBeGreaterThan(0);
      expect(pinned).not.toMatch(/@v1|by commit/i);
      expect(pinned.replaceAll(`@${NEW} # v1.4.0`, '@v1').split('\n')).toEqual(
        lines.filter((line) => line.trim() !== PIN_HINT),
      );
    }
  });
});

describe('ostack pin', () => {
  let root: string;
  let commit: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', join(root, 'published'), '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    }).trim();
  const pin = (...args: string[]) => runPin(['--from', join(root, 'published'), ...args], root, 'https://github.com');
  const path = () => join(root, '.github/workflows/release.yml');
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ostack-pin-'));
    await mkdir(join(root, 'published'));
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'v1.4.0');
    commit = git('rev-parse', 'HEAD');
    git('tag', '--annotate', '--message', 'a', 'v1.4.0');
    git('tag', 'v1');
    await mkdir(join(root, '.github/workflows'), { recursive: true });
    await writeFile(path(), await readFile('workflows/apps/release.yml', 'utf8'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test('tells in a dry run, writes then, and has nothing to do the second time', async () => {
    const line = `ostack/actions/.github/workflows/release.yml@v1 is v1.4.0, ${commit}`;
    const before = await readFile(path(), 'utf8');
    expect(await pin('--dry-run')).toEqual([expect.stringMatching(/^\.github\/workflows\/release\.yml:\d+: /)]);
    expect(await readFile(path(), 'utf8')).toBe(before);
    expect(await pin()).toEqual([expect.stringContaining(line)]);
    expect(await readFile(path(), 'utf8')).toContain(`release.yml@${commit} # v1.4.0\n`);
    expect(await pin()).toEqual(['Nothing is left to pin.']);
  });

  test('names what nothing is published under, what cannot be listed, and where no workflows are', async () => {
    await writeFile(
      join(root, '.github/workflows/other.yaml'),
      'jobs: { a: { steps: [\n  - uses: ostack/actions/test@main\n',
    );
    await expect(pin()).rejects.toThrow(/other\.yaml:2: ostack\/actions\/test@main: .* has published no version/);
    await expect(runPin(['--from', join(root, 'nowhere')], root, '')).rejects.toThrow('cannot be listed');
    await expect(runPin(['--from', join(root, 'published')], join(root, 'published'), '')).rejects.toThrow(
      'There are no workflows',
    );
  });
});
