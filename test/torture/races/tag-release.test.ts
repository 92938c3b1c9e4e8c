import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compare } from 'semver';
import * as v from 'valibot';
import { type Scenario as Checkouts, REPOSITORY, startScenario } from '../../actions/tag-release/support/scenario.js';
import { LONGEST_MS, playSchedules, type Racer, type Schedule } from './schedules.js';

const releasesSchema = v.array(v.object({ tag_name: v.string() }));

describe('runs on neighbouring commits', () => {
  let shop: Checkouts;
  let goBack: () => Promise<void>;
  beforeAll(async () => {
    shop = await startScenario({ 'README.md': 'apps\n' });
    goBack = await shop.stage.github.checkpoint();
  });
  afterAll(async () => shop[Symbol.asyncDispose]());

  test(
    'release every change once, in the order of the commits',
    () =>
      playSchedules(
        {
          ...{ stage: shop.stage, name: 'release every change once, in the order of the commits' },
          ...{ file: import.meta.filename, schedules: { all: 10, short: 1 }, idleMs: 1000 },
        },
        async (schedule) => {
          await goBack();
          await neighbours(shop, schedule);
        },
      ),
    LONGEST_MS,
  );
});

/** Two commits, of which both touch one app and the first another, are released by three runs at once. */
async function neighbours(shop: Checkouts, { race, pick }: Schedule): Promise<void> {
  const [web, api] = ['web', 'api'];
  const kind = pick(['fix', 'feat']);
  const older = await shop.push('feat: both', { [`apps/${web}/a.txt`]: '1', [`apps/${api}/a.txt`]: '1' });
  const newer = await shop.push(`${kind}: more`, { [`apps/${web}/a.txt`]: '2' });
  await race(await racers(shop, [older, newer, newer]));
  // What every run left to the others, the next one does.
  await shop.release({ sha: newer });
  const refs = await shop.repository.refs();
  const tagsOf = (app: string) =>
    Object.keys(refs)
      .filter((ref) => ref.startsWith(`refs/tags/${app}-v`))
      .map((ref) => ref.replace('refs/tags/', ''))
      .sort((one, other) => compare(one.replace(/^.*-v/, ''), other.replace(/^.*-v/, '')));
  const commits = await Promise.all(tagsOf(web).map((tag) => commitOf(shop, tag)));
  expect([[newer], [older, newer]]).toContainEqual(commits);
  expect(tagsOf(api)).toEqual([`${api}-v0.1.0`]);
  const pages = v.parse(releasesSchema, await shop.rest('GET', 'releases?per_page=100'));
  const names = pages.map(({ tag_name }) => tag_name).filter((name) => [web, api].some((app) => name.startsWith(app)));
  expect(names.sort()).toEqual([...tagsOf(web), ...tagsOf(api)].sort());
}

/** A run for each commit, checked out and waiting for the race to begin. */
async function racers(shop: Checkouts, commits: readonly string[]): Promise<Racer[]> {
  return Promise.all(
    commits.map(async (sha, index): Promise<Racer> => {
      const token = shop.stage.github.issueToken({ actor: `run-${index}`, repositories: [REPOSITORY] });
      const gate = new EventEmitter();
      const ready = once(gate, 'ready');
      const released = shop.release({
        ...{ sha, token },
        between: async () => {
          const open = once(gate, 'open');
          gate.emit('ready');
          await open;
        },
      });
      await Promise.race([ready, released]);
      return {
        name: `run ${index}`,
        tokens: [token],
        body: async () => {
          gate.emit('open');
          await released;
        },
      };
    }),
  );
}

/** The commit that an annotated or plain tag names. */
async function commitOf(shop: Checkouts, tag: string): Promise<string> {
  const schema = v.object({ sha: v.string() });
  return v.parse(schema, await shop.rest('GET', `commits/${tag}`)).sha;
}
