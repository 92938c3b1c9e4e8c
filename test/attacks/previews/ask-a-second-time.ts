import { asked } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** A later job of the run leaves an artifact of the same name. */
export const deed: Deed = {
  attack: (world, { own }) => asked(world, own, { artifacts: 2 }),
  refused: /has several artifacts ostack-preview, so that nobody can tell which is its own/,
  honest: (world, { own }) => asked(world, own, { artifacts: 1 }),
  allowed: OPENED,
};
