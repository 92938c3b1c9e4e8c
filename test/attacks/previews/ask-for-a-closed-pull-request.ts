import { asked } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** What nobody looks at any more. */
export const deed: Deed = {
  async attack(world, { own }) {
    await world.closePull(own);
    return asked(world, own);
  },
  refused: /^no preview$/,
  honest: (world, { own }) => asked(world, own),
  allowed: OPENED,
};
