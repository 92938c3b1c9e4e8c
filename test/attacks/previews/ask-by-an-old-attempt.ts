import { asked, leaveRun, serve } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** What the first attempt left, while a second one runs that has built other images. */
export const deed: Deed = {
  async attack(world, { own }) {
    const run = await leaveRun(world, own);
    await leaveRun(world, own, { run: { attempt: 2 }, artifacts: 0 });
    return serve(world, { repository: 'acme/apps', run, pull_request: own.number });
  },
  refused: /has its artifact ostack-preview of an earlier attempt: its newest one has not asked/,
  honest: (world, { own }) => asked(world, own, { run: { attempt: 2 } }),
  allowed: OPENED,
};
