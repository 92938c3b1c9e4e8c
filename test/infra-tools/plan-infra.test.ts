import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../src/local/spawner/spawner.js';
import { backend, InfraRepository } from './support/infra-repository.js';
import { need } from './support/need.js';

const data = (name: string, input: string, more = '') =>
  `resource "terraform_data" "${name}" {\n  input = ${JSON.stringify(input)}\n${more}}\n`;

let infra: InfraRepository;

beforeAll(async () => {
  await need('tofu');
  infra = await InfraRepository.of((states) => ({
    'ostack.yaml': 'stateful: [terraform_data]\n',
    'net/main.tf': backend(join(states, 'net')) + data('net', 'one'),
    'app/main.tf': `${backend(join(states, 'app'))}module "shared" {\n  source = "../modules/shared"\n}\n`,
    'modules/shared/main.tf': data('shared', 'one'),
    'old/main.tf': backend(join(states, 'old')) + data('old', 'one'),
  }));
});

afterAll(async () => {
  await infra?.[Symbol.asyncDispose]();
});

/** Applies what a folder has on a branch, by hand. */
async function applied(files: Record<string, string>): Promise<void> {
  const folder = join(infra.states, `by-hand-${Math.random()}`);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  for (const args of [
    ['init', '-input=false'],
    ['apply', '-auto-approve', '-input=false'],
  ]) {
    const { code, stderr } = await runCommand({
      file: 'tofu',
      args,
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder },
    });
    expect([code, stderr.toString()]).toEqual([0, '']);
  }
}

describe('a pull request', () => {
  test('has one comment over its pushes, of the roots that it can change', async () => {
    const first = await infra.propose('one', { 'modules/shared/main.tf': data('shared', 'two') });
    const run = await infra.plan(first);
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(JSON.parse(run.outputs.roots ?? '')).toMatchObject([
      { root: 'app', because: 'modules/shared/main.tf changes' },
    ]);
    expect(JSON.parse(run.outputs.plans ?? '')).toMatchObject([
      { root: 'app', state: 'planned', exitCode: 2, counts: { add: 1 } },
    ]);
    expect(await infra.checks(first)).toMatchObject({ app: { conclusion: 'success', title: '1 to add' } });
    const [comment, ...more] = await infra.comments(first);
    expect(more).toEqual([]);
    expect(comment).toContain('### Plan: 1 root changes');
    expect(comment).toContain('module.shared.terraform_data.shared will be created');

    const second = await infra.propose('one', {
      'net/main.tf': backend(join(infra.states, 'net')) + data('net', 'two'),
    });
    await infra.plan(second);
    const [again, ...others] = await infra.comments(second);
    expect([others, again]).toEqual([[], expect.stringContaining('### Plan: 2 roots change')]);

    const third = await infra.propose('one', {
      'modules/shared/main.tf': data('shared', 'one'),
      'net/main.tf': backend(join(infra.states, 'net')) + data('net', 'one'),
      'README.md': 'x',
    });
    const nothing = await infra.plan(third);
    expect([nothing.exitCode, nothing.outputs.changed]).toEqual([0, 'false']);
    expect(await infra.comments(third)).toEqual([
      expect.stringContaining('Nothing of the infrastructure changes any more.'),
    ]);
  });

  test('is planned as it would be merged, and refused where that is not checked out', async () => {
    const pull = await infra.propose('behind', { 'app/more.tf': data('more', 'x') });
    await infra.repository.commit('main', { 'app/other.tf': data('other', 'x') }, 'feat: other');
    await infra.repository.commit('behind', { 'app/x.md': 'x' }, 'feat: push');
    const head = (await infra.repository.refs())['refs/heads/behind'] ?? '';
    const run = await infra.plan({ ...pull, head });
    expect(run.stdout).toContain('terraform_data.other will be created');
    const alone = await infra.plan({ ...pull, head }, {}, { at: 'refs/heads/behind' });
    expect([alone.exitCode, alone.stdout]).toEqual([
      1,
      expect.stringContaining('its plan would take back what came there'),
    ]);
  });

  test.each([
    ['environment', 'other'],
    ['terraform.tfstate', '{"version":3,"backend":{"type":"local","config":{"path":"/tmp/elsewhere"}}}'],
    ['modules/modules.json', '{"Modules":[]}'],
  ])('that brings what the tool made for somebody else (.terraform/%s) is not planned by it', async (name, text) => {
    const pull = await infra.propose('made', { [`net/.terraform/${name}`]: text });
    const run = await infra.plan(pull);
    expect([run.exitCode, run.stdout]).toEqual([
      1,
      expect.stringContaining('is in git, and the tool would take from there what it made for somebody else'),
    ]);
    await infra.propose('made', { [`net/.terraform/${name}`]: null });
  });

  test('loses what keeps data on top, and what was protected', async () => {
    const state = backend(join(infra.states, 'kept'));
    const protectedOne = data('kept', 'x', '  lifecycle {\n    prevent_destroy = true\n  }\n');
    await infra.repository.commit(
      'main',
      { 'kept/main.tf': `${state}${protectedOne}${data('db', 'x')}` },
      'feat: kept',
    );
    await applied({ 'main.tf': `${state}${protectedOne}${data('db', 'x')}` });
    const pull = await infra.propose('lost', { 'kept/main.tf': state });
    const run = await infra.plan(pull);
    expect(run.exitCode).toBe(0);
    const [comment = ''] = await infra.comments(pull);
    expect(comment).toContain('> **2 things that keep data or were protected are lost:**');
    expect(comment).toContain('> - `terraform_data.kept` is destroyed (it was protected by `prevent_destroy`)');
    expect(comment.indexOf('CAUTION')).toBeLessThan(comment.indexOf('| root |'));
    expect((await infra.checks(pull)).kept?.title).toBe('2 lost: 2 to destroy');
  });

  test('that moves a state is told so, for its plan makes everything anew', async () => {
    const at = (name: string) => ({ 'moved/main.tf': backend(join(infra.states, name)) + data('moved', 'x') });
    await infra.repository.commit('main', at('moved-a'), 'feat: moved');
    await applied({ 'main.tf': at('moved-a')['moved/main.tf'] });
    const pull = await infra.propose('moved', at('moved-b'));
    await infra.plan(pull);
    expect(await infra.checks(pull)).toMatchObject({ moved: { conclusion: 'success', title: '1 to add' } });
    const [comment] = await infra.comments(pull);
    expect(comment).toContain('Its state is kept somewhere else from here on');
  });

  test('that deletes a root is refused while its state owns something', async () => {
    const before = await infra.propose('empty', { 'old/main.tf': null });
    expect((await infra.plan(before)).exitCode).toBe(0);
    await applied({ 'main.tf': backend(join(infra.states, 'old')) + data('old', 'one') });
    const pull = await infra.propose('gone', { 'old/main.tf': null });
    const run = await infra.plan(pull);
    expect([run.exitCode, run.stdout]).toEqual([1, expect.stringContaining('its state still owns 1 thing')]);
    expect((await infra.checks(pull)).old?.conclusion).toBe('failure');
    const inModule = { 'main.tf': `${backend(join(infra.states, 'old'))}module "data" {\n  source = "./data"\n}\n` };
    await applied({ ...inModule, 'data/main.tf': data('old', 'one') });
    const called = await infra.propose('called', { 'old/main.tf': null });
    expect((await infra.plan(called)).stdout).toContain('module.data.terraform_data.old');
    await applied({ 'main.tf': backend(join(infra.states, 'old')) + data('old', 'one') });
    const moved = await infra.propose('moved', {
      'old/main.tf': null,
      'new/main.tf': backend(join(infra.states, 'old')) + data('old', 'one'),
    });
    expect((await infra.plan(moved)).exitCode).toBe(0);
  });

  test('that cannot be planned fails, with the words of the tool', async () => {
    const pull = await infra.propose('wrong', {
      'app/wrong.tf': 'resource "terraform_data" "a" {\n  input = var.missing\n}\n',
    });
    const run = await infra.plan(pull);
    expect([run.exitCode, run.stdout]).toEqual([1, expect.stringContaining('Reference to undeclared input variable')]);
    expect((await infra.checks(pull)).app?.conclusion).toBe('failure');
    expect(await infra.comments(pull)).toEqual([expect.stringContaining('### Plan: 1 root has no plan')]);
  });

  test('of a fork is formatted and validated, without credentials and without a comment', async () => {
    const pull = await infra.propose('fork', { 'app/fork.tf': 'resource   "terraform_data" "f" {}\n' });
    const run = await infra.plan(pull, { env: 'X=hunter22-fork' }, { fork: true });
    expect([run.exitCode, run.stdout]).toEqual([1, expect.stringContaining('Not formatted')]);
    expect(await infra.comments(pull)).toEqual([]);
    const fine = await infra.propose('fine', { 'app/fine.tf': data('fine', 'x') });
    expect((await infra.plan(fine, {}, { fork: true })).outputs.plans).toContain('"state":"checked"');
  });

  test('has one comment of several jobs', async () => {
    const pull = await infra.propose('matrix', { 'app/m.tf': data('m', 'x'), 'net/m.tf': data('m', 'x') });
    const listed = await infra.plan(pull, { list: 'true', tool: '', token: '' });
    const rows: { root: string }[] = JSON.parse(listed.outputs.roots ?? '');
    const roots = rows.map(({ root }) => root);
    expect(roots).toEqual(['app', 'net']);
    await Promise.all(roots.map((root) => infra.plan(pull, { roots: root })));
    const comments = await infra.comments(pull);
    expect(comments).toEqual([expect.stringMatching(/`app`.*`net`/s)]);
  });
});

const SECRET = 'hunter22"<&%s3cret';

describe('a secret', () => {
  const variable = `variable "pw" {\n  type = string\n  sensitive = true\n}\n`;
  const places: [string, string][] = [
    ['a copy that is marked no more', 'input = nonsensitive(var.pw)'],
    ['base64', 'input = nonsensitive(base64encode("user:§{var.pw}"))'],
    ['JSON', 'input = nonsensitive(jsonencode({ a = [var.pw] }))'],
    ['an address', 'input = nonsensitive("https://u:§{urlencode(var.pw)}@host/")'],
    ['upper case', 'input = nonsensitive(upper(var.pw))'],
    ['lines of a text', 'input = nonsensitive("a\\n  §{var.pw}\\nb")'],
    ['a key of for_each', 'for_each = nonsensitive(toset([var.pw]))'],
  ];

  test('is shown nowhere, wherever it is copied to', async () => {
    const resources = places.map(
      ([, line], index) => `resource "terraform_data" "r${index}" {\n  ${line.replaceAll('§{', '${')}\n}\n`,
    );
    const output = 'output "o" {\n  value = nonsensitive(var.pw)\n}\n';
    const pull = await infra.propose('secret', { 'net/secret.tf': variable + resources.join('') + output });
    const run = await infra.plan(pull, { env: `TF_VAR_pw=${SECRET}` });
    expect(JSON.parse(run.outputs.plans ?? '')).toMatchObject([{ counts: { add: places.length + 1 } }]);
    await expectHidden(run, pull);
  });

  test('is shown nowhere in an error', async () => {
    const failing = `${variable}resource "terraform_data" "f" {\n  input = file("/nowhere/${'$'}{nonsensitive(var.pw)}")\n  lifecycle {\n    precondition {\n      condition = false\n      error_message = "no: ${'$'}{nonsensitive(base64encode(var.pw))}"\n    }\n  }\n}\n`;
    const pull = await infra.propose('secret-error', { 'net/secret.tf': failing });
    const run = await infra.plan(pull, { env: `TF_VAR_pw=${SECRET}` });
    expect(run.exitCode).toBe(1);
    await expectHidden(run, pull);
  });

  async function expectHidden(
    run: Awaited<ReturnType<InfraRepository['plan']>>,
    pull: Awaited<ReturnType<InfraRepository['propose']>>,
  ) {
    const checks = Object.values(await infra.checks(pull)).map(({ all }) => all);
    // The runner takes this line for itself.
    const log = run.stdout
      .split('\n')
      .filter((line) => !line.startsWith('::add-mask::'))
      .join('\n');
    const shown = [
      log,
      run.stderr,
      run.summary,
      ...Object.values(run.outputs),
      ...checks,
      ...(await infra.comments(pull)),
    ];
    const forms = [
      'hunter22',
      's3cret',
      Buffer.from(SECRET).toString('base64').slice(0, 12),
      Buffer.from(`user:${SECRET}`).toString('base64').slice(8, 20),
    ];
    for (const text of shown) {
      for (const form of forms) {
        expect(text.toLowerCase().includes(form.toLowerCase()) ? text : '').toBe('');
      }
    }
  }
});

test('text of a plan is no command of the runner and no Markdown of ours', async () => {
  const hostile = [
    '::set-output name=x::y',
    '##[error]x',
    '```',
    '</details>',
    '<!-- ostack:infra-plan -->',
    '@octocat #1',
  ];
  const pull = await infra.propose('hostile', { 'net/hostile.tf': data('h', `\n${hostile.join('\n')}\n`) });
  const run = await infra.plan(pull);
  expect(run.exitCode).toBe(0);
  const lines = run.stdout.split('\n');
  const stop = lines.findIndex((line) => line.startsWith('::stop-commands::'));
  const token = lines[stop]?.replace('::stop-commands::', '') ?? 'x';
  const end = lines.indexOf(`::${token}::`);
  const at = lines.findIndex((line) => line.includes('::set-output name=x'));
  expect([stop >= 0, at > stop, at < end]).toEqual([true, true, true]);
  expect(await infra.comments(pull)).toHaveLength(1);
});

test.each<[Record<string, string>, string]>([
  [{ arguments: '-target=terraform_data.net' }, 'the plan would be of a part'],
  [{ arguments: '-out=x' }, 'which the action decides itself'],
  [{ env: 'TF_CLI_ARGS_plan=-target=x' }, 'TF_CLI_ARGS_plan is set'],
  [{ env: 'hunter22' }, 'something that is no NAME=value'],
  [{ roots: 'nett' }, 'there is no such root'],
])('%j is refused', async (inputs, message) => {
  const pull = await infra.propose('refused', { 'net/r.tf': data('r', 'x') });
  const run = await infra.plan(pull, inputs);
  expect([run.exitCode, run.stdout]).toEqual([1, expect.stringContaining(message)]);
  expect(run.stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain('hunter22');
});

test('a plan of a part is told, where it is wanted', async () => {
  const pull = await infra.propose('part', { 'net/part.tf': data('p', 'x') });
  await infra.plan(pull, { arguments: '-target=terraform_data.p', partial: 'true' });
  expect((await infra.comments(pull))[0]).toContain('This plan is of a part');
});
