import { expect, test } from '@jest/globals';
import { runAction } from '../../support/run-action.js';
import { stageEnv } from '../bump-ops-overlay/support.js';
import { at, NO_KUSTOMIZE, type OpsStage, opsFiles, opsStage, overlay, promote } from './support.js';

/** Several runs one after the other. */
const PATIENCE_MS = 60_000;

const CART = 'ghcr.io/acme/cart';
const files = opsFiles('', {
  [at('staging', 'cart')]: overlay('7.0.0', CART),
  [at('production', 'cart')]: overlay('6.0.0', CART),
});

/** A release that waits in a pull request for production. */
async function release({ bump }: OpsStage, image: string, tag: string): Promise<void> {
  await bump({ image, tag, digest: '', environments: 'production', 'apps-token': '' });
}

const states = async ({ pulls }: OpsStage) =>
  (await pulls()).map(({ number, state, title, comments }) => [number, state, title, ...comments].join(' | '));

test(
  'a promotion that is merged closes the pull requests of releases that it replaces, and no others',
  async () => {
    await using world = await opsStage(files);
    await release(world, 'ghcr.io/acme/my-app', '1.3.0');
    await release(world, CART, '7.1.0');
    const merged = await promote(world, { merge: 'true' });
    expect(merged.error).toBe('');
    const body = (await world.pulls())[2]?.body;
    expect(body).toContain('Replaces:\n\n- [\\#1](');
    expect(body).toContain(' (my\\-app `1.3.0`) is closed once this is merged.');
    expect(body).not.toContain('\\#2');
    expect(merged.summary).toMatch(
      /Closed, since they propose nothing new:\n\n- \[\\#1\]\(.*\): production runs 1\.3\.0 already\n/,
    );
    const wanted = [
      '1 | CLOSED | my-app 1.3.0 -> production | Closed: production runs 1.3.0 already.',
      '2 | OPEN | cart 7.1.0 -> production',
      '3 | MERGED | Promote 2 apps to production',
    ];
    expect(await states(world)).toEqual(wanted);
    expect(await world.ops.read('ostack/production/my-app', 'ostack.yaml')).toBeUndefined();
    await promote(world, { merge: 'true' });
    expect(await states(world)).toEqual(wanted);
    // It was closed by us, so a release of the same version is no contradiction of a person.
    await world.push('main', { [at('production')]: overlay('1.2.0') });
    await release(world, 'ghcr.io/acme/my-app', '1.3.0');
    expect((await states(world)).at(-1)).toBe('4 | OPEN | my-app 1.3.0 -> production');
  },
  PATIENCE_MS,
);

test(
  'what a person merged is cleaned up after by the check of the default branch, people’s commits excepted',
  async () => {
    await using world = await opsStage(files);
    await release(world, 'ghcr.io/acme/my-app', '1.3.0');
    await release(world, CART, '7.0.0');
    await world.push('ostack/production/cart', { 'overlays/production/cart/notes.md': 'look at this\n' });
    await promote(world);
    const [, , promotion] = await world.pulls();
    expect(promotion?.body).toContain('(cart `7.0.0`) has commits of people on it, so it stays open');
    await world.graphql(
      'mutation Merge($id: ID!) { mergePullRequest(input: { pullRequestId: $id }) { clientMutationId } }',
      { id: promotion?.id },
    );
    const { stage } = world;
    const checked = await runAction({
      action: 'check-ops',
      inputs: { token: stage.token },
      env: {
        ...{ ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/ops', GITHUB_ACTOR: 'ada' },
        ...{ GITHUB_EVENT_NAME: 'schedule', PATH: `${NO_KUSTOMIZE}:${process.env.PATH}` },
      },
    });
    expect(checked.exitCode).toBe(0);
    expect(checked.stdout).toContain('Closed #1: production runs 1.3.0 already.');
    expect(await states(world)).toEqual([
      '1 | CLOSED | my-app 1.3.0 -> production | Closed: production runs 1.3.0 already.',
      '2 | OPEN | cart 7.0.0 -> production',
      '3 | MERGED | Promote 2 apps to production',
    ]);
  },
  PATIENCE_MS,
);
