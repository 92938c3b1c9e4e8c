import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { readHolds } from '../../../src/ops/policy/holds.js';
import { deployment } from '../../support/deployment.js';
import { gitAlone } from './git-alone.js';
import { expectForwards, expectKept, expectNothingLost, expectTidy } from './invariants.js';
import { type Note, type OpsWorld, opsFiles, opsWorld, overlayPath, person, release, versionIn } from './ops-world.js';
import { LONGEST_MS, playSchedules, type Racer, type Schedule } from './schedules.js';
import { type AppsPull, preview, promotion, rollback } from './verbs.js';

const FILES = {
  ...opsFiles(['shop', 'cart']),
  'ostack.yaml':
    'environments:\n  staging: { cd: true }\n  production: { after: staging }\n' +
    'previews: { host: staging, limit: 20, ttl: 72h, url: "https://{app}.{name}.acme.dev", reconciler: flux }\n',
  'bases/shop/deployment.yaml': deployment('shop'),
  'bases/cart/deployment.yaml': deployment('cart'),
};

describe('all verbs at once', () => {
  let stage: Stage;
  let before: NodeJS.ProcessEnv;
  beforeAll(async () => {
    stage = await startStage();
    before = process.env;
    const api = { GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl };
    process.env = { ...before, ...api, PATH: await gitAlone(stage.stateDir) };
  });
  afterAll(async () => {
    process.env = before;
    await stage.close();
  });

  test(
    'releases, promotions, rollbacks, previews and people',
    () => {
      const name = 'releases, promotions, rollbacks, previews and people';
      return playSchedules({ stage, name, file: import.meta.filename, schedules: { all: 250, short: 3 } }, play);
    },
    LONGEST_MS,
  );

  async function play(schedule: Schedule): Promise<void> {
    await using world = await opsWorld(stage, FILES, { deleteBranchOnMerge: schedule.pick([true, false]) });
    await using apps = await appsRepository(stage);
    const notes: Note[] = [];
    const rollsBack = schedule.pick([true, false]);
    const others: Racer[][] = [
      [promotion(world)],
      [person(world, 'ada', pushes(schedule), notes)],
      [merger(world, 'bob')],
      [
        preview(world, apps.repository, 'create', apps.stays),
        preview(world, apps.repository, 'create', apps.closes),
        closing(world, apps),
      ],
    ];
    await schedule.race([
      ...['1.1.0', '1.2.0'].map((version) => release(world, 'shop', version)),
      release(world, 'cart', '1.1.0'),
      ...(rollsBack ? [rollback(world, 'shop', '1.0.0')] : []),
      ...schedule.shuffle(others).slice(0, 2).flat(),
    ]);
    const all = ['shop', 'cart'].flatMap((app) =>
      ['staging', 'production'].map((environment) => ({ environment, app })),
    );
    await expectForwards(world, all);
    await expectNothingLost(world, [
      { environment: 'staging', app: 'cart', newest: '1.1.0' },
      { environment: 'production', app: 'cart', newest: '1.1.0' },
      { environment: 'production', app: 'shop', newest: '1.2.0' },
      ...(rollsBack ? [] : [{ environment: 'staging', app: 'shop', newest: '1.2.0' }]),
    ]);
    if (rollsBack) {
      await expectHeld(world);
    }
    await expectKept(world, notes);
    await expectTidy(world);
    await expectPreviews(world, apps, schedule);
  }
});

function pushes({ shuffle }: Schedule) {
  const targets = ['main', 'ostack/staging/shop', 'ostack/production/shop', 'ostack-promote/production'].flatMap(
    (branch) => ['staging', 'production'].map((environment) => ({ branch, path: overlayPath(environment, 'shop') })),
  );
  return shuffle(targets).slice(0, 3);
}

/** Someone who merges what is open for production. */
function merger(world: OpsWorld, name: string): Racer {
  return {
    name,
    tokens: [],
    async body(takeTurn) {
      for (const app of ['shop', 'cart', 'shop']) {
        await takeTurn(`merge ${app}`, async () => {
          const open = (await world.pulls()).find(
            ({ state, branch }) => state === 'OPEN' && branch === `ostack/production/${app}`,
          );
          if (open !== undefined) {
            await rest(world.stage, 'PUT', `${world.ops.name}/pulls/${open.number}/merge`, {});
          }
        });
      }
    },
  };
}

interface Apps extends AsyncDisposable {
  repository: LocalRepository;
  /** A pull request that stays open, and one that someone closes during the race. */
  stays: AppsPull;
  closes: AppsPull;
}

let count = 0;

async function appsRepository(stage: Stage): Promise<Apps> {
  count += 1;
  const name = `acme/apps-${count}`;
  const repository = await stage.github.createRepository(name, { files: { 'apps/shop/Dockerfile': 'FROM scratch\n' } });
  const open = async (branch: string): Promise<AppsPull> => {
    const head = await repository.commit(branch, { [`apps/shop/${branch}.txt`]: 'one\n' }, `feat: ${branch}`);
    const pull = await rest(stage, 'POST', `${name}/pulls`, { title: branch, head: branch, base: 'main' });
    return { head, number: v.parse(v.object({ number: v.number() }), pull).number };
  };
  return {
    repository,
    stays: await open('stays'),
    closes: await open('closes'),
    [Symbol.asyncDispose]: () => stage.github.deleteRepository(name),
  };
}

/** Someone closes a pull request, which starts the run that cleans up after it. */
function closing(world: OpsWorld, { repository, closes }: Apps): Racer {
  const cleanup = preview(world, repository, 'cleanup', closes);
  return {
    ...cleanup,
    async body(takeTurn) {
      await takeTurn(`close ${closes.number}`, () =>
        rest(world.stage, 'PATCH', `${repository.name}/pulls/${closes.number}`, { state: 'closed' }),
      );
      await cleanup.body(takeTurn);
    },
  };
}

async function rest(stage: Stage, method: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${stage.apiUrl}/repos/${path}`, {
    method,
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** The hold is there, and the environment runs what it allows. */
async function expectHeld(world: OpsWorld): Promise<void> {
  const holds = readHolds(await world.ops.read('main', '.ostack/holds.yaml'));
  expect(holds).toMatchObject([{ app: 'shop', environment: 'staging', version: '1.0.0' }]);
  expect(versionIn(await world.ops.read('main', overlayPath('staging', 'shop')))).toBe('1.0.0');
}

/** Records are those of the open pull requests. */
async function expectPreviews({ ops }: OpsWorld, { stays, closes }: Apps, { seed }: Schedule): Promise<void> {
  const there = async ({ number }: AppsPull) =>
    (await ops.read('ostack/previews', `previews/records/pr-${number}.yaml`)) !== undefined;
  const made = (await ops.refs())['refs/heads/ostack/previews'] !== undefined;
  const log = made ? await ops.log('ostack/previews') : [];
  const raced = log.some(({ message }) => message.includes('create-preview-env'));
  expect({ seed, stays: await there(stays), closes: await there(closes) }).toEqual({
    seed,
    stays: raced,
    closes: false,
  });
}
