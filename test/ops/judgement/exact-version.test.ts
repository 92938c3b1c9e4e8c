import { expect, test } from '@jest/globals';
import { isExact, isExactRevision } from '../../../src/ops/judgement/exact-version.js';

test.each<[string | undefined, boolean, boolean]>([
  ['v1.2.3', true, true],
  ['1.2.3', true, true],
  ['web-v1.2.3', true, true],
  ['web@1.2.3', true, true],
  ['kustomize/v5.0.0', true, true],
  ['release-1.2.3', true, true],
  ['refs/tags/v1.2.3', true, true],
  ['tags/v1.2.3', true, true],
  ['refs/tags/main-1.2.3', true, true],
  ['a1'.repeat(20), true, true],
  ['main-1.2.3', true, false],
  ['MASTER_1.2.3', true, false],
  ['develop/v1.2.3', true, false],
  ['release/1.2.3', true, false],
  ['heads/v1.2.3', true, false],
  ['refs/heads/v1.2.3', true, false],
  ['origin/v1.2.3', true, false],
  ['pull/7/head-1.2.3', true, false],
  ['main', false, false],
  ['refs/tags/latest', false, false],
  ['v1.2', false, false],
  ['1.2.*', false, false],
  ['', false, false],
  [undefined, false, false],
])('%s is exact as a version (%s), as a revision of git (%s)', (text, version, revision) => {
  expect([isExact(text), isExactRevision(text)]).toEqual([version, revision]);
});
