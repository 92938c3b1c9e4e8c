import { asked, leaveRun, serve } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** Somebody else's run, with images of theirs, for a pull request of mallory's. */
export const deed: Deed = {
  async attack(world, { own, other }) {
    const run = await leaveRun(world, other);
    return serve(world, { repository: 'acme/apps', run, pull_request: own.number });
  },
  refused: /run \d+ of acme\/apps is of the commit [0-9a-f]{7}, and #1 is at [0-9a-f]{7}/,
  honest: (world, { other }) => asked(world, other),
  allowed: OPENED,
};
