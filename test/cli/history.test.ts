import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readHistoryArguments } from '../../src/cli/history/arguments.js';
import { listLines } from '../../src/cli/history/report-history.js';
import { runHistory } from '../../src/cli/history/run-history.js';
import { connect } from '../../src/github/client.js';
import { hashOfPlan, hashOfStep, keepPlan, keepStep } from '../../src/infra/history/keep-plan.js';
import { readHashes, recordHashes } from '../../src/infra/history/record-hashes.js';
import { newIdentity } from '../../src/infra/space/age-keys.js';
import { type Stage, startStage } from '../../src/local/stage.js';
import { FakeSpace, KEYS } from '../infra/space/fake-space.js';

const { identity, recipient } = newIdentity();
const AWS = {
  AWS_ACCESS_KEY_ID: KEYS.accessKey,
  AWS_SECRET_ACCESS_KEY: KEYS.secretKey,
  AWS_SESSION_TOKEN: KEYS.sessionToken,
};
const SPACE = 'https://fra1.digitaloceanspaces.com/acme-infra';
const PLAN = 'net/20261130T120000Z-cccccccccccc';

describe('ostack history', () => {
  test.each<[string, string]>([
    ['', 'Expected one of list, show, compare, retain after "history", found ""'],
    ['shwo', 'Did you mean "show"?'],
    ['list', '"history list" needs --space'],
    [`list x --space ${SPACE}`, 'Expected 0 plans after "history list", found 1'],
    [`show --space ${SPACE}`, 'Expected 1 plans after "history show", found 0'],
    [`show x --space ${SPACE}`, '"x" is no plan, expected one such as'],
    [`show ../20261130T120000Z-cccccccccccc/x --space ${SPACE}`, 'is no plan'],
    [`compare ${PLAN} ${PLAN} --space ${SPACE}`, '"history compare" needs --identity'],
    [`retain --space ${SPACE} --repo a/b`, '"history retain" needs --keep'],
    [`retain --space ${SPACE} --keep 7 --repo a/b`, '--keep has "7", expected how much is kept'],
    [`retain --space ${SPACE} --keep 7,`, 'needs --repo'],
    [`list --space ${SPACE} --most 0`, '--most is "0", expected a number'],
    [`list --space ${SPACE} --repo acme`, '--repo is "acme", expected owner/name'],
  ])('%s: %s', (args, message) => {
    expect(() => readHistoryArguments(args.split(' ').filter(Boolean), AWS)).toThrow(message);
  });

  test('asks for the keys of the space', () => {
    expect(() => readHistoryArguments(['list', '--space', SPACE], {})).toThrow('AWS_ACCESS_KEY_ID');
  });

  test('shows what a terminal would obey', () => {
    const entry = {
      prefix: 'plans/\u001b[2Jx',
      root: 'x',
      at: new Date(0),
      commit: 'c',
      isWhole: true,
      steps: [],
      names: [],
    };
    expect(listLines([{ entry, verdict: undefined }], [], 0).join()).not.toContain('\u001b');
  });
});

describe('The history of an infra repository', () => {
  let [stage, fake, folder]: [Stage?, FakeSpace?, string?] = [];
  const prefixes: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ostack-history-'));
    await writeFile(join(folder, 'key'), `# created: now\n${identity}\n`);
    await writeFile(join(folder, 'wrong'), `${newIdentity().identity}\n`);
    stage = await startStage({ repositories: { 'acme/infra': { files: { 'README.md': 'x' } } } });
    fake = await FakeSpace.start();
    for (const [day, value] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'b'],
    ] as const) {
      const change = { actions: ['create'], before: null, after: { value } };
      const json = JSON.stringify({ format_version: '1.2', resource_changes: [{ address: 'x.a', type: 'x', change }] });
      const made = await keepPlan(fake.space, 'conditions', recipient, {
        ...{ root: 'net', commit: 'c'.repeat(40), at: new Date(Date.UTC(2026, 10, day)), tool: 'OpenTofu 1.12.6' },
        ...{ plan: Buffer.from('p'), json, text: `Plan: ${value}` },
      });
      await keepStep(fake.space, 'conditions', made.prefix, 'apply-started', {});
      await keepStep(fake.space, 'conditions', made.prefix, 'applied', { by: 'grace' });
      prefixes.push(made.prefix);
      // Two roots are applied at once.
      const hashes = [hashOfPlan(made), hashOfStep(made.prefix, 'applied', { by: 'grace' })];
      await Promise.all(hashes.map((hash) => recordHashes(to(), [hash])));
      expect(await recordHashes(to(), hashes)).toBe(false);
    }
  });

  afterAll(async () => {
    await stage?.close();
    await fake?.[Symbol.asyncDispose]();
    await rm(folder ?? '', { recursive: true, force: true });
  });

  const to = () => {
    const { token = '', apiUrl = '', graphqlUrl = '' } = stage ?? {};
    return { github: connect({ token, apiUrl, graphqlUrl }), repository: { owner: 'acme', name: 'infra' } };
  };
  const run = async (...args: string[]) => {
    const { apiUrl = '', graphqlUrl = '', serverUrl = '', token = '' } = stage ?? {};
    const env = { ...AWS, GITHUB_GRAPHQL_URL: graphqlUrl, GH_TOKEN: token };
    const all = [...args, '--space', fake?.url ?? '', '--repo', 'acme/infra'];
    const result = await runHistory(all, env, { server: serverUrl, apiUrl }, new Date('2026-11-30T12:00:00Z'));
    return { ...result, text: result.lines.join('\n') };
  };
  const key = (name: string) => ['--identity', join(folder ?? '', name)];

  test('is listed, newest first, as git has it', async () => {
    const { exitCode, text, lines } = await run('list');
    expect([exitCode, lines.length]).toEqual([0, 3]);
    expect(lines[0]).toMatch(
      /^· 2026-11-03 00:00 UTC {2}net\/20261103T000000Z-cccccccccccc {2}apply-started, applied {2}as recorded$/,
    );
    expect(text).not.toContain('✗');
    expect((await run('list', '--most', '1')).lines[1]).toBe('and 2 more: say --most.');
  });

  test('is shown, its text to whoever has the key', async () => {
    const [prefix = ''] = prefixes;
    const without = await run('show', prefix);
    expect(without.text).toContain('Its text is encrypted');
    expect((await run('show', prefix, ...key('key'))).text).toContain('Plan: a');
    await expect(run('show', prefix, ...key('wrong'))).rejects.toThrow('encrypted to other keys');
    await expect(run('show', 'net/20261130T120000Z-cccccccccccc')).rejects.toThrow('there is no such plan');
  });

  test('is compared', async () => {
    const [a = '', b = '', c = ''] = prefixes;
    expect(await run('compare', a, b, ...key('key'))).toMatchObject({
      exitCode: 1,
      text: 'x.a: otherwise, value after',
    });
    expect(await run('compare', b, c, ...key('key'))).toMatchObject({ exitCode: 0 });
  });

  test('shows that somebody touched it', async () => {
    const [a = '', b = ''] = prefixes;
    const objects = fake?.objects ?? new Map<string, Buffer>();
    const before = new Map(objects);
    objects.set(`${a}/record.json`, objects.get(`${b}/record.json`) ?? Buffer.alloc(0));
    for (const name of [...objects.keys()].filter((each) => each.startsWith(b))) {
      objects.delete(name);
    }
    const { exitCode, text } = await run('list');
    expect([exitCode, text]).toEqual([
      1,
      expect.stringMatching(/✗ .*CHANGED: .*record\.json.*\n✗ net\/20261102.* is gone/s),
    ]);
    await expect(run('show', a)).rejects.toThrow('is not the one that git has the hash of');
    for (const [name, bytes] of before) {
      objects.set(name, bytes);
    }
    expect((await run('list')).exitCode).toBe(0);
  });

  test('is kept as long as it is said, and git is told', async () => {
    const keep = ['retain', '--keep', '1 days'];
    const tried = await run(...keep);
    expect(tried.lines).toEqual([
      'Would delete net/20261102T000000Z-cccccccccccc',
      'Would delete net/20261101T000000Z-cccccccccccc',
      'Nothing was done: say --yes.',
    ]);
    await run(...keep, '--yes');
    const { exitCode, lines } = await run('list');
    expect([exitCode, lines.length]).toEqual([0, 1]);
    expect([...(await readHashes(to())).deleted].sort()).toEqual(prefixes.slice(0, 2));
    expect((await run(...keep, '--yes')).lines).toEqual(['Nothing to delete.']);
  });
});
