import { describe, expect, test } from '@jest/globals';
import { versionsThatAreOver } from '../../../src/images/previews/over.js';

const [OWN, ELSEWHERE] = ['a'.repeat(40), 'b'.repeat(40)];
const KEY = `content-${'c'.repeat(40)}`;
const FACTS = { closed: new Set([35, 36]), commits: new Set([OWN]) };
const pull = (number: number | string, sha = OWN) => `pr-${number}-${sha}`;

describe('An image of pull requests goes', () => {
  test.each<[string, string[]]>([
    ['with its pull request', [pull(35)]],
    ['with the key of its content', [pull(35), KEY]],
    ['when the last of those that use it is over', [pull(35), pull(36), KEY]],
  ])('%s', (_, tags) => {
    const versions = [
      { id: 2, tags: [pull(99)] },
      { id: 1, tags },
    ];
    expect(versionsThatAreOver(versions, FACTS).map(({ id }) => id)).toEqual([1]);
  });

  test.each<[string, string[]]>([
    ['that an open one uses', [pull(35), pull(40), KEY]],
    ['of another repository, whose pull requests have the same numbers', [pull(35, ELSEWHERE)]],
    ['that a pull request of another repository uses', [pull(35), pull(36, ELSEWHERE)]],
    ['that somebody released', [pull(35), '1.4.0']],
    ['that somebody gave a name', [pull(35), 'latest']],
    ['that has no pull request', [KEY]],
    ['that is a part of another one', []],
    ['whose tag only looks like one', [`pr-35-${OWN}x`]],
    ['whose tag has no commit', ['pr-35']],
    ['whose number is none', [pull('035')]],
  ])('but not one %s', (_, tags) => {
    expect(
      versionsThatAreOver(
        [
          { id: 2, tags: [pull(99)] },
          { id: 1, tags },
        ],
        FACTS,
      ),
    ).toEqual([]);
  });

  test('but the newest of them, where nothing else has a tag: GitHub keeps the last one', () => {
    const versions = [
      { id: 3, tags: [] },
      { id: 2, tags: [pull(36)] },
      { id: 1, tags: [pull(35)] },
    ];
    expect(versionsThatAreOver(versions, FACTS).map(({ id }) => id)).toEqual([1]);
    expect(versionsThatAreOver([], FACTS)).toEqual([]);
  });
});
