import { startScenario } from '../../actions/tag-release/support/scenario.js';
import { type Verb, worldOf } from '../verb.js';

export const tagRelease: Verb = {
  name: 'tag-release',
  async world() {
    const scenario = await startScenario({
      'apps/cart/Dockerfile': 'FROM scratch\n',
      'apps/shop/Dockerfile': 'FROM scratch\n',
    });
    await scenario.push('feat: cards', { 'apps/cart/a.txt': '1', 'apps/shop/a.txt': '1' });
    const checkout = await scenario.checkOut();
    return worldOf(scenario, [scenario.repository], (signal) => scenario.run({ signal, checkout }));
  },
};
