import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newIdentity } from '../../src/infra/space/age-keys.js';
import { appliedByHand, data, merged, resultsOf, rootWith, spaceInputs, stateOf } from './support/applies.js';
import { backend, InfraRepository } from './support/infra-repository.js';
import { need } from './support/need.js';
import { SpaceServer } from './support/space-server.js';

const { identity, recipient } = newIdentity();
let infra: InfraRepository;
let server: SpaceServer;
/** Inputs of the space, which plans and applies have. */
let space: Record<string, string>;

beforeAll(async () => {
  await need('tofu');
  server = await SpaceServer.start();
  space = spaceInputs(server, recipient);
  infra = await InfraRepository.of((states) => ({
    'net/main.tf': backend(join(states, 'net')) + data('net', 'one'),
    'app/main.tf': backend(join(states, 'app')) + data('app', 'one'),
  }));
});

afterAll(async () => {
  await infra?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const withKey = () => ({ ...space, identity });

const planned = (branch: string, files: Record<string, string | null>) => merged(infra, branch, files, space);
const root = (name: string, ...resources: string[]) => rootWith(infra, name, ...resources);
const state = (name: string) => stateOf(infra, name);

describe('A merged pull request', () => {
  test('is applied as it was reviewed, once', async () => {
    const { pull, pushed } = await planned('first', { 'net/more.tf': data('more', 'x') });
    const run = await infra.apply(pushed, withKey());
    expect([run.stdout, run.exitCode]).toEqual([expect.stringContaining('the plan that was reviewed'), 0]);
    expect(resultsOf(run)).toMatchObject({
      net: { result: 'applied', why: expect.stringContaining('nothing has moved') },
    });
    expect(await state('net')).toEqual({ net: 'one', more: 'x' });
    expect(await infra.comments(pull)).toEqual([
      expect.stringContaining('### Plan'),
      expect.stringContaining('### Apply: Applied'),
    ]);
    const keys = (await server.space.list('plans/net/')).map(({ key }) => key.replace(/^.*\//, ''));
    expect(keys.sort()).toEqual([
      ...['applied.json', 'apply-started.json', 'approved.json'],
      ...['plan.age', 'plan.json.age', 'plan.txt.age', 'record.json'],
    ]);
    const again = await infra.apply(pushed, withKey());
    expect([again.exitCode, resultsOf(again).net?.result]).toEqual([0, 'applied']);
    expect((await infra.checks({ head: pushed.after }))['oStack apply / net']?.title).toBe('2 added');
    expect(await infra.applyIssues()).toEqual([]);
  });

  test('brings no state of its own by a file that looks like one the tool could not write', async () => {
    const errored = JSON.stringify({ version: 4, serial: 99, lineage: 'evil', resources: [] });
    const files = { 'z/main.tf': root('z', data('z', '1')), 'z/errored.tfstate': errored };
    const { pushed } = await planned('errored', files);
    const run = await infra.apply(pushed, withKey());
    expect([run.exitCode, resultsOf(run).z?.result]).toEqual([0, 'applied']);
    const keys = (await server.space.list('plans/z/')).map(({ key }) => key);
    expect(keys.filter((key) => key.includes('errored'))).toEqual([]);
  });

  test('is not applied where its merge does more than it showed, before a person accepts that', async () => {
    const pull = await infra.propose('behind', { 'a/main.tf': root('a', data('one', '1')) });
    await infra.plan(pull, space);
    await infra.repository.commit('main', { 'a/other.tf': data('other', '2') }, 'feat: not reviewed');
    const run = await infra.apply(await infra.merge(pull), withKey());
    const { a } = resultsOf(run);
    expect([run.exitCode, a?.result]).toEqual([1, 'asks']);
    expect(run.summary).toContain('- `terraform_data.other: create`');
    expect(await state('a')).toEqual({});
    expect(await infra.applyIssues()).toEqual(['open: Apply of a: not applied']);
    const wrong = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'a', accept: '0'.repeat(16) });
    expect(resultsOf(wrong).a).toMatchObject({ result: 'asks', why: expect.stringContaining('it is another one now') });
    const accepted = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'a', accept: a?.plan ?? '' });
    expect([accepted.exitCode, resultsOf(accepted).a?.result]).toEqual([0, 'applied']);
    expect(await state('a')).toEqual({ one: '1', other: '2' });
    expect(await infra.applyIssues()).toEqual(['closed: Apply of a: not applied']);
  });

  test('is applied anew where another merge came between and it still does the same', async () => {
    const one = await infra.propose('one', { 'b/main.tf': root('b', data('one', '1')) });
    await infra.plan(one, space);
    await infra.repository.commit('main', { 'b/notes.txt': 'x' }, 'docs: a file in its folder');
    const run = await infra.apply(await infra.merge(one), withKey());
    expect(resultsOf(run).b).toMatchObject({ result: 'applied', why: expect.stringContaining('Moved since: files') });
  });

  test('is applied in part where the rest is there already, and not where the state became another one', async () => {
    const both = root('c', data('one', '1'), data('two', '2'));
    const { pushed } = await planned('moved', { 'c/main.tf': both });
    await appliedByHand(infra, { 'main.tf': root('c', data('one', '1')) });
    const run = await infra.apply(pushed, withKey());
    expect(resultsOf(run).c).toMatchObject({ result: 'applied', why: expect.stringContaining('a part of') });
    expect(await state('c')).toEqual({ one: '1', two: '2' });

    const next = await planned('moved-again', { 'c/main.tf': root('c', data('one', '3'), data('two', '2')) });
    await appliedByHand(infra, { 'main.tf': root('c', data('one', 'by hand'), data('two', '2')) });
    const refused = await infra.apply(next.pushed, withKey());
    expect([refused.exitCode, resultsOf(refused).c?.result]).toEqual([1, 'asks']);
    expect(await state('c')).toEqual({ one: 'by hand', two: '2' });
  });

  test('waits for the roots before it, and those that read their state are planned then', async () => {
    const reads = (input: string) =>
      `data "terraform_remote_state" "d" {\n  backend = "local"\n  config = { path = ${JSON.stringify(join(infra.states, 'd'))} }\n}\nresource "terraform_data" "e" {\n  input = ${input}\n}\n`;
    const output = (value: string) => `output "x" {\n  value = "${value}"\n}\n`;
    const first = await planned('order', { 'd/main.tf': root('d', data('d', '1'), output('1')) });
    expect((await infra.apply(first.pushed, withKey())).exitCode).toBe(0);
    const both = await planned('readers', {
      'e/main.tf': root('e', reads('data.terraform_remote_state.d.outputs.x')),
    });
    expect((await infra.apply(both.pushed, withKey())).exitCode).toBe(0);

    const changed = await planned('change', { 'd/main.tf': root('d', data('d', '2'), output('2')) });
    const alone = await infra.apply(changed.pushed, { ...withKey(), roots: 'e' });
    expect(resultsOf(alone).e).toMatchObject({ result: 'waits', why: expect.stringContaining('It comes after d') });
    const listed = await infra.apply(changed.pushed, { list: 'true' });
    expect(JSON.parse(listed.outputs.roots ?? '')).toMatchObject([{ root: 'd' }, { root: 'e' }]);
    const run = await infra.apply(changed.pushed, withKey());
    expect(resultsOf(run)).toMatchObject({ d: { result: 'applied' }, e: { result: 'asks' } });
    expect([await state('d'), await state('e')]).toEqual([{ d: '2' }, { e: '1' }]);
    const accepted = await infra.apply(
      { by: 'ada' },
      { ...withKey(), roots: 'e', accept: resultsOf(run).e?.plan ?? '' },
    );
    expect([accepted.exitCode, await state('e')]).toEqual([0, { e: '2' }]);
  });

  test('needs an approval of this very plan where its root has approvers', async () => {
    const files = (input: string) => ({
      'ostack.yaml': 'roots:\n  f: { approvers: [grace] }\n  net: {}\n',
      'f/main.tf': root('f', data('f', input)),
    });
    await infra.repository.commit('main', { 'ostack.yaml': files('1')['ostack.yaml'] }, 'feat: approvers');
    const pull = await infra.propose('approved', files('1'));
    await infra.approve(pull, 'grace', false);
    await infra.plan(pull, space);
    const run = await infra.apply(await infra.merge(pull), withKey());
    expect(resultsOf(run).f).toMatchObject({
      result: 'asks',
      why: expect.stringContaining('the plan was another one'),
    });
    const other = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'f', accept: resultsOf(run).f?.plan ?? '' });
    expect(resultsOf(other).f).toMatchObject({
      result: 'asks',
      why: expect.stringContaining('ada is none of its approvers'),
    });

    const next = await infra.propose('approved-2', files('2'));
    await infra.plan(next, space);
    await infra.approve(next, 'grace');
    await infra.plan(next, space);
    const fine = await infra.apply(await infra.merge(next), withKey());
    expect([fine.exitCode, await state('f'), fine.summary]).toEqual([
      0,
      { f: '2' },
      expect.stringContaining('`grace`'),
    ]);
    await infra.repository.commit('main', { 'ostack.yaml': null }, 'feat: without approvers');
  });
});

test('A plan that OpenTofu encrypts itself, of which nobody can tell what it is made of, is made anew and applied where it does the same', async () => {
  const encryption = `terraform {
  encryption {
    key_provider "pbkdf2" "own" {
      passphrase = "correct-horse-battery-staple"
    }
    method "aes_gcm" "own" {
      keys = key_provider.pbkdf2.own
    }
    state {
      method = method.aes_gcm.own
    }
    plan {
      method = method.aes_gcm.own
    }
  }
}
`;
  const { pushed } = await planned('closed', { 'closed/main.tf': root('closed', encryption, data('a', 'x')) });
  expect(resultsOf(await infra.apply(pushed, withKey())).closed).toMatchObject({
    ...{ result: 'applied', why: expect.stringContaining('It does the same as what the plan of #') },
  });
  const next = await planned('closed-more', { 'closed/more.tf': data('more', 'x') });
  await infra.repository.commit('main', { 'closed/unseen.tf': data('unseen', 'x') }, 'feat: unseen');
  const after = await infra.head();
  const refused = await infra.apply({ ...next.pushed, after }, withKey());
  expect(resultsOf(refused).closed?.result).toBe('asks');
});

test('What has the time of its plan in it is applied where it does the same, and not where something is made of that', async () => {
  const at = (value: string, more = '') => ({
    't/main.tf': root('t', `resource "terraform_data" "at" {\n  input = ${value}\n${more}}\n`),
  });
  const first = await planned('time', at(`"at \${plantimestamp()}"`));
  const same = resultsOf(await infra.apply(first.pushed, withKey())).t;
  // In another second its file has another time within a value, too: then it is made anew, and does the same.
  const why = expect.stringMatching(/nothing has moved|does the same as .* Moved since: what else is in its file/);
  expect(same).toMatchObject({ result: 'applied', why });
  // With the folder, which is another one in each run: two plans may be of one second.
  const made = 'join(" ", [formatdate("hh:mm:ss", plantimestamp()), abspath(path.cwd)])';
  const { pushed } = await planned('made-of-time', at(made));
  const { t } = resultsOf(await infra.apply(pushed, withKey()));
  expect(t).toMatchObject({
    result: 'asks',
    why: expect.stringMatching(/plantimestamp\(\) in t\/main\.tf:\d+ is another time in each plan.*take timestamp\(\)/),
  });
  const accepted = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 't', accept: t?.plan ?? '' });
  expect(resultsOf(accepted).t?.result).toBe('asks');
  // What it says to do, for what is there and for what is new.
  const open = 'formatdate("hh:mm:ss", timestamp())';
  const kept = '  lifecycle {\n    ignore_changes = [input]\n  }\n';
  const fresh = data('fresh', 'x', kept).replace('"x"', open);
  const mended = await planned('mended', { ...at(open, kept), 't/fresh.tf': fresh });
  expect(resultsOf(await infra.apply(mended.pushed, withKey())).t?.result).toBe('applied');
  const again = await planned('after', { 't/more.tf': data('more', 'x') });
  expect((await infra.checks(again.pull)).t?.title).toBe('1 to add');
});
