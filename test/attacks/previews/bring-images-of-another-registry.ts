import { asked, imageOf } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** Anybody changes what a registry of their own has, and the cluster would pull it. */
export const deed: Deed = {
  attack: (world, { own }) =>
    asked(world, own, { record: { images: [{ ...imageOf(own), repository: 'evil.example/acme/previews/my-app' }] } }),
  refused: /The image evil\.example\/acme\/previews\/my-app is none that previews take/,
  honest: (world, { own }) => asked(world, own),
  allowed: OPENED,
};
