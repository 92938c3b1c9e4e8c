import { describe, expect, test } from '@jest/globals';
import { renderComment, reportedState, withNewerHead } from '../../../../../src/ops/verbs/previews/feedback/comment.js';
import type { PreviewDetails } from '../../../../../src/ops/verbs/previews/feedback/details.js';
import type { PreviewStatus } from '../../../../../src/ops/verbs/previews/feedback/status.js';
import { at, digest, sha } from '../support.js';

const image = (version: string, id = '', name = '') => ({ image: name, version, digest: id });
const SHOP = {
  app: 'shop',
  images: [image('pr-7-1111111', digest(1))],
  url: 'https://shop.pr-7.test',
  changed: true,
};
const DETAILS: PreviewDetails = {
  name: 'pr-7',
  head: sha(1),
  newerHead: undefined,
  apps: [{ app: 'mailer', images: [image('0.4.0')], url: '', changed: false }, SHOP],
  host: 'staging',
  leftOut: [
    { app: 'shop', kind: 'ClusterRole', name: 'shop', reason: 'it belongs to the whole cluster' },
    { app: 'mailer', kind: 'ServiceMonitor', name: undefined, reason: 'it belongs to the host environment' },
  ],
  expiresAt: at(60).toISOString(),
  keptUntil: '',
  commands: { keepMs: 7 * 24 * 3_600_000 },
  notices: ['Nothing in bases/shop runs ghcr.io/acme/shop-worker, built for shop.'],
  commitUrl: `https://github.test/acme/ops/commit/${sha(2)}`,
  filesUrl: 'https://github.test/acme/ops/tree/ostack/previews/previews/pr-7',
  runUrl: 'https://github.test/acme/apps/actions/runs/3',
};

const STATUSES: PreviewStatus[] = [
  { stage: 'queued', position: 2, limit: 20 },
  { stage: 'deploying' },
  { stage: 'rolling out' },
  { stage: 'probing' },
  { stage: 'live' },
  { stage: 'asleep', since: at(9).toISOString(), reason: 'nothing happened to it for 2h.' },
  { stage: 'failed', reason: 'not live after 10m: https://shop.pr-7.test answered 503, expected 200.' },
  { stage: 'removed', reason: 'pull request #7 is no longer open.' },
];

describe('the comment of a preview', () => {
  test.each(STATUSES)('that is $stage', (status) => {
    expect(renderComment(DETAILS, status)).toMatchSnapshot();
  });

  test.each(STATUSES)('that is $stage is read back', (status) => {
    const body = renderComment({ ...DETAILS, newerHead: sha(2) }, status).replaceAll('\n', '\r\n');
    expect(reportedState(body)).toEqual({ stage: status.stage, head: sha(1) });
  });

  test.each(['', 'LGTM', '<!-- ostack:state unknown-stage 1111111 -->'])('is none where the text is %j', (body) => {
    expect(reportedState(body)).toBeUndefined();
  });

  test('says that the pull request has a newer commit, in place of an older note, and takes that back', () => {
    const body = renderComment(DETAILS, { stage: 'live' });
    const outdated = withNewerHead(body, sha(2));
    expect(outdated).toContain('**Outdated:** the pull request is at `2222222` now.');
    expect(withNewerHead(outdated, sha(3))).toBe(withNewerHead(body, sha(3)));
    expect(withNewerHead(outdated, undefined)).toBe(body);
    expect(renderComment({ ...DETAILS, newerHead: sha(2) }, { stage: 'live' })).toBe(outdated);
  });
});

test('of an object that lacks a part, the comment says which', () => {
  const part = {
    app: 'shop',
    kind: 'CronJob',
    name: 'nightly',
    part: 'its schedule',
    reason: 'nothing runs by one here',
  };
  expect(renderComment({ ...DETAILS, leftOut: [part] }, { stage: 'live' })).toContain(
    '- `CronJob nightly` of shop, without its schedule: nothing runs by one here.\n',
  );
});
