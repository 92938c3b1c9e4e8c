import { describe, expect, test } from '@jest/globals';
import { isAutomated } from '../../../src/ops/ledger/is-automated.js';

describe('what automation deployed', () => {
  const pull = (byBot: boolean) => ({ number: 7, url: '', byBot });
  test.each([
    ['a release that a bot merged', 'bump-ops-overlay', pull(true), undefined, true],
    ['a promotion that a bot merged', 'promote', pull(true), undefined, true],
    ['a rollback that a bot merged, which is why there is a hold', 'rollback', pull(true), undefined, false],
    ['a release that a person merged', 'bump-ops-overlay', pull(false), undefined, false],
    ['a release that this run merged as a person', 'bump-ops-overlay', pull(false), '1.1.0', true],
    ['a release that another run merged as a person', 'bump-ops-overlay', pull(false), '1.2.0', false],
    ['a commit of a verb, without a pull request', 'promote', undefined, undefined, false],
    ['a commit by hand', undefined, undefined, '1.1.0', false],
  ])('%s', (_what, action, pullRequest, merged, expected) => {
    const names = { environment: 'staging', app: 'cart', version: '3.0.0', more: [{ app: 'shop', version: '1.1.0' }] };
    const trailers =
      action === undefined ? undefined : { action, ...names, images: [], source: undefined, run: undefined };
    expect(isAutomated({ trailers, pullRequest }, 'shop', merged)).toBe(expected);
  });
});
