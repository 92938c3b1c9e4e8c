import { describe, expect, test } from '@jest/globals';
import { BUMP } from '../../../../src/ops/ledger/action-names.js';
import { withBlock } from '../../../../src/ops/pull-requests/block.js';
import { branchOf } from '../../../../src/ops/releases/release-pull-request.js';
import { newerThanText } from '../../../../src/ops/verbs/bump/newer-text.js';
import type { AppTarget } from '../../../../src/ops/verbs/bump/request.js';
import type { Survey } from '../../../../src/ops/verbs/bump/unit.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const target: AppTarget = {
  app: 'shop',
  version: '1.3.0',
  images: [{ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag: '1.3.0', digest: undefined }],
  release: undefined,
  source: { repository: 'acme/apps', sha: 'old' },
};

/** 1.3.0 finds a pull request whose branch holds 1.4.0 and whose text is about `stated`. */
function survey(stated: string, standing: 'newer-there' | 'set' = 'newer-there'): Survey {
  const commit = {
    oid: 'head',
    firstParent: 'base',
    trailers: {
      action: BUMP,
      environment: 'staging',
      app: 'shop',
      version: '1.4.0',
      images: [`ghcr.io/acme/shop:1.4.0@${DIGEST}`],
      source: 'acme/apps@new',
      run: 'https://github.test/run/4',
    },
  };
  const plan = {
    standing,
    previous: '1.4.0',
    change: { files: new Map() },
    before: new Map(),
    missing: [],
    carriesBase: false,
  };
  return {
    unit: { environment: 'staging', target, nameInApps: 'shop', branch: branchOf('staging', 'shop') },
    plan,
    problem: undefined,
    branch: { commit, files: [], plan },
    open: {
      ...{ id: 'PR_1', number: 1, url: '', state: 'OPEN', title: '', headOid: 'head', mergeable: 'MERGEABLE' },
      ...{ outdated: false, autoMerge: false, labels: [], hasReviewers: false, hasAssignees: false },
      ...{ body: withBlock('bump', '', stated, 'text'), commits: [commit], commitCount: 1 },
    },
    past: [],
    labels: [],
  };
}

describe('a text that is about another release than the branch', () => {
  test('is to be about what the commit on the branch says', () => {
    expect(newerThanText(survey('1.3.0'))).toEqual({
      runUrl: 'https://github.test/run/4',
      unit: {
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

  test('is none where it is right, or where the own version is on the branch', () => {
    expect(newerThanText(survey(`1.4.0 ${DIGEST}`))).toBeUndefined();
    expect(newerThanText(survey('1.3.0', 'set'))).toBeUndefined();
  });
});
