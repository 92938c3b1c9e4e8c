import { asked } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** The run is of a repository that the policy does not name. */
export const deed: Deed = {
  attack: (world, { own }) => asked(world, own, { payload: { repository: 'mallory/apps' } }),
  refused: /mallory\/apps may ask for no preview: the policy names acme\/apps/,
  honest: (world, { own }) => asked(world, own, { payload: { repository: 'Acme/Apps' } }),
  allowed: OPENED,
};
