/**
 * The company of the demo with a file of configuration for each environment, from the starters as they are: a release, what is
 * rendered of it, its way to production by merges, and back.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allDone } from '../../src/local/all-done.js';
import { mergePullRequest, openPullRequests, runWorkflow } from '../../src/local/demo/people.js';
import { openPets, PET_ENVIRONMENTS, type Pets, renderedVersion } from '../../src/local/demo/pets.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { HOLDS_FILE } from '../../src/ops/policy/holds.js';
import { at, rest } from '../local/github/support.js';

const PATIENCE_MS = 240_000;

/** Cat says its version for all environments, and dev says it over that; each of dog's environments says its own. */
const CONFIGURATION: Record<string, Record<string, string>> = {
  cat: {
    'common.yaml': 'config:\n  image:\n    repository: ghcr.io/pets/cat\n    tag: 1.0.0\n',
    'dev.yaml': 'config:\n  image:\n    tag: 1.0.0 # what dev tries\n',
  },
  dog: {
    'common.yaml': 'config:\n  image:\n    repository: ghcr.io/pets/dog\n',
    ...Object.fromEntries(PET_ENVIRONMENTS.map((name) => [`${name}.yaml`, 'config:\n  image:\n    tag: 1.0.0\n'])),
  },
};

let stage: Stage;
let runner: StageRunner;
let pets: Pets;

beforeAll(async () => {
  stage = await startStage();
  await publishActions(stage);
  runner = await createRunner(stage, { machine: thisMachine() });
  pets = await openPets(stage, runner, { shown: false, configuration: (app) => CONFIGURATION[app] ?? {} });
  await run(pets.cluster, 'materialize-update.yml', {});
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
});

/** Starts a workflow by hand and waits for all that follows. @returns what did not succeed of it */
async function run(repository: LocalRepository, workflow: string, inputs: Record<string, string>): Promise<string[]> {
  return failuresOf(() => runWorkflow(stage, repository, 'zoe', workflow, inputs));
}

async function failuresOf(act: () => Promise<unknown>): Promise<string[]> {
  const before = runner.runs.length;
  await act();
  await allDone(stage, runner);
  expect(runner.problems).toEqual([]);
  const failed = runner.runs.slice(before).filter(({ conclusion }) => conclusion !== 'success');
  return failed.map((each) => `${each.workflow} ${JSON.stringify(each)}`);
}

const of = (app: string) => pets.applications.get(app) ?? pets.cluster;
const versions = (app: string) =>
  Promise.all(PET_ENVIRONMENTS.map((environment) => renderedVersion(pets, environment, app)));

async function merge(app: string, head: string, method?: 'merge'): Promise<string[]> {
  const pull = (await openPullRequests(stage, of(app))).get(head);
  return failuresOf(() => mergePullRequest(stage, of(app), 'zoe', pull ?? { number: 0, title: '', url: '' }, method));
}

test(
  'a release sets the version that dev says, with the one of all that it is over, and is rendered for dev alone',
  async () => {
    expect([await versions('cat'), await versions('dog')]).toEqual([
      ['1.0.0', '1.0.0', '1.0.0'],
      ['1.0.0', '1.0.0', '1.0.0'],
    ]);
    const released = { tag_name: 'v1.1.0', target_commitish: 'main', body: '- feat: cats purr' };
    await rest(stage, `POST /repos/${of('cat').name}/releases`, released);
    expect(await run(of('cat'), 'deliver.yml', { version: '1.1.0' })).toEqual([]);
    expect(await of('cat').read('dev', 'hld/config/dev.yaml')).toBe(
      'config:\n  image:\n    tag: 1.1.0 # what dev tries\n',
    );
    expect(await of('cat').read('dev', 'hld/config/common.yaml')).toContain('tag: 1.1.0');
    expect([await versions('cat'), await versions('dog')]).toEqual([
      ['1.1.0', '1.0.0', '1.0.0'],
      ['1.0.0', '1.0.0', '1.0.0'],
    ]);
  },
  PATIENCE_MS,
);

test(
  'merges bring it from dev to stage to prod, one after the other, with what proves it and what it brings',
  async () => {
    for (const [index, from] of (['dev', 'stage'] as const).entries()) {
      const to = PET_ENVIRONMENTS[index + 1] ?? '';
      expect(await run(pets.cluster, 'promote.yml', { to, apps: 'cat' })).toEqual([]);
      const pull = (await openPullRequests(stage, of('cat'))).get(from);
      expect(pull?.title).toBe(`Promote cat 1.1.0 to ${to}`);
      const { body } = await rest(stage, `GET /repos/${of('cat').name}/pulls/${pull?.number}`);
      const text = String(at(body, 'body'));
      expect(text).toContain('cats purr');
      expect(text).toContain('hld/config/common.yaml');
      expect(text).toContain('zoe');
      expect(await merge('cat', from, 'merge')).toEqual([]);
    }
    expect([await versions('cat'), await versions('dog')]).toEqual([
      ['1.1.0', '1.1.0', '1.1.0'],
      ['1.0.0', '1.0.0', '1.0.0'],
    ]);
  },
  PATIENCE_MS,
);

test(
  'a rollback takes stage back as it was rendered before, and its hold keeps the next promotion out',
  async () => {
    const before = await pets.cluster.read('env/stage', 'deployment-cat.yaml');
    await run(of('cat'), 'deliver.yml', { version: '1.2.0' });
    await run(pets.cluster, 'promote.yml', { to: 'stage', apps: 'cat' });
    await merge('cat', 'dev', 'merge');
    expect(await versions('cat')).toEqual(['1.2.0', '1.2.0', '1.1.0']);

    const inputs = { environment: 'stage', app: 'cat', reason: 'Cats bark' };
    expect(await run(pets.cluster, 'rollback.yml', inputs)).toEqual([]);
    expect(await merge('cat', 'ostack-rollback/stage/cat')).toEqual([]);
    expect(await versions('cat')).toEqual(['1.2.0', '1.1.0', '1.1.0']);
    expect(await pets.cluster.read('env/stage', 'deployment-cat.yaml')).toBe(before);
    expect(await of('cat').read('stage', HOLDS_FILE)).toContain('Cats bark');

    await run(pets.cluster, 'promote.yml', { to: 'stage', apps: 'cat' });
    expect([...(await openPullRequests(stage, of('cat'))).keys()]).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'a version that dev alone says reaches dev, and that no merge brings it further is said with what to do',
  async () => {
    expect(await run(of('dog'), 'deliver.yml', { version: '1.1.0' })).toEqual([]);
    expect(await versions('dog')).toEqual(['1.1.0', '1.0.0', '1.0.0']);
    const [failure = ''] = await run(pets.cluster, 'promote.yml', { to: 'stage', apps: 'dog' });
    expect(failure).toContain(
      'Merging dev into stage brings dog 1.0.0 to stage, and not 1.1.0: what dev says of stage is in a file of stage alone.',
    );
    expect(await openPullRequests(stage, of('dog'))).toEqual(new Map());
  },
  PATIENCE_MS,
);
