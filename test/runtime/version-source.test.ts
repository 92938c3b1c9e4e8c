import { describe, expect, test } from '@jest/globals';
import { parseVersionSource, valueAt } from '../../src/runtime/version-source.js';

describe('where a running version is found', () => {
  test.each([
    ['x-version', { header: 'x-version' }],
    ['$.version', { path: ['version'] }],
    ['.build.tag', { path: ['build', 'tag'] }],
  ])('%s', (text, source) => {
    expect(parseVersionSource(text)).toEqual(source);
  });

  test.each(['', 'a b', '$.', '$..a', '$.a[0]'])('%j is nowhere', (text) => {
    expect(() => parseVersionSource(text)).toThrow('expected the name of a response header');
  });

  test.each([
    ['{"a":{"b":"1.0"}}', '1.0'],
    ['{"a":{"b":7}}', '7'],
    ['{"a":{"b":{}}}', undefined],
    ['{"a":null}', undefined],
    ['<html>', undefined],
  ])('in %s it is %j', (body, value) => {
    expect(valueAt(body, ['a', 'b'])).toBe(value);
  });
});
