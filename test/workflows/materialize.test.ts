import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { installDefaultApp, publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { starter } from '../../src/local/starter.js';
import { definition, manifest, manifestsOn } from '../actions/materialize/support.js';
import { at, rest } from '../local/github/support.js';

const PATIENCE_MS = 90_000;

let stage: Stage;
let runner: StageRunner;
let repository: LocalRepository;

beforeAll(async () => {
  stage = await startStage();
  await publishActions(stage);
  repository = await stage.github.createRepository('acme/cluster', {
    files: {
      ...definition('a'),
      'ostack.yaml': 'environments:\n  stage: {}\n  prod: { after: stage }\n',
      '.github/workflows/materialize.yml': await starter('definitions/materialize'),
      '.github/workflows/materialize-update.yml': await starter('definitions/materialize-update'),
    },
  });
  runner = await createRunner(stage, { machine: thisMachine() });
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
});

function dispatch(workflow: string, branch: string) {
  const ref = `refs/heads/${branch}`;
  return runner.dispatch({ repository: 'acme/cluster', event: 'workflow_dispatch', workflow, actor: 'olga', ref });
}

const runs = () => runner.runs.map(({ workflow, event, conclusion }) => `${workflow}: ${event} ${conclusion}`);

test(
  'From its starter, a push renders the branches, a pull request shows what it comes to, and nothing else is written',
  async () => {
    await repository.commit('main', { 'hld/b.yaml': manifest('b') }, 'feat: b');
    await runner.idle();
    expect(runner.problems).toEqual([]);
    expect(runs()).toEqual(['Materialize: push success']);
    expect(await manifestsOn(repository, 'env/stage')).toEqual(['configmap-a.yaml', 'configmap-b.yaml']);
    expect((await repository.log('env/prod'))[0]).toMatchObject({
      author: { name: 'github-actions[bot]' },
      committer: { name: 'GitHub' },
    });
    const refs = await repository.refs();

    await repository.commit('topic', { 'hld/c.yaml': manifest('c') }, 'feat: c');
    await rest(stage, 'POST /repos/acme/cluster/pulls', { head: 'topic', base: 'main', title: 'c' });
    await runner.idle();
    await dispatch('materialize.yml', 'topic');
    await runner.idle();
    expect(runs().slice(1)).toEqual(['Materialize: pull_request success', 'Materialize: workflow_dispatch skipped']);
    const { 'refs/heads/topic': _topic, ...after } = await repository.refs();
    expect(Object.fromEntries(Object.entries(after).filter(([name]) => !name.startsWith('refs/pull/')))).toEqual(refs);
    expect(JSON.stringify(runner.runs[1])).toContain('dry run: nothing is written');
  },
  PATIENCE_MS,
);

test(
  'From its starter, newer remote parts come in a pull request, and environments get them once that is merged',
  async () => {
    installDefaultApp(runner, ['acme/cluster', 'acme/shared']);
    await stage.github.createRepository('acme/shared', { files: { 'web.yaml': manifest('web') } });
    const part = `{ name: web, type: static, method: git, source: "${stage.serverUrl}/acme/shared", path: web.yaml }`;
    await repository.commit('main', { 'hld/component.yaml': `name: cluster\nsubcomponents: [${part}]\n` }, 'feat: web');
    await runner.idle();
    await dispatch('materialize-update.yml', 'main');
    await runner.idle();
    const opened = await rest(stage, 'GET /repos/acme/cluster/pulls?head=acme:ostack/materialize-update/main');
    await rest(stage, `PUT /repos/acme/cluster/pulls/${at(opened.body, 0, 'number')}/merge`, {});
    await runner.idle();
    expect(runner.problems).toEqual([]);
    expect(await manifestsOn(repository, 'env/prod')).toEqual(['configmap-web.yaml']);
  },
  PATIENCE_MS,
);
