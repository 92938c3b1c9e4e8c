import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type PreviewRecord, recordProblem } from '../../../../../src/ops/preview-records/record.js';
import { imageProblem } from '../../../../../src/ops/verbs/previews/ask/image-problem.js';
import { readRequestRecord, requestSchema } from '../../../../../src/ops/verbs/previews/ask/request-record.js';
import { sha } from '../support.js';

const REQUEST = { repository: 'acme/apps', run: 7, pull_request: 35 };

describe('a dispatch says where to look, and is refused', () => {
  test.each<[what: string, payload: unknown]>([
    ['that is none', 'acme/apps'],
    ['for no repository', { ...REQUEST, repository: undefined }],
    ['for one of a folder above', { ...REQUEST, repository: 'acme/apps/../ops' }],
    ['for an address', { ...REQUEST, repository: 'https://github.com/acme/apps' }],
    ['for one that looks like another', { ...REQUEST, repository: 'аcme/apps' }],
    ['with a line behind it', { ...REQUEST, repository: 'acme/apps\n' }],
    ['with an owner that asks for more', { ...REQUEST, repository: 'acme%2fops/apps' }],
    ['with a name that never ends', { ...REQUEST, repository: `acme/${'a'.repeat(600)}` }],
    ['for no run', { ...REQUEST, run: undefined }],
    ['for a run by its text', { ...REQUEST, run: '7' }],
    ['for a part of one', { ...REQUEST, run: 7.5 }],
    ['for one that a number cannot name', { ...REQUEST, run: 2 ** 60 }],
    ['for pull request 0', { ...REQUEST, pull_request: 0 }],
    ['for one of before', { ...REQUEST, pull_request: -35 }],
    ['for many', { ...REQUEST, pull_request: [35] }],
    ['with a comment that is a query', { ...REQUEST, comment: 'IC_1") { id } }' }],
    ['with a label that is no command', { ...REQUEST, label: '__proto__' }],
  ])('%s', (_what, payload) => {
    expect(v.safeParse(requestSchema, payload).success).toBe(false);
  });

  test('for nothing that it says beside that', () => {
    const more = { ...REQUEST, images: ['evil.example/web'], name: 'pr-1', head: sha(1) };
    expect(v.parse(requestSchema, more)).toEqual(REQUEST);
  });
});

const RECORD = { version: 1, pullRequest: 35, head: sha(1), affected: ['web'], images: [] };

test.each<[what: string, record: object | string, reason: string]>([
  ['no JSON', '{', 'is no JSON'],
  ['of another version', { ...RECORD, version: 2 }, 'version'],
  ['of a branch instead of a commit', { ...RECORD, head: 'main' }, 'head'],
  ['of a commit in short', { ...RECORD, head: 'abc1234' }, 'head'],
  ['of pull request 0', { ...RECORD, pullRequest: 0 }, 'pullRequest'],
  ['of apps that are no texts', { ...RECORD, affected: [{}] }, 'affected.0'],
  ['of an app without a name', { ...RECORD, affected: [''] }, 'affected.0'],
  ['of more apps than anybody has', { ...RECORD, affected: Array.from({ length: 501 }, () => 'a') }, 'affected'],
  ['of an app whose name never ends', { ...RECORD, affected: ['a'.repeat(513)] }, 'affected.0'],
  [
    'of an image without a digest',
    { ...RECORD, images: [{ app: 'web', image: 'web', repository: 'a/b', tag: 'a' }] },
    'images.0.digest',
  ],
])('what a run asks for is refused where it is %s', (_what, record, reason) => {
  expect(() => readRequestRecord(typeof record === 'string' ? record : JSON.stringify(record))).toThrow(reason);
});

/** What ops says of an app and an image: by the policy, and else by the record that it would write. */
function against(app: string, repository: string): string | undefined {
  const images = [{ image: 'web', repository, tag: 'a', digest: `sha256:${'a'.repeat(64)}` }];
  const record: PreviewRecord = {
    ...{ name: 'pr-35', repository: 'acme/apps', pullRequest: { number: 35 }, head: sha(1) },
    ...{ state: 'queued', host: 'staging', apps: [{ app, images }] },
    ...{ createdAt: '2026-11-30T12:00:00Z', updatedAt: '2026-11-30T12:00:00Z', expiresAt: '2026-11-30T12:00:00Z' },
  };
  const running = ['ghcr.io/acme/web'];
  return (
    imageProblem(record.apps, { patterns: undefined, running, space: 'previews' }, 'staging') ?? recordProblem(record)
  );
}

test.each<[app: string, repository: string, isTaken: boolean]>([
  ['web', 'ghcr.io/acme/previews/web', true],
  ['web', 'ghcr.io/acme/previews/../web', false],
  ['web', 'ghcr.io/acme/previews/web:latest', false],
  ['web', 'ghcr.io/acme/previews/web@sha256:abc', false],
  ['web', 'ghcr.io/acme/previews/web\nother', false],
  ['web', 'ghcr.io/acme/previews/ ', false],
  ['web', 'ghcr.io/acme/previews/', false],
  ['web', 'ghcr.io/acme/previews/wеb', false],
  ['web', 'ghcr.io/acme/previews\\web', false],
  ['web', 'ghcr.io/acme/Previews/web', false],
  ['../../overlays/production/web', 'ghcr.io/acme/previews/web', false],
  ['web\nnamespace: production', 'ghcr.io/acme/previews/web', false],
  ['wеb', 'ghcr.io/acme/previews/web', false],
  ['-web', 'ghcr.io/acme/previews/web', false],
])('no name leads out of where pull requests have their apps and images: %j %j', (app, repository, isTaken) => {
  expect(against(app, repository) === undefined).toBe(isTaken);
});
