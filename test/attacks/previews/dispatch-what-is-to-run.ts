import { asked, imageOf, leaveRun, serve } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** Images, a name and a limit in the dispatch itself, where the run asks for nothing. */
export const deed: Deed = {
  async attack(world, { own }) {
    const run = await leaveRun(world, own, { artifacts: 0 });
    const said = { images: [imageOf(own)], affected: ['my-app'], name: 'pr-1', limit: 100 };
    return serve(world, { repository: 'acme/apps', run, pull_request: own.number, ...said });
  },
  refused: /^no preview$/,
  honest: (world, { own }) => asked(world, own, { payload: { images: [], limit: 0 } }),
  allowed: OPENED,
};
