import { randomUUID } from 'node:crypto';
import { startStage } from '../../../src/local/stage.js';
import { definition, manifest, materialize } from '../../actions/materialize/support.js';
import type { Ground, Step } from './missing.js';

export const materializeStep: Step = {
  place: 'materialize.yml/materialize/materialize',
  reach: { token: ['acme/cluster'], 'github-token': ['acme/cluster'], 'sources-token': ['acme/cluster'] },
  // Where there is no App, the job's own token is the other one, too.
  reads: ['github-token contents'],
  // Nothing of another repository is in this definition.
  unused: ['github-token pull-requests', 'sources-token contents', 'sources-token pull-requests'],
  ground: materializeGround,
};

/** A definition that changes each time, for a branch whose commits are compared. */
async function materializeGround(): Promise<Ground> {
  const stage = await startStage();
  const repository = await stage.github.createRepository('acme/cluster', { files: definition('a') });
  await materialize(stage, repository);
  return {
    stage,
    async run(tokens) {
      await repository.commit('main', { 'hld/a.yaml': manifest('a', randomUUID()) }, 'feat: a');
      return materialize(stage, repository, { mode: 'pull-request', ...tokens });
    },
    [Symbol.asyncDispose]: () => stage.close(),
  };
}
