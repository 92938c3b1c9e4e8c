import { expect, test } from '@jest/globals';
import { errorsOf, run } from '../rollback/support.js';
import { HOLDS, heldStage } from './support.js';

test('a pull request lifts a hold when it is merged, by a person or as the policy says, and other holds stay', async () => {
  await using world = await heldStage();
  const first = await run(world, 'lift-hold', { direct: 'false', merge: 'false' });
  expect(errorsOf(first)).toBe('');
  expect(first.outputs).toMatchObject({ action: 'created', number: '1' });
  expect(await world.ops.read('main', '.ostack/holds.yaml')).toBe(HOLDS);
  const [pull] = await world.pulls();
  expect(pull).toMatchObject({ title: 'Lift the hold of my-app in staging', state: 'OPEN' });
  expect(pull?.body).toContain('Checkout fails');
  const again = await run(world, 'lift-hold', { direct: 'false', merge: 'false' });
  expect(again.outputs).toMatchObject({ action: 'unchanged', number: '1' });
  const merged = await run(world, 'lift-hold', { direct: 'false' });
  expect(merged.outputs).toMatchObject({ action: 'merged', number: '1' });
  const left = await world.ops.read('main', '.ostack/holds.yaml');
  expect(left).toContain('app: other');
  expect(left).not.toContain('app: my-app');
  // A hold that went another way needs no pull request any more, and a direct run sees to that.
  await run(world, 'lift-hold', { app: 'other', direct: 'false', merge: 'false' });
  await world.push('main', { '.ostack/holds.yaml': '[]\n' }, 'No more holds');
  const closed = await run(world, 'lift-hold', { app: 'other' });
  expect(closed.outputs).toMatchObject({ action: 'closed', number: '2' });
  expect((await world.pulls())[1]).toMatchObject({
    state: 'CLOSED',
    comments: ['Closed: other is not held in staging.'],
  });
});

test('says which permission is missing', async () => {
  await using world = await heldStage();
  const token = world.stage.github.issueToken({
    repositories: ['acme/ops'],
    permissions: { contents: 'read', pull_requests: 'write' },
  });
  const direct = errorsOf(await run(world, 'lift-hold', { token }));
  const proposed = errorsOf(await run(world, 'lift-hold', { token, direct: 'false' }));
  expect([direct, proposed]).toMatchInlineSnapshot(`
[
  "Could not commit to the branch main in acme/ops: the token lacks the permission "contents: write" ("Resource not accessible by integration"). Grant it: for GITHUB_TOKEN under "permissions:" of the job, for a GitHub App in its settings (and accept the change in the installation), for a personal token in its scopes.",
  "Could not create the branch ostack-lift-hold/staging/my-app in acme/ops: the token lacks the permission "contents: write" ("Resource not accessible by integration"). Grant it: for GITHUB_TOKEN under "permissions:" of the job, for a GitHub App in its settings (and accept the change in the installation), for a personal token in its scopes.",
]
`);
});
