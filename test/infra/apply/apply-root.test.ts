import { describe, expect, test } from '@jest/globals';
import { writeApplyCheck } from '../../../src/infra/apply/apply-checks.js';
import type { ApplyHistory } from '../../../src/infra/apply/apply-history.js';
import type { ApplyReport } from '../../../src/infra/apply/apply-report.js';
import { PARTS } from '../../../src/infra/history/entries.js';
import type { KeptHash } from '../../../src/infra/history/hash-ledger.js';
import { FakeSpace } from '../space/fake-space.js';
import { AGE, RootToApply, type Running } from '../support/root-to-apply.js';

const [older, newer] = ['plans/net/20261130T120000Z-cccccccccccc', 'plans/net/20261130T130000Z-dddddddddddd'];
const facts = { at: '2026-11-30T12:30:00.000Z', by: 'grace', run: 'https://github.test/runs/1' };

/** A space in which applies of plans were begun. */
async function begun(...prefixes: string[]) {
  const fake = await FakeSpace.start();
  const recorded: KeptHash[] = [];
  const json = (value: object) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  for (const prefix of prefixes) {
    for (const part of Object.values(PARTS)) {
      fake.objects.set(`${prefix}/${part}`, Buffer.from('x'));
    }
    fake.objects.set(`${prefix}/apply-started.json`, json(facts));
  }
  const history: ApplyHistory = {
    ...{ space: fake.space, guard: 'conditions', recipients: AGE.recipient },
    record: async (kept) => recorded.push(...kept),
  };
  const ends = () =>
    [...fake.objects].flatMap(([key, bytes]) => {
      const end = key.endsWith('/applied.json') ? JSON.parse(bytes.toString()) : undefined;
      return end === undefined ? [] : [`${key.slice(0, key.lastIndexOf('/'))}: ${end.result} by ${end.by}`];
    });
  return { fake, history, recorded, ends };
}

const running = (start: string): ApplyReport => ({
  ...{ root: 'net', result: 'running', why: '', problem: '', beyond: [], plan: '', approved: [], start },
  ...{ run: facts.run, at: facts.at, by: facts.by },
});
const started = async (world: RootToApply) => {
  const commit = (await world.repository.refs())['refs/heads/main'] ?? '';
  await writeApplyCheck(world.to, commit, running('run-1'), undefined);
};

const says = (start: string, login = 'ada'): Running['word'] => ({ login, accepts: undefined, start });

describe('A start of whose end nobody knows', () => {
  test('has an end once a person has looked after it and nothing is left', async () => {
    await using world = await RootToApply.of();
    const { fake, history, recorded, ends } = await begun(newer);
    await using _ = fake;
    const asked = await world.apply({ history });
    expect([asked.report.result, asked.report.start, ends()]).toEqual(['asks', newer, []]);
    const looked = await world.apply({ history, word: says(newer) });
    expect([looked.report.result, ends()]).toEqual(['nothing', [`${newer}: given up by ada`]]);
    // Git has it too, so that it cannot be changed unseen.
    expect(recorded.map(({ key }) => key)).toContain(`${newer}/applied.json`);
    expect((await world.apply({ history })).report).toMatchObject({ result: 'nothing', start: '' });
  });

  test.each<[string, Running['word']]>([
    ['nobody says anything', undefined],
    ['a person names no start', { login: 'ada', accepts: undefined, start: undefined }],
    ['a person names another one', says(older)],
    ['a person accepts a plan instead', { login: 'ada', accepts: '0'.repeat(16), start: undefined }],
  ])('stays open where %s', async (_what, word) => {
    await using world = await RootToApply.of();
    const { fake, history, ends } = await begun(newer);
    await using _ = fake;
    expect((await world.apply({ history, word })).report).toMatchObject({ result: 'asks', start: newer });
    expect(ends()).toEqual([]);
  });

  test('stays open where the word is of somebody who may not approve the root', async () => {
    await using world = await RootToApply.of();
    const config = 'roots: { net: { approvers: [olga] } }\n';
    await world.repository.commit('main', { 'ostack.yaml': config }, 'feat: olga approves');
    const { fake, history, ends } = await begun(newer);
    await using _ = fake;
    expect((await world.apply({ history, word: says(newer) })).report).toMatchObject({ result: 'asks', start: newer });
    expect(ends()).toEqual([]);
    expect((await world.apply({ history, word: says(newer, 'olga') })).report.result).toBe('nothing');
    expect(ends()).toEqual([`${newer}: given up by olga`]);
  });

  test('of which a check run alone knows has its end there, and nothing of it is in the space', async () => {
    await using world = await RootToApply.of();
    const { fake, history } = await begun();
    await using _ = fake;
    await started(world);
    expect((await world.apply({ history })).report).toMatchObject({ result: 'asks', start: 'run-1' });
    const looked = await world.apply({ history, word: says('run-1') });
    expect([looked.report.result, [...fake.objects.keys()]]).toEqual(['nothing', []]);
  });

  test('is ended alone: another one is asked for next', async () => {
    await using world = await RootToApply.of();
    const { fake, history, ends } = await begun(older, newer);
    await using _ = fake;
    expect((await world.apply({ history, word: says(newer) })).report.result).toBe('nothing');
    expect(ends()).toEqual([`${newer}: given up by ada`]);
    expect((await world.apply({ history })).report).toMatchObject({ result: 'asks', start: older });
  });

  test('is followed by the plan that a person accepts, and stays open where they accept none', async () => {
    await using world = await RootToApply.of('1');
    const { fake, history, ends } = await begun(newer);
    await using _ = fake;
    const { report } = await world.apply({ history, word: says(newer) });
    expect([report.result, report.start, ends()]).toEqual(['asks', newer, []]);
    const word = { login: 'ada', accepts: report.plan, start: newer };
    expect((await world.apply({ history, word })).report.result).toBe('applied');
    expect(ends()).toEqual([`${newer}: given up by ada`, expect.stringMatching(/: applied by ada$/)]);
    expect(await world.made()).toEqual(['terraform_data.a = 1']);
  });
});

describe('Git is told of a plan', () => {
  const accepted = async (world: RootToApply, history: ApplyHistory) => {
    const { report } = await world.apply({ history });
    return world.apply({ history, word: { login: 'ada', accepts: report.plan, start: undefined } });
  };

  test('before it is begun, at once with who approved it', async () => {
    await using world = await RootToApply.of('1');
    const { fake, history } = await begun();
    await using _ = fake;
    const told: string[] = [];
    const record = async (kept: readonly KeptHash[]) => {
      const names = kept.map(({ key }) => key.replace(/^.*\//, ''));
      const isBegun = [...fake.objects.keys()].some((key) => key.endsWith('/apply-started.json'));
      told.push(`${names.join(' and ')}${isBegun ? ', begun' : ''}`);
    };
    expect((await accepted(world, { ...history, record })).report.result).toBe('applied');
    expect(told).toEqual(['record.json and approved.json', 'applied.json, begun']);
  });

  test('and where it has another hash of it, nothing is begun', async () => {
    await using world = await RootToApply.of('1');
    const { fake, history } = await begun();
    await using _ = fake;
    const record = () => Promise.reject(new Error('The branch has another hash.'));
    const { report } = await accepted(world, { ...history, record });
    expect(report).toMatchObject({ result: 'failed', problem: 'The branch has another hash.' });
    expect([...fake.objects.keys()].filter((key) => key.endsWith('/apply-started.json'))).toEqual([]);
    expect(await world.made()).toEqual([]);
  });
});

describe('Without a space', () => {
  test('a start is asked for by each run until a person has looked after it', async () => {
    await using world = await RootToApply.of();
    await started(world);
    // A run that is started again has the id that it had.
    for (const id of ['1', '2', '2', '3']) {
      const { report } = await world.apply({ id });
      expect(report).toMatchObject({
        result: 'asks',
        start: 'run-1',
        why: expect.stringContaining(`at ${facts.at} by grace`),
      });
    }
    expect((await world.apply({ id: '5', word: says('run-1') })).report).toMatchObject({
      result: 'nothing',
      start: '',
    });
    expect((await world.apply({ id: '6' })).report).toMatchObject({ result: 'nothing', start: '' });
  });

  const HELD = '- { environment: "*", app: net, since: 2026-11-20T10:00:00Z, by: ada, reason: audit }\n';
  test.each<[string, (world: RootToApply) => Promise<ApplyReport>]>([
    ['that waits, for the root is held', async (world) => (await world.apply({ id: '2', holds: HELD })).report],
    [
      'that could not plan',
      async (world) => {
        await world.breaks(true);
        const { report } = await world.apply({ id: '2' });
        await world.breaks(false);
        return report;
      },
    ],
    ['whose word is for another start', async (world) => (await world.apply({ id: '2', word: says('run-9') })).report],
  ])('a start outlives a run %s', async (_what, between) => {
    await using world = await RootToApply.of('1');
    await started(world);
    expect(await between(world)).toMatchObject({ start: 'run-1' });
    expect((await world.apply({ id: '3' })).report).toMatchObject({ result: 'asks', start: 'run-1' });
    expect(await world.made()).toEqual([]);
  });
});
