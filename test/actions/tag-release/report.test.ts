import { describe, expect, test } from '@jest/globals';
import { fitting } from '../../../src/actions/tag-release/report.js';
import type { Release } from '../../../src/release/release.js';

const release = (app: string, notes: string): Release => ({
  app,
  version: '1.0.0',
  tag: `${app}-v1.0.0`,
  previous: null,
  level: 'minor',
  sha: '0'.repeat(40),
  notes,
  url: `https://github.test/acme/shop/releases/tag/${app}-v1.0.0`,
  created: true,
});

const lines = (count: number) => Array.from({ length: count }, (_none, at) => `- "change" ${at}`).join('\n');

describe('the output of releases', () => {
  test('keeps notes that fit as they are', () => {
    const releases = [release('a', lines(3)), release('b', lines(500))];
    expect(fitting(releases)).toEqual(releases);
  });

  test('cuts the longest notes first, at a line, and links the rest', () => {
    const [short, long] = fitting([release('a', lines(3)), release('b', lines(20_000))]);
    expect(short?.notes).toBe(lines(3));
    expect(long?.notes).toMatch(
      /^- "change" 0\n[\s\S]*\n- "change" \d+\n\n\[All notes\]\(https:\/\/github\.test\/.*\)$/,
    );
  });

  test.each([
    ['a few with long notes', 3, 20_000],
    ['very many', 250, 100],
  ])('fits into one environment variable: %s', (_name, count, length) => {
    const releases = Array.from({ length: count }, (_none, at) => release(`app-${at}`, lines(length)));
    expect(Buffer.byteLength(JSON.stringify(fitting(releases)))).toBeLessThan(128 * 1024);
  });
});
