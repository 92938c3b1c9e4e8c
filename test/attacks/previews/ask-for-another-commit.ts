import { asked, imageOf } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** Images of a commit that the pull request is not at: manifests of it would be taken, too. */
export const deed: Deed = {
  attack: (world, { own, other }) => asked(world, own, { record: { head: other.head, images: [imageOf(other)] } }),
  refused: /asks for the commit [0-9a-f]{7}, and #1 is at [0-9a-f]{7}/,
  honest: (world, { own }) => asked(world, own, { record: { head: own.head } }),
  allowed: OPENED,
};
