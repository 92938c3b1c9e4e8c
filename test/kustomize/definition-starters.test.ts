import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allDone } from '../../src/local/all-done.js';
import { mergePullRequest, openPullRequests, runWorkflow } from '../../src/local/demo/people.js';
import { openPets, PET_ENVIRONMENTS, type Pets, renderedVersion } from '../../src/local/demo/pets.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { HOLDS_FILE } from '../../src/ops/policy/holds.js';
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
    const { number } = [...(await openPullRequests(stage, cat)).values()].at(-1) ?? { number: 0 };
    await rest(stage, `PATCH /repos/${cat.name}/pulls/${number}`, { state: 'closed' });
  },
  PATIENCE_MS,
);

test(
  'a rollback passes the guard of its branch, reaches the cluster, and its hold keeps the next promotion out',
  async () => {
    const inputs = { environment: 'stage', app: 'cat', reason: 'Cats bark' };
    const asked = await started(() => runWorkflow(stage, pets.cluster, 'zoe', 'rollback.yml', inputs));
    expect(asked).toEqual([
      'pets/cat-application Definition pull_request success',
      'pets/cluster Rollback workflow_dispatch success',
    ]);
    const branch = 'ostack-rollback/stage/cat';
    const pull = (await openPullRequests(stage, cat)).get(branch);
    await started(() => mergePullRequest(stage, cat, 'zoe', pull ?? { number: 0, title: '', url: '' }));
    expect(await versions('cat')).toEqual(['9.9.9', '1.0.0', '1.0.0']);

    const before = await openPullRequests(stage, cat);
    await started(() => runWorkflow(stage, pets.cluster, 'zoe', 'promote.yml', { to: 'stage', apps: 'cat' }));
    expect(await openPullRequests(stage, cat)).toEqual(before);
  },
  PATIENCE_MS,
);

test(
  'a hold of everything is on each branch of each application, through the guard where that is asked',
  async () => {
    const everything = { environment: '*', app: '*', reason: 'Dogs meow' };
    const runs = await started(() => runWorkflow(stage, pets.cluster, 'zoe', 'hold.yml', everything));
    expect(runs.filter((run) => run.includes('cluster'))).toEqual(['pets/cluster Hold workflow_dispatch success']);
    expect(runs.filter((run) => !run.endsWith('success'))).toEqual([]);
    for (const application of pets.applications.values()) {
      for (const branch of PET_ENVIRONMENTS) {
        expect(await application.read(branch, HOLDS_FILE)).toContain('Dogs meow');
      }
    }
  },
  PATIENCE_MS,
);

test(
  'where nobody tells the cluster, its schedule finds what was merged',
  async () => {
    const dog = pets.applications.get('dog') ?? pets.cluster;
    runner.vars.set(dog.name, { OSTACK_APP_CLIENT_ID: '' });
    const common = (await dog.read('dev', 'hld/config/common.yaml')) ?? '';
    const next = { 'hld/config/common.yaml': common.replace('1.0.0', '2.0.0') };
    expect(await started(() => dog.commit('dev', next, 'feat: dog 2.0.0'))).toEqual([
      'pets/dog-application Definition push skipped',
    ]);
    const hourly = { repository: 'pets/cluster', event: 'schedule', payload: { schedule: '41 * * * *' } };
    expect(await started(() => runner.dispatch(hourly))).toEqual([
      'pets/cluster Materialize pull_request success',
      'pets/cluster Materialize push success',
      'pets/cluster Materialize update schedule success',
    ]);
    expect(await versions('dog')).toEqual(['2.0.0', '1.0.0', '1.0.0']);
  },
  PATIENCE_MS,
);
