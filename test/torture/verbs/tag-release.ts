import { startScenario } from '../../actions/tag-release/support/scenario.js';
import type { Verb } from '../verb.js';

export const tagRelease: Verb = {
  name: 'tag-release',
  async world() {
    const scenario = await startScenario({
      'apps/cart/Dockerfile': 'FROM scratch\n',
      'apps/shop/Dockerfile': 'FROM scratch\n',
    });
    await scenario.push('feat: cards', { 'apps/cart/a.txt': '1', 'apps/shop/a.txt': '1' });
    return {
      stage: scenario.stage,
      repositories: [scenario.repository],
      act: ({ signal, begin }) => scenario.run({ signal, between: async () => begin() }),
      [Symbol.asyncDispose]: () => scenario[Symbol.asyncDispose](),
    };
  },
};
