import { describe, expect, test } from '@jest/globals';
import type { Goal } from '../../../../src/ops/restore/goal.js';
import { titleOf } from '../../../../src/ops/restore/rollback-message.js';
import { holdNote } from '../../../../src/ops/verbs/rollback/body.js';
import { rollbackBranch } from '../../../../src/ops/verbs/rollback/branch.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const APPS = Array.from({ length: 60 }, (_, index) => `app-${index}`);

function goals(...apps: string[]): Goal[] {
  const entry = {
    ...{ oid: 'a'.repeat(40), lastOid: 'a'.repeat(40), at: NOW, present: true, version: '1.4.0', targets: [] },
    ...{ pinned: [], trailers: undefined, author: 'ada', pullRequest: undefined },
  };
  return apps.map((app) => ({ app, from: '1.5.0', version: '1.4.0', entry }));
}

describe('a rollback is called', () => {
  test.each([
    [['shop'], 'ostack-rollback/staging/shop', 'Roll back shop to 1.4.0 in staging'],
    [['shop', 'cart'], 'ostack-rollback/staging/cart+shop', 'Roll back shop to 1.4.0 and cart to 1.4.0 in staging'],
    [['a', 'b', 'c', 'd'], 'ostack-rollback/staging/a+b+c+d', 'Roll back 4 apps in staging'],
    [APPS, 'ostack-rollback/staging/app-0+59-f86857b27319', 'Roll back 60 apps in staging'],
  ])('with its apps in order: $#', (apps, branch, title) => {
    expect(rollbackBranch({ environment: 'staging', apps })).toBe(branch);
    expect(rollbackBranch({ environment: 'staging', apps: [...apps].reverse() })).toBe(branch);
    expect(titleOf({ environment: 'staging', goals: goals(...apps) })).toBe(title);
  });

  test('by another name where the apps are others', () => {
    const branch = (apps: readonly string[]) => rollbackBranch({ environment: 'staging', apps });
    expect(branch(APPS)).not.toBe(branch([...APPS, 'app-60']));
    expect(branch(APPS)).not.toBe(branch([...APPS.slice(0, -1), 'app-x']));
  });
});

describe('the pull request of a held release says how long it is held', () => {
  const since = '2026-11-21T12:00:00Z';
  const restore = { environment: 'staging', goals: goals('shop'), now: NOW };
  const note = (until: string) =>
    `> [!IMPORTANT]\n> A rollback holds **shop** in **staging** at \`1.4.0\` ${until}.\n> Leave this open until then: the next release after that updates it.`;

  test('until somebody lifts it', () => {
    const hold = { since, by: 'ada' };
    expect(holdNote({ ...restore, hold }, 'shop', undefined)).toBe(note('until somebody lifts the hold'));
  });

  test('and from when, where the rollback is a proposal', () => {
    const hold = { since, by: 'ada' };
    expect(holdNote({ ...restore, hold }, 'shop', undefined, '[it](https://ops.test)').split('\n')[1]).toBe(
      '> **shop** is held in **staging** at `1.4.0` from when [it](https://ops.test) is merged until somebody lifts the hold.',
    );
  });

  test('until it ends, and why, inert', () => {
    const hold = { since, by: 'ada', until: '2026-11-22T12:00:00Z' };
    expect(holdNote({ ...restore, hold }, 'shop', '@all *sold* out')).toBe(
      note('until 2026-11-22 12:00 UTC (@\u2060all \\*sold\\* out)'),
    );
  });
});
