import { startStage } from '../../../src/local/stage.js';
import { definition, manifest, materialize } from '../../actions/materialize/support.js';
import { type Verb, worldOf } from '../verb.js';

const NO_PAGE = { GITHUB_RUN_ID: '' };

/** Two environments, of which one has its branch already with an edit of somebody on it. */
function materialized(name: string, inputs: Record<string, string>): Verb {
  return {
    name,
    async world() {
      // Messages name commits by the beginning of their ids, which are the same in each world: its time is, and no page is named.
      const stage = await startStage({ now: () => new Date('2026-03-01T12:00:00Z') });
      const repository = await stage.github.createRepository('acme/cluster', { files: definition('a', 'b') });
      await materialize(stage, repository, { environments: 'stage', ...inputs }, { env: NO_PAGE });
      await repository.commit('env/stage', { 'configmap-a.yaml': manifest('a', 'edited') }, 'fix: by hand');
      await repository.commit('main', { 'hld/b.yaml': null, 'hld/c.yaml': manifest('c') }, 'feat: c for b');
      return worldOf({ stage, [Symbol.asyncDispose]: () => stage.close() }, [repository], (signal) =>
        materialize(stage, repository, { environments: 'stage, prod', ...inputs }, { signal, env: NO_PAGE }),
      );
    },
  };
}

/** Environments of two repositories, of which one shares a branch with another one, and one has an edit of somebody on it. */
function materializedElsewhere(name: string, inputs: Record<string, string>): Verb {
  return {
    name,
    async world() {
      const stage = await startStage({ now: () => new Date('2026-03-01T12:00:00Z') });
      const places =
        'environments:\n  dev: { branch: env/dev }\n  stage: { repository: acme/live }\n  prod: { repository: acme/live }\n';
      const files = { ...definition('a', 'b'), 'ostack.yaml': places };
      const repository = await stage.github.createRepository('acme/cluster', { files });
      const live = await stage.github.createRepository('acme/live', { files: { 'README.md': 'Live.\n' } });
      await materialize(stage, repository, { environments: 'stage', folder: '{environment}' }, { env: NO_PAGE });
      await live.commit('main', { 'stage/configmap-a.yaml': manifest('a', 'edited') }, 'fix: by hand');
      await repository.commit('main', { 'hld/b.yaml': null, 'hld/c.yaml': manifest('c') }, 'feat: c for b');
      return worldOf({ stage, [Symbol.asyncDispose]: () => stage.close() }, [repository, live], (signal) =>
        materialize(stage, repository, { environments: '', ...inputs }, { signal, env: NO_PAGE }),
      );
    },
  };
}

export const materializeCommits = materialized('materialize', { mode: 'commit' });
export const materializePulls = materialized('materialize as pull requests', { mode: 'pull-request' });
export const materializeCommitsElsewhere = materializedElsewhere('materialize into two repositories', {
  mode: 'commit',
});
export const materializePullsElsewhere = materializedElsewhere('materialize as pull requests of two repositories', {
  mode: 'pull-request',
});
