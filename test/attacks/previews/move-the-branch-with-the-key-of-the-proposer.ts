import { asked, type ServedStage } from '../../actions/serve-previews/support.js';
import { rest } from '../../local/github/support.js';
import type { Deed } from '../support/previews.js';

/** Deletes what is there, as somebody would who wants to make it anew. */
async function deleted({ stage, proposer }: ServedStage, branch: string): Promise<string> {
  const { status, body } = await rest(stage, `DELETE /repos/acme/ops/git/refs/heads/${branch}`, undefined, proposer);
  return `${status}: ${JSON.stringify(body)}`;
}

export const deed: Deed = {
  async attack(world) {
    await world.ops.commit('ostack/previews', { 'previews/records/x': '' }, 'previews');
    return deleted(world, 'ostack/previews');
  },
  refused: /^422: /,
  async honest(world, { own }) {
    await asked(world, own);
    await world.ops.commit('topic', { x: 'x' }, 'topic');
    return deleted(world, 'topic');
  },
  allowed: /^204: /,
};
