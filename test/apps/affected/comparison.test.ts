import { describe, expect, test } from '@jest/globals';
import { comparisonOf } from '../../../src/apps/affected/comparison.js';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const zero = '0'.repeat(40);
const here = { head: 'HEAD', ref: 'refs/heads/topic' };
const pull = { pull_request: { number: 7, base: { sha: a, ref: 'main' }, head: { sha: b } } };
const ofMain = { repository: { default_branch: 'main' } };

describe('what an event is compared with', () => {
  test.each([
    ['pull_request', pull, { kind: 'branch', base: a, head: b, what: 'pull request #7 into main' }],
    ['pull_request_target', pull, { kind: 'branch', base: a, head: b, what: 'pull request #7 into main' }],
    ['push', { before: a, after: b }, { kind: 'range', base: a, head: b, what: 'push of aaaaaaa..bbbbbbb' }],
    [
      'merge_group',
      { merge_group: { base_sha: a, head_sha: b } },
      { kind: 'range', base: a, head: b, what: 'merge group on aaaaaaa' },
    ],
    [
      'workflow_dispatch',
      ofMain,
      { kind: 'branch', base: 'refs/heads/main', head: 'HEAD', what: 'compared with main' },
    ],
  ])('%s', (name, payload, comparison) => {
    expect(comparisonOf({ name, payload }, here)).toEqual(comparison);
  });

  test.each([
    ['push', { before: zero, after: b }, false, 'the push made the branch or tag'],
    ['push', { before: a, after: b, forced: true }, false, 'the push was forced'],
    ['push', { before: 'main', after: b }, false, 'the push event does not say what to compare: before is'],
    ['push', {}, false, 'before is missing'],
    ['pull_request', { pull_request: { ...pull.pull_request, head: {} } }, false, 'pull_request.head.sha is missing'],
    ['pull_request', null, false, 'its payload is missing or malformed'],
    ['merge_group', {}, false, 'merge_group is missing'],
    ['workflow_dispatch', {}, false, 'repository is missing'],
    ['schedule', {}, true, 'the event "schedule" is about no change'],
  ])('%s of %j: everything', (name, payload, expected, why) => {
    expect(comparisonOf({ name, payload }, here)).toEqual({
      kind: 'everything',
      why: expect.stringContaining(why),
      expected,
    });
  });

  test('a run by hand on the default branch is about everything', () => {
    const found = comparisonOf({ name: 'workflow_dispatch', payload: ofMain }, { ...here, ref: 'refs/heads/main' });
    expect(found).toEqual({ kind: 'everything', why: 'the run was started by hand on main', expected: true });
  });

  test('a base that is given counts for every event', () => {
    const found = comparisonOf({ name: 'schedule', payload: {} }, { ...here, base: 'v1' });
    expect(found).toEqual({ kind: 'branch', base: 'v1', head: 'HEAD', what: 'compared with v1' });
  });
});
