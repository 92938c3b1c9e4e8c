import { forkPull, label } from '../../actions/create-preview-env/fork-pulls.js';
import type { TestPull } from '../../actions/create-preview-env/support.js';
import { asked, imageOf, type Otherwise } from '../../actions/serve-previews/support.js';
import { type Deed, OPENED } from '../support/previews.js';

/** As a run of the default branch asks, which has checked what the fork built. */
const ofFork = (pull: TestPull): Otherwise => ({
  run: { event: 'workflow_run', headBranch: 'main', headSha: 'd'.repeat(40), pulls: [] },
  record: { images: [{ ...imageOf(pull), repository: 'ghcr.io/acme/quarantine/my-app' }] },
});

export const deed: Deed = {
  async attack(world) {
    const pull = await forkPull(world, { branch: 'gift' });
    return asked(world, pull, ofFork(pull));
  },
  refused: /comes from a fork and has no label "preview"/,
  async honest(world) {
    const pull = await forkPull(world, { branch: 'gift' });
    await label(world, pull);
    return asked(world, pull, ofFork(pull));
  },
  allowed: OPENED,
};
