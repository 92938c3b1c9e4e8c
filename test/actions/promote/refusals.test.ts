import { describe, expect, test } from '@jest/globals';
import { errorsOf } from '../bump-ops-overlay/support.js';
import { at, opsFiles, opsStage, overlay, plainTimes, promote } from './support.js';

const HOLD = [
  '- environment: production',
  '  app: my-app',
  '  version: 1.2.0',
  '  since: "2026-11-20T09:00:00Z"',
  '  by: grace',
  '  reason: loses orders',
  '',
].join('\n');
const OTHER = { [at('staging', 'cart')]: overlay('7.0.0', 'ghcr.io/acme/cart') };

describe('a promotion is refused', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    [
      'before its soak time is over',
      opsFiles(', soak: 2h, approvers: [acme/operations, grace]'),
      {},
      'my-app 1.3.0 is in staging since TIME; production takes it after 2h, from TIME on. Run it again after that, or go past the policy with "force" and a reason (then it takes the approval of acme/operations or grace).',
    ],
    [
      'out of order',
      {
        ...opsFiles(),
        'ostack.yaml': 'environments:\n  dev: {}\n  staging: { after: dev }\n  production: { after: staging }\n',
        [at('dev')]: overlay('1.4.0'),
      },
      { from: 'dev' },
      'production comes after staging, and staging does not have what dev has of my-app. Promote it to staging first, or go past the policy with "force" and a reason.',
    ],
    [
      'while a freeze lasts',
      opsFiles(', freeze: [{ cron: "* * * * *", for: 1h }]'),
      {},
      'production is frozen until TIME. Run it again after that, or go past the policy with "force" and a reason.',
    ],
    [
      'backwards',
      opsFiles('', { [at('production')]: overlay('1.4.0') }),
      {},
      'production runs my-app 1.4.0, and staging runs 1.3.0, which is older. To take production back on purpose, run rollback, or go past the policy with "force" and a reason.',
    ],
    [
      'where the app is new',
      opsFiles('', OTHER),
      { apps: 'cart' },
      'production does not have cart yet. If it is to run there, promote it with "include-new".',
    ],
    [
      'where nobody knows the app',
      opsFiles(),
      { apps: 'nobody' },
      'staging does not have nobody, so there is nothing to promote from it.',
    ],
    [
      'where the policy does not say what comes before',
      opsFiles(),
      { to: 'staging', apps: 'my-app' },
      'The policy does not say what comes before staging. Say where to take versions from with "from" (production), or add "after" to staging in ostack.yaml.',
    ],
    [
      'from an environment to itself',
      opsFiles(),
      { from: 'production' },
      '"from" and "to" are both production: name two environments.',
    ],
    [
      'from nowhere',
      opsFiles(),
      { from: 'stagin' },
      'Input "from" is "stagin", expected an environment (staging, production), one at a time such as staging@2026-11-01T12:00Z, a version, or "previous environment".',
    ],
    [
      'of a version that the environment before never had',
      opsFiles(),
      { from: '9.9.9' },
      'There is no my-app of staging at 9.9.9. Last versions there: 1.3.0.',
    ],
    [
      'of a time before there was the app',
      opsFiles(),
      { from: 'staging@2001-01-01' },
      'There is no my-app of staging at 2001-01-01 00:00 UTC. Last versions there: 1.3.0.',
    ],
    [
      'with force and no reason',
      opsFiles(),
      { force: 'true' },
      'Input "force" goes past the policy and needs a reason: say why with the input "reason".',
    ],
    [
      'of all and one',
      opsFiles(),
      { apps: '*, cart' },
      'Input "apps" is "*, cart": name apps, or "*" for all of them, not both.',
    ],
    [
      'to nowhere',
      opsFiles(),
      { to: '' },
      'Input "to" is missing. Name the environment to promote to, or several separated by commas.',
    ],
  ])('%s', async (_, files, inputs, message) => {
    await using world = await opsStage(files);
    const result = await promote(world, { apps: 'my-app', ...inputs });
    expect(result.error).toBe(message);
    expect(result.exitCode).toBe(1);
    expect(await world.pulls()).toEqual([]);
  });
});

test('what is held is no failure, and tells since when, by whom, why, and what lifts it', async () => {
  await using world = await opsStage(opsFiles('', { '.ostack/holds.yaml': HOLD }));
  const reason =
    'my-app in production is held at 1.2.0 since 2026-11-20T09:00:00Z by grace: loses orders. It stays until somebody lifts it; lift-hold lifts it now.';
  const held = await promote(world, { apps: 'my-app' });
  expect(held.exitCode).toBe(0);
  expect(held.promotions).toMatchObject([{ app: 'my-app', state: 'held', reason }]);
  expect(held.summary).toContain('held at 1.2.0');
  const forced = await promote(world, { apps: 'my-app', force: 'true', reason: 'never mind' });
  expect(forced.promotions).toMatchObject([{ app: 'my-app', state: 'held', reason }]);
  expect(await world.pulls()).toEqual([]);
});

test('a token that may not write says which permission it lacks', async () => {
  await using world = await opsStage(opsFiles());
  const token = world.stage.github.issueToken({
    repositories: ['acme/ops'],
    permissions: { contents: 'read', pull_requests: 'write' },
  });
  const result = await promote(world, { token });
  expect(result.exitCode).toBe(1);
  expect(plainTimes(errorsOf(result))).toMatch(/contents: write/);
});
