import { describe, expect, test } from '@jest/globals';
import { at, rest } from '../../local/github/support.js';
import { OPS_FILES, opsStage, overlay } from '../bump-ops-overlay/support.js';
import { deployedStage, endState, errorsOf, run, STAGING } from './support.js';

const PRODUCTION = 'overlays/production/my-app/kustomization.yaml';

describe('a rollback', () => {
  test('opens a pull request back to the version before, merges it where the policy says so, and holds it', async () => {
    await using world = await deployedStage();
    const first = await run(world, 'rollback');
    expect(errorsOf(first)).toBe('');
    expect(first.outputs).toMatchObject({ version: '1.4.0', previous: '1.5.0', action: 'merged', number: '1' });
    const state = await endState(world);
    expect(state.staging).toBe(overlay('1.4.0'));
    expect(state.holds).toContain('environment: staging');
    expect(state.holds).toContain('version: 1.4.0');
    expect(state.holds).toContain('reason: Checkout fails');
    expect(state.commits[0]).toContain('Ostack-From: 1.5.0');
    expect(state.commits[0]).toContain('Ostack-By: ada');
    const again = await run(world, 'rollback');
    expect(again.exitCode).toBe(0);
    expect(again.summary).toContain('is a rollback already');
    expect(await endState(world)).toEqual(state);
    const bump = await world.bump({ tag: '1.6.0', environments: 'staging', 'apps-token': '' });
    expect(bump.results[0]).toMatchObject({ action: 'held' });
    expect(bump.results[0]?.reason).toMatch(/^held at 1\.4\.0 since .* by ada: Checkout fails$/);
    const lifted = await run(world, 'lift-hold');
    expect(errorsOf(lifted)).toBe('');
    expect(lifted.outputs).toMatchObject({ action: 'committed' });
    expect(lifted.summary).toContain('my\\-app was held at 1.4.0 since');
    const none = await run(world, 'lift-hold');
    expect(none.outputs).toMatchObject({ action: 'unchanged' });
    expect(none.summary).toContain('my\\-app is not held in staging');
    const released = await world.bump({ tag: '1.6.0', environments: 'staging', 'apps-token': '' });
    expect(released.results[0]).toMatchObject({ action: 'merged' });
  });

  test('waits for a person where nothing merges by itself, and stays one pull request', async () => {
    await using world = await deployedStage();
    await run(world, 'rollback', { merge: 'false' });
    const again = await run(world, 'rollback', { merge: 'false' });
    expect(again.outputs).toMatchObject({ action: 'unchanged', number: '1', version: '1.4.0' });
    expect((await world.pulls()).map(({ title, state, labels }) => [title, state, labels.sort()])).toEqual([
      ['Roll back my-app to 1.4.0 in staging', 'OPEN', ['ostack', 'urgent']],
    ]);
    // A release that arrives meanwhile does not make the bad version the one before.
    await world.push('main', { [STAGING]: overlay('1.6.0') }, 'my-app 1.6.0');
    const rebuilt = await run(world, 'rollback', { merge: 'true' });
    expect(rebuilt.outputs).toMatchObject({ action: 'merged', version: '1.4.0' });
    expect(await world.ops.read('main', STAGING)).toBe(overlay('1.4.0'));
  });

  test('commits at once, twice the same', async () => {
    await using world = await deployedStage();
    const first = await run(world, 'rollback', { direct: 'true', version: '1.3.0', 'hold-for': '24h' });
    expect(errorsOf(first)).toBe('');
    expect(first.outputs).toMatchObject({ action: 'committed', version: '1.3.0' });
    const state = await endState(world);
    expect(state.holds).toContain('until: "TIME"');
    expect(state.staging).toBe(overlay('1.3.0'));
    const again = await run(world, 'rollback', { direct: 'true', version: '1.3.0', 'hold-for': '24h' });
    expect(again.outputs).toMatchObject({ action: 'unchanged' });
    expect(await endState(world)).toEqual(state);
  });

  test('is shown without being written', async () => {
    await using world = await deployedStage();
    const before = await world.ops.refs();
    const dry = await run(world, 'rollback', { 'dry-run': 'true', reason: '' });
    expect(dry.stdout).toContain('-  newTag: "1.5.0" # the version');
    expect(dry.stdout).toContain('+  newTag: "1.4.0" # the version');
    expect(await world.ops.refs()).toEqual(before);
  });

  test('refuses what cannot be, and says what can', async () => {
    await using world = await deployedStage();
    expect(errorsOf(await run(world, 'rollback', { version: '9.0.0' }))).toBe(
      'my-app 9.0.0 was never in staging. It ran, newest first: 1.5.0, 1.4.0, 1.3.0. Name one of these.',
    );
    expect(errorsOf(await run(world, 'rollback', { environment: 'production' }))).toBe(
      'my-app ran nothing but 1.2.0 in production, so there is no version to go back to.',
    );
    expect(errorsOf(await run(world, 'rollback', { app: 'stranger' }))).toBe(
      'There is no app "stranger" in staging, so there is nothing to roll back. Check both names.',
    );
    expect(errorsOf(await run(world, 'rollback', { app: 'my-app, other', version: '1.4.0' }))).toBe(
      'Input "version" is "1.4.0" for 2 apps. Name one app, or leave it out to take each back to its version before.',
    );
    expect(errorsOf(await run(world, 'rollback', { reason: '' }))).toBe(
      'Input "reason" is missing. Say in a few words why: whoever meets the hold reads it.',
    );
  });

  test('lets the pull request of a newer release say that it is held, for as long as it is', async () => {
    await using world = await deployedStage();
    await world.bump({ tag: '1.6.0', environments: 'staging', 'apps-token': '', merge: 'false' });
    const [before] = await world.pulls();
    await run(world, 'rollback', { merge: 'false' });
    const found = `${world.stage.serverUrl}/acme/ops/pulls?q=is%3Apr%20head%3Aostack-rollback%2Fstaging%2Fmy-app`;
    expect((await world.pulls())[0]?.body).toContain(
      `> **my\\-app** is held in **staging** at \`1.4.0\` from when [Roll back my\\-app to 1.4.0 in staging](${found}) is merged until somebody lifts the hold (Checkout fails).`,
    );
    const direct = await run(world, 'rollback', { direct: 'true', 'hold-for': '24h' });
    expect(direct.outputs).toMatchObject({ action: 'committed', number: '' });
    const [held, proposed] = await world.pulls();
    // What was proposed has been done another way.
    const commit = direct.outputs.url?.split('/').at(-1);
    expect([proposed?.state, proposed?.comments]).toEqual([
      'CLOSED',
      [`Closed: it was committed to main directly, as ${commit}.`],
    ]);
    expect(held?.body.replace(/until \d.* UTC/, 'until TIME')).toBe(
      [
        '<!-- ostack:hold  -->',
        '> [!IMPORTANT]',
        '> A rollback holds **my\\-app** in **staging** at `1.4.0` until TIME (Checkout fails).',
        '> Leave this open until then: the next release after that updates it.',
        '<!-- /ostack:hold -->',
        '',
        before?.body,
      ].join('\n'),
    );
    const why = 'It was the network';
    const opened = await run(world, 'lift-hold', { direct: 'false', merge: 'false', reason: why });
    expect(opened.outputs).toMatchObject({ number: '3' });
    expect((await run(world, 'lift-hold')).outputs.action).toBe('committed');
    const [freed, , lifted] = await world.pulls();
    expect([freed?.body, lifted?.state]).toEqual([before?.body, 'CLOSED']);
  });

  test('turns off the auto-merge of a release that would undo it', async () => {
    await using world = await deployedStage({ allowAutoMerge: true });
    world.ops.protect('main', { requiredChecks: ['test'] });
    await world.bump({ tag: '1.6.0', environments: 'staging', 'apps-token': '', 'merge-timeout': '0s' });
    expect((await world.pulls()).map(({ autoMerge }) => autoMerge)).toEqual([true]);
    const done = await run(world, 'rollback', { merge: 'false' });
    expect(errorsOf(done)).toBe('');
    expect((await world.pulls()).map(({ autoMerge }) => autoMerge)).toEqual([false, false]);
    expect(done.stdout).toContain('Auto-merge of #1 ("my-app 1.6.0 -> staging") is turned off');
  });

  test('turns off the auto-merge of a promotion that its hold keeps out', async () => {
    await using world = await opsStage(OPS_FILES, { allowAutoMerge: true });
    const production = (version: string) => ({ [PRODUCTION]: overlay(version) });
    await world.push('main', production('1.3.0'), 'my-app 1.3.0');
    await world.push('ostack-promote/production', production('1.4.0'), 'my-app 1.4.0');
    world.ops.protect('main', { requiredChecks: ['test'] });
    const promotion = { head: 'ostack-promote/production', base: 'main', title: 'Promote to production' };
    const { body } = await rest(world.stage, 'POST /repos/acme/ops/pulls', promotion);
    const pullRequestId = at(body, 'node_id');
    await world.graphql(
      `mutation { enablePullRequestAutoMerge(input: { pullRequestId: "${pullRequestId}" }) { clientMutationId } }`,
    );
    const without = await run(world, 'rollback', { environment: 'production', merge: 'false', hold: 'false' });
    expect([errorsOf(without), (await world.pulls())[0]?.autoMerge]).toEqual(['', true]);
    const done = await run(world, 'rollback', { environment: 'production', merge: 'false' });
    expect(errorsOf(done)).toBe('');
    expect((await world.pulls())[0]?.autoMerge).toBe(false);
    expect(done.stdout).toContain(
      '#1 ("Promote to production") no longer merges by itself: it would merge past the hold.',
    );
  });
});
