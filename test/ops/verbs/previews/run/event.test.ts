import { expect, test } from '@jest/globals';
import { changedApps } from '../../../../../src/ops/verbs/previews/run/changed-apps.js';
import { eventPullRequest, runSubject } from '../../../../../src/ops/verbs/previews/run/event.js';
import { digest, sha } from '../support.js';

test.each([
  ['1234', undefined, '1234'],
  ['1234', '', '1234'],
  ['1234', '1', '1234'],
  ['1234', '3', '1234-3'],
])('run %s in attempt %j is %s', (id, attempt, subject) => {
  expect(runSubject(id, attempt)).toBe(subject);
});

test.each([
  [{ pull_request: { number: 7, head: { sha: sha(1) } } }, { number: 7, head: sha(1) }],
  [{ issue: { number: 7 } }, undefined],
  [{ pull_request: { number: '7' } }, undefined],
  [undefined, undefined],
])('the pull request of %j', (payload, pull) => {
  expect(eventPullRequest({ name: 'pull_request', payload })).toEqual(pull);
});

test('changed apps are those with images and those affected without one, by their names in ops', () => {
  const built = { app: 'shop', image: 'web', repository: 'ghcr.io/acme/web', tag: 'pr-7', digest: digest(1) };
  const image = { ...built, reused: false, platforms: [] };
  expect(changedApps([image], ['shop', 'docs'], (app) => `growth-${app}`)).toEqual([
    { app: 'growth-docs', images: [] },
    { app: 'growth-shop', images: [{ image: 'web', repository: 'ghcr.io/acme/web', tag: 'pr-7', digest: digest(1) }] },
  ]);
});
