import { describe, expect, test } from '@jest/globals';
import { StandInWorld } from '../../infra/stand-in/world.js';
import { resultsOf } from '../../infra-tools/support/applies.js';
import { at, rest } from '../../local/github/support.js';
import { git } from '../../support/git.js';
import type { ActionResult } from '../../support/run-action.js';

/** A text without what differs from run to run. */
function normalise(world: StandInWorld, text: string): string {
  return text
    .replaceAll(world.infra.stage.serverUrl, 'https://github.test')
    .replaceAll(world.space.url, 'https://space.test/bucket')
    .replace(/^::add-mask::.*\n/gm, '')
    .replace(/\d{8}T\d{6}Z-[0-9a-f]{12}/g, 'STAMP')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replace(/\b[0-9a-f]{40}\b/g, 'SHA')
    .replace(/\b(?=[a-f]*\d)[0-9a-f]{16}\b/g, 'PLAN')
    .replace(/(?<=\bat |Of )[0-9a-f]{7}\b/g, 'SHORT')
    .replace(/ostack-[0-9a-f]{8}-[0-9a-f-]{27}/g, 'MARKER');
}

/** What a run asked for, of GitHub and of the space, each in its order. */
async function requestsOf(world: StandInWorld, run: () => Promise<ActionResult>) {
  const { requests } = world.infra.stage.github;
  const [ofGitHub, ofSpace] = [requests.length, world.space.requests.length];
  const result = await run();
  const lines = requests.slice(ofGitHub).map(({ method, path, operation, status }) => {
    const what = operation ?? `${method} ${path.replace('/api/v3', '')}`;
    return `${what} ${status}`;
  });
  const space = world.space.requests.slice(ofSpace).map((each) => each.replace('/bucket', ''));
  return { result, requests: normalise(world, [...lines, '', ...space].join('\n')) };
}

const issues = async (world: StandInWorld) =>
  (await world.infra.issues()).map(({ number, state, title }) => `#${number} ${state}: ${title}`);

test('What was reviewed is applied, once, and all are told', async () => {
  await using world = await StandInWorld.of({ net: { a: '1' } });
  const { pull, pushed } = await world.change('first', { net: { a: '1', b: '2' } });
  const { result, requests } = await requestsOf(world, () => world.infra.apply(pushed, world.applyInputs));
  expect([result.exitCode, await world.madeOf('net')]).toEqual([0, ['terraform_data.a = 1', 'terraform_data.b = 2']]);
  expect(requests).toMatchSnapshot('requests');
  expect(normalise(world, result.stdout)).toMatchSnapshot('log');
  expect(normalise(world, result.summary)).toMatchSnapshot('summary');
  expect(normalise(world, JSON.stringify(result.outputs, null, 2))).toMatchSnapshot('outputs');
  const [plan, applied, ...more] = await world.infra.comments(pull);
  expect([plan, more]).toEqual([expect.stringContaining('### Plan'), []]);
  expect(normalise(world, applied ?? '')).toMatchSnapshot('comment');
  const names = [...world.space.objects.keys()].map((key) => key.replace(/^plans\/net\/[^/]+\//, ''));
  expect(names.sort()).toEqual([
    ...['.ostack/written-once', 'applied.json', 'apply-started.json', 'approved.json'],
    ...['plan.age', 'plan.json.age', 'plan.txt.age', 'record.json'],
  ]);
  const ledger = (await git(world.infra.repository.gitDir, ['ls-tree', '-r', '--name-only', 'ostack-plans'])).split(
    '\n',
  );
  expect(ledger).toEqual([expect.stringMatching(/^plans\/net\/\d{4}-\d\d\.sha256$/)]);
  expect(normalise(world, (await world.infra.repository.read('ostack-plans', ledger[0] ?? '')) ?? '')).toBe(
    ['record', 'approved', 'applied'].map((name) => `HASH  plans/net/STAMP/${name}.json\n`).join(''),
  );

  const again = await requestsOf(world, () => world.infra.apply(pushed, world.applyInputs));
  expect([again.result.exitCode, resultsOf(again.result).net?.result]).toEqual([0, 'applied']);
  expect(await world.madeOf('net')).toHaveLength(2);
  expect(await issues(world)).toEqual([]);
});

describe('Nothing is applied', () => {
  test('that was not reviewed, before a person accepts that very plan', async () => {
    await using world = await StandInWorld.of({ net: {} });
    const pull = await world.infra.propose('more', Object.fromEntries([world.rootFile('net', { a: '1' })]));
    await world.infra.plan(pull, world.planInputs);
    const other = world.rootFile('net', { unseen: 'x' })[1].replace(/^terraform \{[\s\S]*?\n\}\n/, '');
    await world.infra.repository.commit('main', { 'net/other.tf': other }, 'feat: not reviewed');
    const run = await world.infra.apply(await world.infra.merge(pull), world.applyInputs);
    const { net } = resultsOf(run);
    expect([run.exitCode, net?.result, await world.madeOf('net')]).toEqual([1, 'asks', []]);
    expect(run.summary).toContain('- `terraform_data.unseen: create`');
    expect(await issues(world)).toEqual(['#3 open: Apply of net: not applied']);
    const inputs = { ...world.applyInputs, roots: 'net' };
    const wrong = await world.infra.apply({ by: 'ada' }, { ...inputs, accept: '0'.repeat(16) });
    expect([resultsOf(wrong).net?.result, await world.madeOf('net')]).toEqual(['asks', []]);
    const accepted = await world.infra.apply({ by: 'ada' }, { ...inputs, accept: net?.plan ?? '' });
    expect([accepted.exitCode, await world.madeOf('net')]).toEqual([
      0,
      ['terraform_data.a = 1', 'terraform_data.unseen = x'],
    ]);
    expect(await issues(world)).toEqual(['#3 closed: Apply of net: not applied']);
  });

  test('a second time after an apply that was killed, before a person has looked', async () => {
    await using world = await StandInWorld.of({ net: {} });
    const { pushed } = await world.change('first', { net: { a: '1' } });
    await world.trouble('net', 'killed');
    expect((await world.infra.apply(pushed, world.applyInputs)).exitCode).not.toBe(0);
    const made = ['terraform_data.a = 1'];
    const again = await world.infra.apply(pushed, world.applyInputs);
    const { net } = resultsOf(again);
    expect([again.exitCode, net?.result, net?.start]).toEqual([1, 'asks', expect.stringMatching(/^plans\/net\//)]);
    expect(again.summary).toContain('Look whether its run still runs.');
    const accepted = await world.infra.apply({ by: 'ada' }, { ...world.applyInputs, accept: net?.plan ?? '' });
    expect([resultsOf(accepted).net?.result, await world.madeOf('net')]).toEqual(['asks', made]);
    expect(await issues(world)).toEqual(['#2 open: Apply of net: not applied']);
    // Whoever looked has found that the thing is there twice then, and said so by the start's name.
    const looked = await world.infra.apply({ by: 'ada' }, { ...world.applyInputs, start: net?.start ?? '' });
    expect([looked.exitCode, await world.madeOf('net')]).toEqual([0, [...made, ...made]]);
    expect(await issues(world)).toEqual(['#2 closed: Apply of net: not applied']);
  });

  test('while somebody holds the lock, which a person opens by its id', async () => {
    await using world = await StandInWorld.of({ net: {} });
    const { pushed } = await world.change('first', { net: { a: '1' } });
    await world.lock('net', { id: '0a0b', who: 'grace@laptop' });
    const locked = await world.infra.apply(pushed, world.applyInputs);
    expect([locked.exitCode, resultsOf(locked).net]).toMatchObject([1, { result: 'locked', lock: { id: '0a0b' } }]);
    expect(locked.summary).toContain('`grace@laptop` holds the lock `0a0b`');
    const inputs = { ...world.applyInputs, roots: 'net' };
    const wrong = await world.infra.apply({ by: 'ada' }, { ...inputs, unlock: '0c0d' });
    expect([wrong.exitCode, wrong.stdout]).toEqual([1, expect.stringContaining('was not opened')]);
    expect((await world.infra.apply({ by: 'ada' }, { ...inputs, unlock: '0a0b' })).exitCode).toBe(0);
    expect(await world.madeOf('net')).toEqual([]);
    const applied = await world.infra.apply({ by: 'ada' }, inputs);
    expect([applied.exitCode, await world.madeOf('net')]).toEqual([0, ['terraform_data.a = 1']]);
  });
});

describe('An apply that fails', () => {
  test('half way leaves an issue, and goes on with what is left of what was reviewed', async () => {
    await using world = await StandInWorld.of({ net: {} });
    const { pushed } = await world.change('first', { net: { a: '1', b: '2' } });
    await world.trouble('net', 'half');
    const failed = await world.infra.apply(pushed, world.applyInputs);
    expect([failed.exitCode, resultsOf(failed).net?.result]).toEqual([1, 'failed']);
    expect(failed.summary).toContain('Error: It does not want to go on');
    expect(await issues(world)).toEqual(['#2 open: Apply of net: failed']);
    const again = await world.infra.apply(pushed, world.applyInputs);
    expect(resultsOf(again).net).toMatchObject({ result: 'applied', why: expect.stringContaining('a part of') });
    expect(await world.madeOf('net')).toEqual(['terraform_data.a = 1', 'terraform_data.b = 2']);
    expect(await issues(world)).toEqual(['#2 closed: Apply of net: failed']);
  });

  test('to write its state has it kept encrypted, and says how it is pushed', async () => {
    await using world = await StandInWorld.of({ net: {} });
    const { pushed } = await world.change('first', { net: { a: '1' } });
    await world.trouble('net', 'unwritten');
    const failed = await world.infra.apply(pushed, world.applyInputs);
    expect([failed.exitCode, resultsOf(failed).net?.result]).toEqual([1, 'failed']);
    expect(failed.summary).toMatch(/`plans\/net\/\S+\/errored\.tfstate\.age`.*state push errored\.tfstate/);
    const [kept] = [...world.space.objects].filter(([key]) => key.endsWith('/errored.tfstate.age'));
    expect(kept?.[1].toString('latin1')).toMatch(/^age-encryption\.org/);
  });
});

test('Two roots that change at once are one comment, and one that fails is one issue', async () => {
  await using world = await StandInWorld.of({ net: {}, app: {} });
  const { pull, pushed } = await world.change('both', { net: { a: '1' }, app: { b: '2' } });
  await world.trouble('app', 'failed');
  const run = await world.infra.apply(pushed, world.applyInputs);
  expect(resultsOf(run)).toMatchObject({ net: { result: 'applied' }, app: { result: 'failed' } });
  expect(await world.infra.comments(pull)).toHaveLength(2);
  expect(await issues(world)).toEqual(['#2 open: Apply of app: failed']);
  const { body } = await rest(world.infra.stage, `GET /repos/acme/infra/commits/${pushed.after}/check-runs`);
  expect(at(body, 'total_count')).toBe('2');
});
