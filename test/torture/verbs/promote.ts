import { at, opsFiles, opsStage, promote } from '../../actions/promote/support.js';
import type { Verb } from '../verb.js';

export const promotion: Verb = {
  name: 'promote',
  async world() {
    const world = await opsStage(opsFiles(', cd: true'));
    const { stage, ops, pulls } = world;
    return {
      stage,
      act: (signal) => promote(world, { apps: 'my-app' }, signal),
      async endState() {
        const list = await pulls();
        return {
          branches: Object.keys(await ops.refs()).sort(),
          pulls: list.map(({ title, state, labels }) => `${title}: ${state} ${labels.join()}`).sort(),
          comments: list.flatMap(({ comments }) => comments),
          production: await ops.read('main', at('production')),
          commits: (await ops.log('main')).map(({ message }) => message.split('\n')[0]),
        };
      },
      [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
    };
  },
};
