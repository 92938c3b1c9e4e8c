import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner } from '../../src/local/runner/stage-runner.js';
import { publishActions } from '../../src/local/settings.js';
import { runCommand } from '../../src/local/spawner/spawner.js';
import { starter } from '../../src/local/starter.js';
import { backend, type InfraIssue, InfraRepository } from './support/infra-repository.js';
import { need } from './support/need.js';

const SECRET = 'hunter22-s3cret';
const ENV = { env: `TF_VAR_pw=${SECRET}` };
const NET = { ...ENV, roots: 'net' };
const PATIENCE_MS = 180_000;

const head = (states: string, root: string) => `terraform {
  required_providers {
    probe = {
      source = "example.invalid/ostack/probe"
    }
  }
}
provider "probe" {
  folder = ${JSON.stringify(join(states, 'things'))}
}
variable "pw" {
  type      = string
  default   = ""
  sensitive = true
}
${backend(join(states, root))}`;
const thing = (kind: string, name: string, more = '') =>
  `resource "probe_${kind}" "${name}" {\n  name = "${name}"\n  value = "1"\n${more}}\n`;

let infra: InfraRepository;

beforeAll(async () => {
  await need('tofu');
  const drift = await starter('infra/drift');
  infra = await InfraRepository.of((states) => ({
    '.github/workflows/drift.yml': drift,
    'ostack.yaml': 'stateful: [probe_database]\n',
    'net/main.tf': head(states, 'net') + thing('thing', 'web', '  secret = var.pw\n') + thing('database', 'db'),
    'app/main.tf': head(states, 'app') + thing('thing', 'app'),
  }));
  await mkdir(join(infra.states, 'things'));
  const locks = [await apply('net'), await apply('app')];
  const files = Object.fromEntries(
    ['net', 'app'].map((root, index) => [`${root}/.terraform.lock.hcl`, locks[index] ?? '']),
  );
  await infra.repository.commit('main', files, 'build: lock files');
}, PATIENCE_MS);

afterAll(async () => {
  await infra?.[Symbol.asyncDispose]();
});

/** Applies what a root of the default branch has, by hand. @returns its lock file */
async function apply(root: string): Promise<string> {
  const folder = join(infra.states, `by-hand-${Math.random()}`);
  await mkdir(folder, { recursive: true });
  const text = await infra.repository.read('main', `${root}/main.tf`);
  await writeFile(join(folder, 'main.tf'), text ?? '');
  const config = { TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE ?? '' };
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TF_VAR_pw: SECRET, ...config };
  for (const args of [
    ['init', '-input=false'],
    ['apply', '-auto-approve', '-input=false'],
  ]) {
    const { code, stderr } = await runCommand({ file: 'tofu', args, cwd: folder, env });
    expect([code, stderr.toString()]).toEqual([0, '']);
  }
  return readFile(join(folder, '.terraform.lock.hcl'), 'utf8');
}

/** Edits the file of a thing, or deletes it. */
async function meddle(name: string, value: string | undefined): Promise<void> {
  const folder = join(infra.states, 'things');
  const file = (await readdir(folder)).find((each) => each.startsWith(`${name}-`)) ?? '';
  const path = join(folder, file);
  if (value === undefined) {
    await rm(path);
  } else {
    const kept: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...kept, value }));
  }
}

const titles = async () => (await infra.issues()).map(({ state, title }) => `${state} ${title}`);
const issueOf = async (root: string): Promise<InfraIssue> => {
  const found = (await infra.issues()).find(({ title }) => title.startsWith(`Drift in ${root}:`));
  if (found === undefined) {
    throw new Error(`There is no issue about ${root}.`);
  }
  return found;
};

test(
  'drift is told in one issue a root, which is updated, ticked, closed and opened again',
  async () => {
    const none = await infra.drift(NET);
    expect([none.exitCode, none.summary, await titles()]).toEqual([
      0,
      expect.stringContaining('Nothing differs that nobody expects.'),
      [],
    ]);

    await meddle('web', '2');
    const opened = await infra.drift(NET);
    expect([opened.exitCode, opened.outputs.drifted]).toEqual([0, 'true']);
    expect(JSON.parse(opened.outputs.drift ?? '')).toMatchObject([
      { root: 'net', state: 'seen', issue: 1, outside: 1, notApplied: 0, lost: 0 },
    ]);
    const first = await issueOf('net');
    expect(first.title).toBe('Drift in net: 1 changed outside');
    expect(first.body).toContain('`probe_thing.web` was changed (`value`), the next apply takes it back');

    await meddle('db', undefined);
    await infra.drift(NET);
    const lost = await issueOf('net');
    expect([lost.number, lost.title]).toEqual([first.number, 'Drift in net: 1 lost, 2 changed outside']);
    expect(lost.body).toContain('**Lost:** `probe_database.db` is gone, the next apply takes it back');

    await infra.tick(lost, 'probe_thing.web');
    await infra.drift(NET);
    const expected = await issueOf('net');
    expect(expected.title).toBe('Drift in net: 1 lost, 1 changed outside');
    await infra.tick(expected, 'probe_database.db');
    const closed = await infra.drift(NET);
    expect([closed.outputs.drifted, await titles()]).toEqual(['false', ['closed Drift in net: nothing left']]);

    await meddle('web', '3');
    await infra.drift(NET);
    expect(await titles()).toEqual(['open Drift in net: 1 changed outside']);

    await apply('net');
    const over = await infra.drift(NET);
    expect([over.outputs.drifted, await titles()]).toEqual(['false', ['closed Drift in net: nothing left']]);
  },
  PATIENCE_MS,
);

test(
  'what the default branch would still change is told apart, and a root that fails hides no other',
  async () => {
    const app = await infra.repository.read('main', 'app/main.tf');
    const net = await infra.repository.read('main', 'net/main.tf');
    await infra.repository.commit(
      'main',
      {
        'app/main.tf': app + thing('thing', 'bad', `  secret = "${SECRET}"\n  fail_on = "plan"\n`),
        'net/main.tf': net + thing('thing', 'more'),
      },
      'feat: more',
    );
    await meddle('app', '5');
    const run = await infra.drift(ENV);
    expect([run.exitCode, run.stdout]).toEqual([1, expect.stringContaining('app could not be looked at')]);
    const [one, other] = [await issueOf('net'), await issueOf('app')];
    expect(one.title).toBe('Drift in net: 1 not applied');
    expect(one.body).toContain('`probe_thing.more` would be added');
    expect(other.title).toBe('Drift in app: 1 changed outside');
    expect(other.body).toContain('could not be planned');

    // Nothing can be read: the issue stays as it is.
    await infra.repository.commit('main', { 'app/main.tf': `${app}resource "x" {}\n` }, 'feat: broken');
    expect((await infra.drift(ENV)).exitCode).toBe(1);
    expect(await issueOf('app')).toEqual(other);

    await infra.repository.commit('main', { 'app/main.tf': null }, 'feat: no app');
    await infra.drift(NET);
    expect(await titles()).toEqual(['open Drift in net: 1 not applied', 'closed Drift in app: nothing left']);
  },
  PATIENCE_MS,
);

test(
  'no secret is shown',
  async () => {
    await meddle('web', `x ${SECRET}`);
    const run = await infra.drift(ENV);
    const log = run.stdout.replace(/^::add-mask::.*$/gm, '');
    const texts = [log, run.stderr, run.summary, ...Object.values(run.outputs), JSON.stringify(await infra.issues())];
    expect(texts.filter((text) => text.includes('hunter22'))).toEqual([]);
    expect((await issueOf('net')).body).toContain('"1" -> "x (sensitive)"');
  },
  PATIENCE_MS,
);

test(
  'the state can be locked meanwhile',
  async () => {
    expect((await infra.drift({ ...NET, lock: 'true' })).exitCode).toBe(0);
  },
  PATIENCE_MS,
);

test.each<[Record<string, string>, string]>([
  [{ arguments: '-target=probe_thing.web' }, 'the plan would be of a part'],
  [{ arguments: '-refresh-only' }, 'which the action decides itself'],
  [{ env: 'TF_CLI_ARGS_plan=-target=x' }, 'TF_CLI_ARGS_plan is set'],
  [{ roots: 'nett' }, 'there is no such root'],
])('%j is refused', async (inputs, message) => {
  const run = await infra.drift(inputs);
  expect([run.exitCode, run.stdout]).toEqual([1, expect.stringContaining(message)]);
});

test('another branch says nothing of drift', async () => {
  await infra.repository.commit('other', { 'net/x.tf': thing('thing', 'x') }, 'feat: x');
  const run = await infra.drift(ENV, 'other');
  expect([run.exitCode, run.stdout]).toEqual([
    1,
    expect.stringContaining('is not the newest commit of the default branch main'),
  ]);
});

test(
  'from its starter, each root has a job of its own',
  async () => {
    // The runner's steps do not know where the tests' own provider is.
    const built = `${backend(join(infra.states, 'built-in'))}resource "terraform_data" "one" {}\n`;
    const files = { 'ostack.yaml': 'roots:\n  net: {}\n', 'net/main.tf': built, 'net/.terraform.lock.hcl': null };
    await infra.repository.commit('main', files, 'feat: built in');
    await publishActions(infra.stage);
    const runner = await createRunner(infra.stage, { machine: thisMachine() });
    try {
      const runs = await runner.dispatch({
        repository: 'acme/infra',
        event: 'schedule',
        ref: 'main',
        workflow: 'drift.yml',
      });
      expect(runner.problems).toEqual([]);
      expect(runs.map(({ conclusion }) => conclusion)).toEqual(['success']);
      expect(await issueOf('net')).toMatchObject({ state: 'open', title: 'Drift in net: 1 not applied' });
    } finally {
      await runner.close();
    }
  },
  PATIENCE_MS,
);
