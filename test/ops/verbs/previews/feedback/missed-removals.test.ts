import { expect, test } from '@jest/globals';
import { connect } from '../../../../../src/github/client.js';
import { type MissedFeedback, missedRemovals } from '../../../../../src/ops/verbs/previews/feedback/missed-updates.js';
import type { PreviewStage } from '../../../../../src/ops/verbs/previews/feedback/status.js';
import { sha } from '../support.js';

interface Shown {
  open: boolean | undefined;
  stage?: PreviewStage;
  head?: string | undefined;
}

const shown = ({ open, stage = 'live', head }: Shown): MissedFeedback => ({
  apps: {
    github: connect({ token: 'none', apiUrl: 'http://127.0.0.1', graphqlUrl: 'http://127.0.0.1' }),
    repository: { owner: 'acme', name: 'apps' },
  },
  notLoaded: ['pr-7'],
  load: async () => {},
  isOpen: () => open,
  reportedStage: () => stage,
  reportedHead: () => head,
});
const head = sha(1);
const pages = { commitUrl: '', runUrl: '' };

test.each<[string, Shown, string | undefined, string | undefined]>([
  ['whose pull request is closed', { open: false, head }, undefined, 'pull request #7 is no longer open.'],
  ['that somebody removed, or that expired', { open: true, head }, 'mona asked for that.', 'mona asked for that.'],
  ['not one that may have been opened since', { open: true, head }, undefined, undefined],
  ['not one that never could be opened', { open: true, stage: 'failed', head }, 'it went before.', undefined],
  ['not one of which nothing was told', { open: true }, 'mona asked for that.', undefined],
  ['not one whose pull request cannot be read', { open: undefined, head }, 'mona asked for that.', undefined],
])('a later run tells that a preview has gone: %s', async (_, reported, gone, reason) => {
  const found = await missedRemovals(shown(reported), new Set(), pages, async () => gone);
  expect(found.map(({ status }) => status)).toEqual(reason === undefined ? [] : [{ stage: 'removed', reason }]);
});

test('one that ops has is not looked at', async () => {
  const found = await missedRemovals(shown({ open: false, head }), new Set(['pr-7']), pages, async () => 'gone.');
  expect(found).toEqual([]);
});
