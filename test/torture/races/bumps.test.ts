import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type RepositoryOptions, type Stage, startStage } from '../../../src/local/stage.js';
import { expectForwards, expectKept, expectNothingLost, expectTidy } from './invariants.js';
import { type Note, opsFiles, opsWorld, overlayPath, person, release } from './ops-world.js';
import { LONGEST_MS, playSchedules, type Scenario, type Schedule } from './schedules.js';

const ENVIRONMENTS = ['staging', 'production'];

describe('releases that race for one ops repository', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage.close());

  const scenario = (name: string, all: number, short: number): Scenario => ({
    stage,
    name,
    file: import.meta.filename,
    schedules: { all, short },
  });

  test(
    'of different apps',
    () =>
      playSchedules(scenario('of different apps', 230, 2), (schedule) =>
        differentApps(schedule, schedule.pick([2, 3, 4])),
      ),
    LONGEST_MS,
  );

  test(
    'fifty apps at once',
    () => playSchedules(scenario('fifty apps at once', 6, 0), (schedule) => differentApps(schedule, 50)),
    LONGEST_MS,
  );

  test(
    'of one app in random order',
    () =>
      playSchedules(scenario('of one app in random order', 400, 3), (schedule) =>
        oneApp(schedule, schedule.pick([2, 3, 4])),
      ),
    LONGEST_MS,
  );

  test(
    'twenty of one app',
    () => playSchedules(scenario('twenty of one app', 15, 0), (schedule) => oneApp(schedule, 20)),
    LONGEST_MS,
  );

  async function differentApps(schedule: Schedule, many: number): Promise<void> {
    const apps = Array.from({ length: many }, (_, index) => `app-${index}`);
    await using world = await opsWorld(stage, opsFiles(apps), options(schedule));
    const notes: Note[] = [];
    const targets = schedule.shuffle(targetsOf(apps.slice(0, 3))).slice(0, 3);
    await schedule.race([...apps.map((app) => release(world, app, '1.1.0')), person(world, 'ada', targets, notes)]);
    const expected = apps.flatMap((app) => ENVIRONMENTS.map((environment) => ({ environment, app, newest: '1.1.0' })));
    await expectNothingLost(world, expected);
    await expectForwards(world, expected.slice(0, 10));
    await expectKept(world, notes);
    await expectTidy(world);
  }

  async function oneApp(schedule: Schedule, many: number): Promise<void> {
    await using world = await opsWorld(stage, opsFiles(['shop']), options(schedule));
    const versions = schedule.shuffle(Array.from({ length: many }, (_, index) => `1.${index + 1}.0`));
    const notes: Note[] = [];
    const targets = schedule.shuffle(targetsOf(['shop'])).slice(0, 2);
    await schedule.race([
      ...versions.map((version) => release(world, 'shop', version)),
      person(world, 'ada', targets, notes),
    ]);
    const expected = ENVIRONMENTS.map((environment) => ({ environment, app: 'shop', newest: `1.${many}.0` }));
    await expectNothingLost(world, expected);
    await expectForwards(world, expected);
    await expectKept(world, notes);
    await expectTidy(world);
  }
});

function options({ pick }: Schedule): RepositoryOptions {
  return { deleteBranchOnMerge: pick([true, false]), mergeMethods: [pick(['merge', 'squash', 'rebase'])] };
}

/** The files that releases change, on main and on the branches of the pull requests. */
function targetsOf(apps: readonly string[]) {
  return apps.flatMap((app) =>
    ENVIRONMENTS.flatMap((environment) =>
      ['main', `ostack/${environment}/${app}`].map((branch) => ({ branch, path: overlayPath(environment, app) })),
    ),
  );
}
