import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allDone } from '../../src/local/all-done.js';
import { mergePullRequest, openPullRequests, runWorkflow } from '../../src/local/demo/people.js';
import { openPets, PET_ENVIRONMENTS, type Pets, renderedVersion } from '../../src/local/demo/pets.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { rest } from '../local/github/support.js';

/** The company of the demo: the starters of definitions, as YAML, on the runner of the stage. */
const PATIENCE_MS = 240_000;

let stage: Stage;
let runner: StageRunner;
let pets: Pets;
let cat: LocalRepository;

beforeAll(async () => {
  stage = await startStage();
  await publishActions(stage);
  runner = await createRunner(stage, { machine: thisMachine() });
  pets = await openPets(stage, runner, { shown: true });
  cat = pets.applications.get('cat') ?? pets.cluster;
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
});

/** Does something with all that it starts. @returns the runs, each as `repository workflow event conclusion`, sorted */
async function started(act: () => Promise<unknown>): Promise<string[]> {
  const before = runner.runs.length;
  await act();
  await allDone(stage, runner);
  expect(runner.problems).toEqual([]);
  return runner.runs
    .slice(before)
    .map(({ repository, workflow, event, conclusion }) => `${repository} ${workflow} ${event} ${conclusion}`)
    .sort();
}

const versions = (app: string) =>
  Promise.all(PET_ENVIRONMENTS.map((environment) => renderedVersion(pets, environment, app)));

test(
  'a release tells the cluster, which follows the branch that moved and nothing else',
  async () => {
    expect(await started(() => runWorkflow(stage, pets.cluster, 'zoe', 'materialize-update.yml', {}))).toEqual([
      'pets/cluster Materialize pull_request success',
      'pets/cluster Materialize push success',
      'pets/cluster Materialize update workflow_dispatch success',
    ]);
    expect([await versions('cat'), await versions('dog')]).toEqual([
      ['1.0.0', '1.0.0', '1.0.0'],
      ['1.0.0', '1.0.0', '1.0.0'],
    ]);
    const stageBefore = await pets.cluster.log('env/stage');
    const runs = await started(() => runWorkflow(stage, cat, 'zoe', 'deliver.yml', { version: '1.1.0' }));
    expect(runs).toEqual([
      'pets/cat-application Definition push success',
      'pets/cat-application Deliver workflow_dispatch success',
      'pets/cluster Materialize pull_request success',
      'pets/cluster Materialize push success',
      'pets/cluster Materialize update repository_dispatch success',
    ]);
    expect([await versions('cat'), await versions('dog')]).toEqual([
      ['1.1.0', '1.0.0', '1.0.0'],
      ['1.0.0', '1.0.0', '1.0.0'],
    ]);
    expect(await pets.cluster.log('env/stage')).toEqual(stageBefore);
  },
  PATIENCE_MS,
);

test(
  'a promotion is checked by its source, and its merge reaches the cluster; a way around does not pass',
  async () => {
    const promoted = await started(() =>
      runWorkflow(stage, pets.cluster, 'zoe', 'promote.yml', { to: 'stage', apps: 'cat' }),
    );
    expect(promoted).toEqual([
      'pets/cat-application Definition pull_request success',
      'pets/cluster Promote workflow_dispatch success',
    ]);
    const pull = (await openPullRequests(stage, cat)).get('dev');
    await started(() => mergePullRequest(stage, cat, 'zoe', pull ?? { number: 0, title: '', url: '' }, 'merge'));
    expect(await versions('cat')).toEqual(['1.1.0', '1.1.0', '1.0.0']);

    await cat.commit('dev', { 'hld/config/common.yaml': 'config: { image: { tag: 9.9.9 } }\n' }, 'fix: quick');
    await allDone(stage, runner);
    const around = await started(() =>
      rest(stage, `POST /repos/${cat.name}/pulls`, { head: 'dev', base: 'prod', title: 'Straight to prod' }),
    );
    expect(around).toEqual(['pets/cat-application Definition pull_request failure']);
  },
  PATIENCE_MS,
);
