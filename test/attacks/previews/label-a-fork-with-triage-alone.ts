import { forkPull } from '../../actions/create-preview-env/fork-pulls.js';
import { asked, imageOf, type ServedStage } from '../../actions/serve-previews/support.js';
import { rest } from '../../local/github/support.js';
import { type Deed, OPENED } from '../support/previews.js';

async function labelledBy(world: ServedStage, role: 'triage' | 'write') {
  const { stage, apps } = world;
  const pull = await forkPull(world, { branch: 'gift' });
  apps.role('tess', role);
  const token = stage.github.issueToken({ actor: 'tess' });
  const labels = `POST /repos/acme/apps/issues/${pull.number}/labels`;
  await rest(stage, labels, { labels: ['preview'] }, token);
  return asked(world, pull, {
    run: { event: 'workflow_run', headBranch: 'main', headSha: 'd'.repeat(40), pulls: [] },
    record: { images: [{ ...imageOf(pull), repository: 'ghcr.io/acme/quarantine/my-app' }] },
  });
}

/** Who triages may set labels, and may not write. */
export const deed: Deed = {
  attack: (world) => labelledBy(world, 'triage'),
  refused: /its label "preview" was added by tess, who may not write to acme\/apps/,
  honest: (world) => labelledBy(world, 'write'),
  allowed: OPENED,
};
