import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { appInApps, appInOps, guestOf, sharingOf } from '../../../src/ops/repository/workspaces.js';

const sharing = (policy: string, name = 'ops') => sharingOf(readPolicy(policy), { owner: 'acme', name });

describe('whose an ops repository is', () => {
  test.each([
    ['growth-ops', '', 'growth', false],
    ['ops', '', undefined, false],
    ['platform', '', undefined, false],
    ['Big_Team-ops', '', undefined, false],
    ['growth-ops', 'workspace: labs\n', 'labs', true],
  ])('%s with the policy %j belongs to %s', (name, policy, own, isSaid) => {
    expect(sharing(policy, name)).toMatchObject({ own, isSaid });
  });
});

describe('the name of an app in ops', () => {
  test.each([
    ['of the default workspace is its own', undefined, '', 'ops', 'shop'],
    ['of a workspace in its own repository, too', 'growth', '', 'growth-ops', 'shop'],
    ['of one whose policy says that it is its own, too', 'growth', 'workspace: growth\n', 'platform', 'shop'],
    ['of a repository whose name only happens to end so, too', undefined, '', 'platform-ops', 'shop'],
    ['of a guest has its workspace in front', 'growth', 'guests: [growth, labs]\n', 'ops', 'growth-shop'],
    ['of a guest of another workspace, too', 'labs', 'guests: [labs]\n', 'growth-ops', 'labs-shop'],
    ['of the host of guests is its own', undefined, 'guests: [growth]\n', 'ops', 'shop'],
  ])('%s', (_, workspace, policy, name, expected) => {
    expect(appInOps('shop', workspace, sharing(policy, name))).toBe(expected);
  });

  test.each([
    [
      'a workspace that the repository does not know',
      ['shop', 'growth', sharing('guests: [labs]\n')] as const,
      'acme/ops has no apps of the workspace growth. To share it, add growth to "guests" in its ostack.yaml: apps are called ' +
        'growth-<app> there, so this one is growth-shop. If it is the repository of growth alone, say "workspace: growth" ' +
        'there. Or name another one, with "ops" in ostack.yaml of the apps repository.',
    ],
    [
      'no workspace in the repository of one',
      ['shop', undefined, sharing('workspace: growth\n', 'platform')] as const,
      'acme/platform belongs to the workspace growth, and the apps repository to none, so its shop would be taken for that ' +
        'of growth. Say "workspace" in ostack.yaml of the apps repository, or name another ops repository.',
    ],
    [
      "a name that is a guest's",
      ['growth-shop', undefined, sharing('guests: [growth]\n')] as const,
      'growth-shop would be growth-shop in acme/ops, which is how shop of its guest growth is called. Rename one of them.',
    ],
    [
      "a guest's name that is another guest's",
      ['labs-shop', 'growth', sharing('guests: [growth, growth-labs]\n')] as const,
      'labs-shop would be growth-labs-shop in acme/ops, which is how shop of its guest growth-labs is called. Rename one of them.',
    ],
  ])('is refused for %s', (_, [app, workspace, where], message) => {
    expect(() => appInOps(app, workspace, where)).toThrow(message);
  });

  test('tells the app and whose it is, so that no two apps have one', () => {
    const name = fc.stringMatching(/^[a-z]{1,3}(-[a-z]{1,3}){0,2}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 3 }), name, fc.nat(3), (guests, app, index) => {
        const where = sharing(`guests: ${JSON.stringify(guests)}\n`);
        const workspace = guests[index];
        let called: string;
        try {
          called = appInOps(app, workspace, where);
        } catch {
          return;
        }
        expect([guestOf(called, guests), appInApps(called, guests)]).toEqual([workspace, app]);
      }),
    );
  });
});

test('a workspace is no guest of its own repository', () => {
  expect(() => readPolicy('workspace: growth\nguests: [labs, growth]\n')).toThrow(
    'ostack.yaml:2:16: guests.1: growth is no guest: the repository is its own.',
  );
});
