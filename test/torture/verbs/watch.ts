import { release, report, runWatch, watchingStage } from '../../actions/watch/support.js';
import { endRun, type Verifying, verifyingStage } from '../../actions/watch/verify-support.js';
import type { ActionResult } from '../../support/run-action.js';
import { type Verb, type World, worldOf } from '../verb.js';

/** A version that is live after another one that was: new deployments here and in the apps repository, old ones over, and a comment. */
export const watch: Verb = {
  name: 'watch',
  async world() {
    const world = await watchingStage();
    const { stage, ops, sources } = world;
    await report(world, (await release(world, '1.6.0', sources[0])).oid, 'success');
    await runWatch(world);
    await report(world, (await release(world, '1.7.0', sources[1])).oid, 'success');
    const held = { stage, [Symbol.asyncDispose]: () => stage.close() };
    return worldOf(held, [ops, stage.github.repository('acme/apps')], (signal) => runWatch(world, { signal }));
  },
};

/** A version that is live and has to be verified: a claim, its workflow, which runs once, and its deployment. */
export const verify: Verb = {
  name: 'watch that verifies',
  async world() {
    const world = await verifyingStage();
    await report(world, (await release(world, '1.6.0', undefined)).oid, 'success');
    return verifyWorld(world);
  },
};

/** A version that fails after one that was verified: one rollback with its hold, which merges by itself. */
export const automaticRollback: Verb = {
  name: 'watch that rolls back',
  async world() {
    const world = await verifyingStage();
    await report(world, (await release(world, '1.6.0', undefined)).oid, 'success');
    await runWatch(world);
    await endRun(world, 'success');
    await runWatch(world);
    await report(world, (await release(world, '1.7.0', undefined)).oid, 'failure');
    // The second run records what the first one has merged.
    return verifyWorld(world, 2);
  },
};

/** @param runs how many of them are one: each begins when the one before has succeeded */
function verifyWorld(world: Verifying, runs = 1): Promise<World> {
  const held = { stage: world.stage, [Symbol.asyncDispose]: () => world.stage.close() };
  const act = async (signal: AbortSignal | undefined, left: number): Promise<ActionResult> => {
    const result = await runWatch(world, { signal });
    return left > 1 && result.exitCode === 0 ? act(signal, left - 1) : result;
  };
  return worldOf(held, [world.ops], (signal) => act(signal, runs));
}
