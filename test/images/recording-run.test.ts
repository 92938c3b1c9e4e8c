import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { recordingRunSchema, whyNotTrusted } from '../../src/images/recording-run.js';

const RUN = {
  ...{ id: 7, event: 'push', status: 'completed', conclusion: 'success', path: '.github/workflows/release.yml' },
  ...{ head_branch: 'main', head_sha: 'a'.repeat(40), head_repository: { full_name: 'acme/apps' } },
};
const ASKING = { repository: 'acme/apps', ref: 'refs/heads/main', workflow: '.github/workflows/release.yml' };

const why = (change: object, asking: object = {}) =>
  whyNotTrusted(v.parse(recordingRunSchema, { ...RUN, ...change }), { ...ASKING, ...asking });

test.each([
  ['a push', {}, {}],
  ['a dispatch', { event: 'workflow_dispatch' }, {}],
  ['a schedule', { event: 'schedule' }, {}],
  ['a path with the ref that was meant', { path: '.github/workflows/release.yml@refs/heads/main' }, {}],
  ['a name in other letters', { head_repository: { full_name: 'Acme/Apps' } }, {}],
  ['a branch with a slash', { head_branch: 'release/1.x' }, { ref: 'refs/heads/release/1.x' }],
])('the record of %s is believed', (_, change, asking) => {
  expect(why(change, asking)).toBeUndefined();
});

test.each([
  [{ head_repository: { full_name: 'mallory/apps' } }, 'run 7 is of mallory/apps'],
  [{ head_repository: null }, 'run 7 is of a repository that is gone'],
  [{ head_branch: 'evil' }, 'run 7 is of the branch evil'],
  [{ head_branch: null }, 'run 7 is of the branch (none)'],
  [{ head_branch: 'refs/heads/main' }, 'run 7 is of the branch refs/heads/main'],
  [{ path: '.github/workflows/ci.yml' }, 'run 7 is of the workflow .github/workflows/ci.yml'],
  [{ path: 'x/.github/workflows/release.yml' }, 'run 7 is of the workflow x/.github/workflows/release.yml'],
  [{ event: 'pull_request' }, 'run 7 was started by pull_request'],
  [{ event: 'pull_request_target' }, 'run 7 was started by pull_request_target'],
  [{ event: 'workflow_run' }, 'run 7 was started by workflow_run'],
  [{ event: 'issue_comment' }, 'run 7 was started by issue_comment'],
  [{ conclusion: 'failure' }, 'run 7 ended as failure'],
  [{ conclusion: 'cancelled' }, 'run 7 ended as cancelled'],
  [{ status: 'in_progress', conclusion: null }, 'run 7 ended as in_progress'],
  [{ status: 'in_progress', conclusion: 'success' }, 'run 7 ended as success'],
])('%j is not', (change, reason) => {
  expect(why(change)).toBe(reason);
});

test('of a run for a tag nothing is believed', () => {
  expect(why({}, { ref: 'refs/tags/main' })).toBe('run 7 is of the branch main');
});
