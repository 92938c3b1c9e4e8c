import { expect, test } from '@jest/globals';
import type { Decision } from '../../../../../src/ops/verbs/previews/plan/decision.js';
import { commitMessage } from '../../../../../src/ops/verbs/previews/run/commit-message.js';
import { decided, recordOf, sha } from '../support.js';

const own = { name: 'pr-7', repository: 'acme/apps', head: sha(1) };
const other = (number: number, action: Decision['action']) => decided(action, {}, recordOf(number));

test.each<[string, typeof own | undefined, Decision[], string]>([
  ['one', own, [decided('opened')], 'preview pr-7 opened'],
  ['the run’s own first', own, [other(1, 'removed'), decided('updated')], 'preview pr-7 updated and 1 other'],
  ['what stays is not counted', own, [other(1, 'kept'), decided('opened'), other(2, 'failed')], 'preview pr-7 opened'],
  [
    'a run about all',
    undefined,
    [other(1, 'removed'), other(2, 'expired'), other(3, 'opened')],
    'preview pr-1 removed and 2 others',
  ],
  ['lost files of a queue', undefined, [other(1, 'kept')], 'previews: bring up to date'],
])('the headline of a commit: %s', (_rule, preview, decisions, headline) => {
  const message = commitMessage({ action: 'create-preview-env', own: preview, runUrl: 'https://run' }, decisions);
  expect(message.headline).toBe(headline);
});

test('the body has a line for each change, and the images of the run’s own preview', () => {
  const decisions = [other(1, 'removed'), decided('opened')];
  expect(commitMessage({ action: 'create-preview-env', own, runUrl: 'https://run' }, decisions).body).toMatchSnapshot();
});
