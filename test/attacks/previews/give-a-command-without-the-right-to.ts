import { asked, type ServedStage, serve } from '../../actions/serve-previews/support.js';
import { at, rest } from '../../local/github/support.js';
import type { Deed, Pulls } from '../support/previews.js';

/** A comment of somebody, named in a dispatch. */
async function commanded(world: ServedStage, { own }: Pulls, role: 'read' | 'write') {
  const { stage, apps } = world;
  apps.role('tess', role);
  const token = stage.github.issueToken({ actor: 'tess' });
  const path = `POST /repos/acme/apps/issues/${own.number}/comments`;
  const comment = at((await rest(stage, path, { body: '/preview keep 1h' }, token)).body, 'node_id');
  return serve(world, { repository: 'acme/apps', run: 1, pull_request: own.number, comment });
}

/** Anybody comments on a pull request that is public. */
export const deed: Deed = {
  attack: (world, pulls) => commanded(world, pulls, 'read'),
  refused: /tess may not write to acme\/apps: ask somebody who may/,
  async honest(world, pulls) {
    await asked(world, pulls.own);
    return commanded(world, pulls, 'write');
  },
  allowed: /^pr-1: prolonged, /,
};
