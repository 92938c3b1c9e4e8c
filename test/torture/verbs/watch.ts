import { release, report, runWatch, watchingStage } from '../../actions/watch/support.js';
import { type Verb, worldOf } from '../verb.js';

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
