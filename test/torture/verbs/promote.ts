import { startStage } from '../../../src/local/stage.js';
import { stageEnv } from '../../actions/bump-ops-overlay/support.js';
import { opsFiles, opsStage, promote } from '../../actions/promote/support.js';
import { git } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';
import { NO_TOOLS, type Verb, worldOf } from '../verb.js';

export const promotion: Verb = {
  name: 'promote',
  async world() {
    const world = await opsStage(opsFiles(', cd: true'));
    return worldOf(world, [world.ops], (signal) => promote(world, { apps: 'my-app' }, { env: NO_TOOLS, signal }));
  },
};

const POLICY = `environments:
  dev: { branch: dev, repository: acme/cat }
  stage: { branch: stage, repository: acme/cat, after: dev, promotion: merge }
`;
const definition = (tag: string) => ({
  'hld/component.yaml': 'name: cat\ngenerator: helm\npath: ./cat-chart\n',
  'hld/config/common.yaml': `config:\n  image:\n    repository: some-repo/cat\n    tag: ${tag}\n`,
});

/** Of two branches of one application, of which the first has a newer version. */
export const branchPromotion: Verb = {
  name: 'promote by a merge of branches',
  async world() {
    const stage = await startStage();
    await stage.github.createRepository('acme/cluster', { files: { 'ostack.yaml': POLICY } });
    const cat = await stage.github.createRepository('acme/cat', { files: definition('v1.0.0') });
    for (const branch of ['dev', 'stage']) {
      await git(cat.gitDir, ['branch', branch, cat.defaultBranch]);
    }
    await cat.commit('dev', definition('v1.1.0'), 'feat: newer');
    const inputs = { token: stage.token, 'ops-repository': 'acme/cluster', to: 'stage', apps: 'cat', merge: 'true' };
    const env = { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/cluster', ...NO_TOOLS };
    const world = { stage, [Symbol.asyncDispose]: () => stage.close() };
    return worldOf(world, [cat], (signal) => runAction({ action: 'promote', inputs, env, signal }));
  },
};
