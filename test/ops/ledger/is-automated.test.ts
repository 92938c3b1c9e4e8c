import { describe, expect, test } from '@jest/globals';
import { isAutomated } from '../../../src/ops/ledger/is-automated.js';

describe('what automation deployed', () => {
  const pull = (byBot: boolean, ownBranch?: string) => ({ number: 7, url: '', byBot, byQueue: false, ownBranch });
  test.each([
    ['a release that a bot merged', 'bump-ops-overlay', pull(true), undefined, true],
    ['a promotion that a bot merged', 'promote', pull(true), undefined, true],
    ['a rollback that a bot merged, which is why there is a hold', 'rollback', pull(true), undefined, false],
    ['a release that a person merged', 'bump-ops-overlay', pull(false), undefined, false],
    ['a release that this run merged as a person', 'bump-ops-overlay', pull(false), '1.1.0', true],
    ['a release that another run merged as a person', 'bump-ops-overlay', pull(false), '1.2.0', false],
    ['a commit of a verb, without a pull request', 'promote', undefined, undefined, false],
    ['a commit by hand', undefined, undefined, '1.1.0', false],
    [
      'a release without trailers, told by its branch, that a bot merged',
      undefined,
      pull(true, 'ostack/staging/shop'),
      undefined,
      true,
    ],
    [
      'a promotion without trailers that a bot merged',
      undefined,
      pull(true, 'ostack-promote/production'),
      undefined,
      true,
    ],
    ['a rollback without trailers', undefined, pull(true, 'ostack-rollback/staging/shop'), undefined, false],
    ['a release without trailers that this run merged', undefined, pull(false, 'ostack/staging/shop'), '1.1.0', true],
    [
      'a release without trailers that a person merged',
      undefined,
      pull(false, 'ostack/staging/shop'),
      undefined,
      false,
    ],
  ])('%s', (_what, action, pullRequest, merged, expected) => {
    const names = { environment: 'staging', app: 'cart', version: '3.0.0', more: [{ app: 'shop', version: '1.1.0' }] };
    const trailers =
      action === undefined ? undefined : { action, ...names, images: [], source: undefined, run: undefined };
    expect(isAutomated({ trailers, pullRequest, version: '1.1.0' }, 'shop', merged)).toBe(expected);
  });
});
