import { asked, imageOf } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** Outside of the space of pull requests: what is released is no pull request's to name. */
export const deed: Deed = {
  attack: (world, { own }) =>
    asked(world, own, { record: { images: [{ ...imageOf(own), repository: 'ghcr.io/acme/my-app' }] } }),
  refused: /they take ghcr\.io\/acme\/previews\/\*/,
  honest: (world, { own }) => asked(world, own),
  allowed: OPENED,
};
