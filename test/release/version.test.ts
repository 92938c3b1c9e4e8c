import { describe, expect, test } from '@jest/globals';
import { type Level, nextVersion } from '../../src/release/version.js';

interface Row {
  last?: string;
  level?: Level;
  prereleases?: string[];
  prerelease?: string;
  taken?: string[];
  expected: string;
}

describe('the next version', () => {
  test.each<[string, Row]>([
    ['a fix', { last: '1.2.3', level: 'patch', expected: '1.2.4' }],
    ['a feature', { last: '1.2.3', level: 'minor', expected: '1.3.0' }],
    ['a breaking change', { last: '1.2.3', level: 'major', expected: '2.0.0' }],
    ['a breaking change before 1.0.0 raises the minor', { last: '0.2.3', level: 'major', expected: '0.3.0' }],
    ['a feature before 1.0.0', { last: '0.2.3', level: 'minor', expected: '0.3.0' }],
    ['a fix before 1.0.0', { last: '0.2.3', level: 'patch', expected: '0.2.4' }],
    ['the first release, whatever the level', { level: 'major', expected: '0.1.0' }],
    ['numbers beyond one digit', { last: '1.9.9', level: 'minor', expected: '1.10.0' }],
    ['the first prerelease', { last: '1.2.3', level: 'minor', prerelease: 'rc', expected: '1.3.0-rc.1' }],
    [
      'the next prerelease',
      {
        last: '1.2.3',
        level: 'minor',
        prerelease: 'rc',
        prereleases: ['1.3.0-rc.1'],
        taken: ['1.2.3', '1.3.0-rc.1'],
        expected: '1.3.0-rc.2',
      },
    ],
    [
      'a prerelease number that another branch has used is not used again',
      {
        last: '1.2.3',
        level: 'minor',
        prerelease: 'rc',
        taken: ['1.3.0-rc.9', '1.3.0-rc.10'],
        expected: '1.3.0-rc.11',
      },
    ],
    [
      'a prerelease number that is none',
      {
        last: '1.2.3',
        level: 'minor',
        prerelease: 'rc',
        taken: ['1.3.0-rc.9999999999999999999999', '1.3.0-rc.2', '1.3.0-rc.x', '1.3.0-rc'],
        expected: '1.3.0-rc.3',
      },
    ],
    [
      'a prerelease of another word counts on its own',
      {
        last: '1.2.3',
        level: 'minor',
        prerelease: 'rc',
        prereleases: ['1.3.0-beta.4'],
        taken: ['1.3.0-beta.4'],
        expected: '1.3.0-rc.1',
      },
    ],
    [
      'a breaking change after a prerelease starts a new count',
      {
        last: '1.2.3',
        level: 'major',
        prerelease: 'rc',
        prereleases: ['1.3.0-rc.1'],
        taken: ['1.3.0-rc.1'],
        expected: '2.0.0-rc.1',
      },
    ],
    [
      'a prerelease becomes its release',
      { last: '1.2.3', level: 'minor', prereleases: ['1.3.0-rc.1', '1.3.0-rc.2'], expected: '1.3.0' },
    ],
    [
      'a prerelease that went further pulls the release up',
      { last: '1.2.3', level: 'patch', prereleases: ['2.0.0-rc.1'], expected: '2.0.0' },
    ],
    ['the first prerelease of all', { level: 'patch', prerelease: 'rc', expected: '0.1.0-rc.1' }],
    ['a prerelease without a number', { last: '1.0.0', prerelease: 'rc', taken: ['1.0.1-rc'], expected: '1.0.1-rc.1' }],
  ])('%s', (_name, { expected, last, level = 'patch', prereleases = [], prerelease, taken = [] }) => {
    expect(nextVersion({ last, level, first: '0.1.0', prereleases, prerelease, taken })).toBe(expected);
  });
});
