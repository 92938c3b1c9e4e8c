import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readArchiveList } from '../../../src/images/quarantine/read-archive.js';
import { type QuarantineStage, quarantineStage } from '../quarantine-stage.js';
import { record } from '../table.js';
import { EVERYTHING, LINES, REFS } from './values.js';
import { type Watched, watched } from './watch.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const all = process.env.OSTACK_TORTURE === 'all';

let world: QuarantineStage;
beforeAll(async () => {
  world = await quarantineStage(REFS[0]?.value);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function act(inputs: Record<string, string> = {}): Promise<Watched> {
  const { stage } = world;
  const call = await world.call({ token: stage.token, 'github-token': stage.token, ...inputs });
  const run = await watched({ ...call, cwd: world.archive.root, secrets: [stage.token], servers: [stage.serverUrl] });
  const survived = run.violations.length === 0;
  record({ scenario: 'hostile input: quarantine-images', tried: 1, survived: survived ? 1 : 0 });
  return run;
}

/** Everything that the registry has. */
async function pushed(): Promise<unknown> {
  return (await fetch(`http://${world.stage.registry}/v2/_catalog`)).json();
}

const refused = { exitCode: 1, violations: [], outputs: {} };

test('an archive may name no app, no image and no place of its own', async () => {
  const { archive } = world;
  const values = [...LINES.map(({ value }) => value), EVERYTHING, '..', '.', '', 'my-app/../../x'];
  for (const value of values) {
    for (const entry of [{ image: value }, { app: value }, { digest: `${DIGEST}${value}x` }, { digest: value }]) {
      await archive.list({ app: 'my-app', image: 'my-app', digest: DIGEST, ...entry });
      const reading = readArchiveList(archive.root, new Map([['my-app', 'my-app']]));
      await expect(reading).rejects.toThrow(/^The archive is refused: .*Nothing was pushed\.$/s);
    }
  }
  for (const value of ['../../x', EVERYTHING]) {
    await archive.list({ app: 'my-app', image: value, digest: DIGEST });
    expect(await act()).toMatchObject(refused);
  }
  expect(await pushed()).toEqual({ repositories: [] });
});

test('an archive is for the pull request that GitHub knows, and holds files of its own', async () => {
  for (const number of ['2', `1\n${EVERYTHING}`]) {
    await world.archive.write('number', number);
    expect(await act()).toMatchObject(refused);
  }
  await world.archive.write('number', '1');
  const { digest } = await world.archive.image('my-app');
  await world.archive.list({ app: 'my-app', image: 'my-app', digest });
  await symlink('/etc/passwd', join(world.archive.root, 'passwd'));
  expect(await act()).toMatchObject(refused);
  expect(await pushed()).toEqual({ repositories: [] });
});

test('a registry and an ops repository are named, or refused', async () => {
  for (const { value } of LINES.slice(3, all ? 6 : 4)) {
    expect(await act({ registry: value })).toMatchObject({ exitCode: 1, violations: [] });
    expect(await act({ 'ops-repository': value })).toMatchObject(refused);
    expect((await act({ 'fork-label': value })).violations).toEqual([]);
  }
  expect(await pushed()).toEqual({ repositories: [] });
});
