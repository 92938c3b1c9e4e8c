import { asked } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** The run is of mallory's pull request, and says that it is for another one. */
export const deed: Deed = {
  attack: (world, { own, other }) => asked(world, own, { record: { pullRequest: other.number } }),
  refused: /asks for #2, and was named for #1/,
  honest: (world, { own }) => asked(world, own, { record: { pullRequest: own.number } }),
  allowed: OPENED,
};
