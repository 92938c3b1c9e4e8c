import { asked, serve } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** Whoever may write to ops may dispatch, and names a run that nobody made. */
export const deed: Deed = {
  attack: (world, { own }) => serve(world, { repository: 'acme/apps', run: 999, pull_request: own.number }),
  refused: /run 999 of acme\/apps cannot be read: it is not there/,
  honest: (world, { own }) => asked(world, own),
  allowed: OPENED,
};
