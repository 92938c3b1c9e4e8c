import { forkPull, label } from '../../actions/create-preview-env/fork-pulls.js';
import { asked } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** A label is there, and the fork's own run asks, whose files the fork wrote. */
export const deed: Deed = {
  async attack(world) {
    const pull = await forkPull(world, { branch: 'gift' });
    await label(world, pull);
    return asked(world, pull, { run: { headRepository: 'mallory/apps', pulls: [] } });
  },
  refused: /is of mallory\/apps, expected acme\/apps/,
  honest: (world, { own }) => asked(world, own),
  allowed: OPENED,
};
