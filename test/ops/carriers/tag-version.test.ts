import { describe, expect, test } from '@jest/globals';
import { versionOf } from '../../../src/ops/carriers/tag-version.js';

describe('the version in a tag', () => {
  test.each([
    ['1.4.0', '1.4.0'],
    ['v1.4.0', '1.4.0'],
    ['my-app-v1.4.0', '1.4.0'],
    ['my-app-v1.4.0-rc.1', '1.4.0-rc.1'],
    ['my-app@1.4.0', '1.4.0'],
    ['apps/my-app/v1.4.0', '1.4.0'],
    ['1.4.0+build.7', '1.4.0'],
    ['v2-app-v1.4.0', '1.4.0'],
    ['latest', undefined],
    ['1.4', undefined],
    ['main-3f2a1b', undefined],
    ['2026-11-21', undefined],
    ['', undefined],
  ])('%j is %j', (tag, version) => {
    expect(versionOf(tag)).toBe(version);
  });
});
