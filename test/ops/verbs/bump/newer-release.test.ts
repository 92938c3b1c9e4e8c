import { describe, expect, test } from '@jest/globals';
import { BUMP } from '../../../../src/ops/ledger/action-names.js';
import { withBlock } from '../../../../src/ops/pull-requests/body-block.js';
import type { Planned } from '../../../../src/ops/pull-requests/planned.js';
import { branchOf } from '../../../../src/ops/releases/release-pull-request.js';
import type { PullRequest } from '../../../../src/ops/repository/pull-request.js';
import type { AppBump } from '../../../../src/ops/verbs/bump/app-bump.js';
import { newerRelease } from '../../../../src/ops/verbs/bump/newer-release.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const bump: AppBump = {
  environment: 'staging',
  nameInApps: 'shop',
  branch: branchOf('staging', 'shop'),
  target: {
    app: 'shop',
    version: '1.3.0',
    images: [{ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag: '1.3.0', digest: undefined }],
    release: undefined,
    source: { repository: 'acme/apps', sha: 'old' },
  },
};
const newer: Planned = { state: 'newer', there: '1.4.0', reason: '' };

/** A pull request whose branch brings 1.4.0 and whose text is about `stated`. */
function open(stated: string): PullRequest {
  const trailers = {
    action: BUMP,
    environment: 'staging',
    app: 'shop',
    version: '1.4.0',
    images: [`ghcr.io/acme/shop:1.4.0@${DIGEST}`],
    source: 'acme/apps@new',
    run: 'https://github.test/run/4',
  };
  return {
    ...{ id: 'PR_1', number: 1, url: '', state: 'OPEN', title: '', headOid: 'head', mergeable: 'MERGEABLE' },
    ...{
      outdated: false,
      autoMerge: false,
      inQueue: false,
      hasFollowed: true,
      changes: { files: [], isCut: false },
      labels: [],
      hasReviewers: false,
      hasAssignees: false,
    },
    ...{ body: withBlock('bump', '', stated, 'text'), commitCount: 1 },
    commits: [{ oid: 'head', firstParent: 'base', headline: 'x', trailers }],
  };
}

describe('the newer release of a pull request whose text is about another one', () => {
  test('is what the commit on the branch says', () => {
    expect(newerRelease(bump, open('1.3.0'), newer)).toEqual({
      runUrl: 'https://github.test/run/4',
      bump: {
        environment: 'staging',
        branch: 'ostack/staging/shop',
        nameInApps: 'shop',
        target: {
          app: 'shop',
          version: '1.4.0',
          images: [{ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag: '1.4.0', digest: DIGEST }],
          release: undefined,
          source: { repository: 'acme/apps', sha: 'new' },
        },
      },
    });
  });

  test('is none where the text is right, the own version is on the branch, or no pull request is open', () => {
    expect(newerRelease(bump, open(`1.4.0 ${DIGEST}`), newer)).toBeUndefined();
    expect(newerRelease(bump, open('1.3.0'), { state: 'nothing', reason: '' })).toBeUndefined();
    expect(newerRelease(bump, undefined, newer)).toBeUndefined();
  });
});
