import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newIdentity } from '../../src/infra/space/age-keys.js';
import { openSpace } from '../../src/infra/space/space.js';
import { parseSpaceAddress } from '../../src/infra/space/space-address.js';
import { rest } from '../local/github/support.js';
import { data, merged, resultsOf, rootWith, spaceInputs, stateOf } from './support/applies.js';
import { InfraRepository } from './support/infra-repository.js';
import { need } from './support/need.js';
import { SpaceServer } from './support/space-server.js';

const { identity, recipient } = newIdentity();
let infra: InfraRepository;
let server: SpaceServer;
let space: Record<string, string>;

beforeAll(async () => {
  await need('tofu');
  server = await SpaceServer.start();
  space = spaceInputs(server, recipient);
  infra = await InfraRepository.of(() => ({ 'README.md': 'x' }));
});

afterAll(async () => {
  await infra?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const withKey = () => ({ ...space, identity });
const run = (command: string) => `  provisioner "local-exec" {\n    command = ${JSON.stringify(command)}\n  }\n`;

/** A resource that says which processes make it, the tool and the action, and waits until a file is there. */
function slow(name: string): { resource: string; processes: () => Promise<[tool: number, action: number]> } {
  const file = join(infra.states, `${name}.pids`);
  const command = `echo $PPID $(ps -o ppid= -p $PPID) > ${file}.new; mv ${file}.new ${file}; while [ ! -f ${file}.go ]; do sleep 0.05; done`;
  return {
    resource: data(name, 'slow', run(command)),
    processes: async () => {
      for (;;) {
        const [tool, action] = (await readFile(file, 'utf8').catch(() => '')).trim().split(/\s+/).map(Number);
        if (tool !== undefined && action !== undefined) {
          return [tool, action];
        }
        await wait(20);
      }
    },
  };
}

describe('An apply that is killed', () => {
  test('is never followed by a blind one', async () => {
    const { resource, processes } = slow('killed');
    const { pushed } = await merged(infra, 'killed', { 'k/main.tf': rootWith(infra, 'k', resource) }, space);
    const killing = new AbortController();
    const applying = infra.apply(pushed, withKey(), { signal: killing.signal });
    const [tool] = await processes();
    killing.abort();
    process.kill(tool, 'SIGKILL');
    await applying;
    await writeFile(join(infra.states, 'killed.pids.go'), '');

    const again = await infra.apply(pushed, withKey());
    const { k } = resultsOf(again);
    expect([again.exitCode, k?.result]).toEqual([1, 'asks']);
    expect(again.summary).toContain('has not ended. Either it still runs, or it was killed');
    expect(k?.start).toMatch(/^plans\/k\//);
    expect(await infra.applyIssues()).toEqual(['open: Apply of k: not applied']);
    const accepted = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'k', accept: k?.plan ?? '' });
    expect(resultsOf(accepted).k?.result).toBe('asks');

    const looked = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'k', start: k?.start ?? '' });
    expect([looked.exitCode, looked.exitCode === 0 ? '' : looked.stdout]).toEqual([0, '']);
    expect(await stateOf(infra, 'k')).toEqual({ killed: 'slow' });
    expect(await infra.applyIssues()).toEqual(['closed: Apply of k: not applied']);
  });

  test('without a space is told by its check run', async () => {
    const { resource, processes } = slow('bare');
    const { pushed } = await merged(infra, 'bare', { 'kb/main.tf': rootWith(infra, 'kb', resource) }, {});
    const killing = new AbortController();
    const applying = infra.apply(pushed, {}, { signal: killing.signal });
    const [tool] = await processes();
    killing.abort();
    process.kill(tool, 'SIGKILL');
    await applying;
    await writeFile(join(infra.states, 'bare.pids.go'), '');
    const again = await infra.apply(pushed, {}, { env: { GITHUB_RUN_ID: '8' } });
    expect(resultsOf(again).kb).toMatchObject({ result: 'asks', start: 'run-7' });
    const looked = await infra.apply({ by: 'ada' }, { roots: 'kb', start: 'run-7' }, { env: { GITHUB_RUN_ID: '9' } });
    expect([looked.exitCode, await stateOf(infra, 'kb')]).toEqual([0, { bare: 'slow' }]);
  });
});

test('An apply that is cancelled is interrupted once, has written its state, and goes on by hand', async () => {
  const { resource, processes } = slow('cancelled');
  const files = {
    'i/main.tf': rootWith(
      infra,
      'i',
      data('before', 'x'),
      resource.replace('{\n', '{\n  depends_on = [terraform_data.before]\n'),
    ),
  };
  const { pushed } = await merged(infra, 'cancelled', files, space);
  const applying = infra.apply(pushed, withKey());
  const [, action] = await processes();
  process.kill(action, 'SIGINT');
  const run = await applying;
  expect([run.exitCode, resultsOf(run).i?.result]).toEqual([1, 'interrupted']);
  expect((await stateOf(infra, 'i')).before).toBe('x');
  await writeFile(join(infra.states, 'cancelled.pids.go'), '');
  const again = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'i' });
  // What was begun is tainted, so that it is replaced: nobody has reviewed that.
  const { i } = resultsOf(again);
  expect(i?.result).toBe('asks');
  const accepted = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'i', accept: i?.plan ?? '' });
  expect([accepted.exitCode, await stateOf(infra, 'i')]).toEqual([0, { before: 'x', cancelled: 'slow' }]);
});

test('An apply that fails leaves an issue with the words of the tool and no secret, until it is put right', async () => {
  const secret = 'hunter22"<&s3cret';
  const variable = 'variable "pw" {\n  type = string\n  sensitive = true\n}\n';
  const failing = `resource "terraform_data" "f" {\n  input = nonsensitive(var.pw)\n${run('echo $PW; exit 3').replace('command', 'environment = { PW = nonsensitive(base64encode(var.pw)) }\n    command')}}\n`;
  const files = { 'f/main.tf': rootWith(infra, 'f', variable, failing) };
  const env = { env: `TF_VAR_pw=${secret}` };
  const { pull, pushed } = await merged(infra, 'failing', files, { ...space, ...env });
  const failed = await infra.apply(pushed, { ...withKey(), ...env });
  expect([failed.exitCode, resultsOf(failed).f?.result]).toEqual([1, 'failed']);
  expect(failed.summary).toContain('exit status 3');
  expect((await infra.applyIssues())[0]).toBe('open: Apply of f: failed');
  const issue = JSON.stringify((await rest(infra.stage, 'GET /repos/acme/infra/issues?labels=ostack-apply')).body);
  const checks = Object.values(await infra.checks({ head: pushed.after })).map(({ all }) => all);
  const log = failed.stdout.replace(/^::add-mask::.*$/gm, '');
  const shown = [log, failed.stderr, failed.summary, ...Object.values(failed.outputs), issue, ...checks];
  for (const text of [...shown, ...(await infra.comments(pull))]) {
    expect(text).not.toMatch(new RegExp(`hunter22|s3cret|${Buffer.from(secret).toString('base64').slice(0, 12)}`, 'i'));
  }
  const { plan = '' } = resultsOf(await infra.apply({ by: 'ada' }, { ...withKey(), ...env, roots: 'f' })).f ?? {};
  await infra.repository.commit('main', { 'f/main.tf': rootWith(infra, 'f') }, 'fix: without it');
  const other = await infra.apply({ by: 'ada' }, { ...withKey(), ...env, roots: 'f', accept: plan });
  expect(resultsOf(other).f?.why).toContain('it is another one now');
  const right = await infra.apply(
    { by: 'ada' },
    { ...withKey(), ...env, roots: 'f', accept: resultsOf(other).f?.plan ?? '' },
  );
  expect([right.exitCode, (await infra.applyIssues())[0]]).toEqual([0, expect.stringContaining('closed')]);
});

describe('With a state in a space', () => {
  const keys = () => `AWS_ACCESS_KEY_ID=${server.keys.accessKey}\nAWS_SECRET_ACCESS_KEY=${server.keys.secretKey}`;
  const s3 = (key: string) =>
    `terraform {\n  backend "s3" {\n    bucket = "states"\n    key = "${key}"\n    region = "us-east-1"\n    use_lockfile = true\n    use_path_style = true\n    skip_credentials_validation = true\n    skip_requesting_account_id = true\n    skip_region_validation = true\n    skip_metadata_api_check = true\n    skip_s3_checksum = true\n    endpoints = { s3 = "${server.endpoint}" }\n  }\n}\n`;
  const bucket = () => join(server.pathOf('x'), '..', '..', 'states');

  beforeAll(() => mkdir(bucket(), { recursive: true }));

  test('a lock of others is named, and opened by its id and by a person alone', async () => {
    const env = { env: keys() };
    const files = { 'l/main.tf': s3('l') + data('l', '1') };
    const { pushed } = await merged(infra, 'locked', files, { ...space, ...env });
    const id = '0a0b0c0d-0000-4000-8000-000000000001';
    const held = {
      ID: id,
      Operation: 'OperationTypeApply',
      Who: 'grace@laptop',
      Version: '1.12.6',
      Created: '2026-11-30T10:00:00Z',
      Path: 'states/l',
      Info: '',
    };
    const states = openSpace(parseSpaceAddress(`${server.endpoint}/states`), server.keys, [0]);
    await states.put('l.tflock', Buffer.from(JSON.stringify(held)));
    const locked = await infra.apply(pushed, { ...withKey(), ...env });
    expect([locked.exitCode, resultsOf(locked).l]).toMatchObject([
      1,
      { result: 'locked', lock: { id, who: 'grace@laptop' } },
    ]);
    expect(locked.summary).toContain('`grace@laptop` holds the lock');
    const inputs = { ...withKey(), ...env, roots: 'l' };
    const wrong = await infra.apply({ by: 'ada' }, { ...inputs, unlock: '0a0b0c0d-0000-4000-8000-000000000002' });
    expect([wrong.exitCode, wrong.stdout]).toEqual([1, expect.stringContaining('was not opened')]);
    const byPush = await infra.apply(pushed, { ...inputs, unlock: id });
    expect([byPush.exitCode, byPush.stdout]).toEqual([1, expect.stringContaining('are for people')]);
    const opened = await infra.apply({ by: 'ada' }, { ...inputs, unlock: id });
    expect([opened.exitCode, opened.stdout]).toEqual([0, expect.stringContaining(`ada opened the lock ${id}`)]);
    const applied = await infra.apply({ by: 'ada' }, inputs);
    expect([applied.exitCode, resultsOf(applied).l?.result]).toEqual([0, 'applied']);
  });

  test('one that its backend does not take is kept encrypted, and how to push it is said', async () => {
    const env = { env: keys() };
    const files = { 'w/main.tf': s3('w') + data('w', 'hunter22', run(`rm -rf ${bucket()}`)) };
    const { pushed } = await merged(infra, 'unwritten', files, { ...space, ...env });
    const failed = await infra.apply(pushed, { ...withKey(), ...env });
    expect([failed.exitCode, resultsOf(failed).w?.result]).toEqual([1, 'failed']);
    expect(failed.summary).toMatch(/`plans\/w\/\S+\/errored\.tfstate\.age`.*state push errored\.tfstate/);
    const key =
      (await server.space.list('plans/w/')).find((each) => each.key.endsWith('errored.tfstate.age'))?.key ?? '';
    expect(await readFile(server.pathOf(key))).not.toContain('hunter22');
    await rm(bucket(), { recursive: true, force: true });
  });
});

describe('Nothing is applied', () => {
  test('of what is not merged, or not in a run of the default branch', async () => {
    const pull = await infra.propose('unmerged', { 'u/main.tf': rootWith(infra, 'u', data('u', '1')) });
    await infra.plan(pull, space);
    const head = await infra.head();
    const pushed = { before: head, after: pull.head };
    const attempts = [
      infra.apply(pushed, withKey()),
      infra.apply(pushed, withKey(), { at: `refs/pull/${pull.number}/merge` }),
      infra.apply({ by: 'mallory' }, { ...withKey(), roots: 'u' }, { at: pull.head, ref: 'refs/heads/unmerged' }),
      infra.apply(pushed, withKey(), { event: 'pull_request' }),
      infra.apply({ before: head, after: head }, withKey(), { ref: 'refs/heads/unmerged' }),
    ];
    for (const attempt of await Promise.all(attempts)) {
      expect([attempt.exitCode, attempt.stdout]).toEqual([
        1,
        expect.stringMatching(/is not in main|not merged|is applied\. Run it there/),
      ]);
    }
    expect(await stateOf(infra, 'u')).toEqual({});
  });

  test('by a hash in a comment, or in the check run of another App', async () => {
    const pull = await infra.propose('forged', { 'v/main.tf': rootWith(infra, 'v', data('v', '1')) });
    const app = infra.stage.github.issueToken({
      ...{ actor: 'mallory-app[bot]', repositories: ['acme/infra'] },
      permissions: { checks: 'write', contents: 'read', pull_requests: 'write' },
    });
    expect((await infra.plan(pull, { ...space, token: app })).exitCode).toBe(0);
    const run = await infra.apply(await infra.merge(pull), withKey());
    expect(resultsOf(run).v).toMatchObject({ result: 'asks', why: 'No merged pull request has a plan of it.' });
    const trusted = await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'v', app: 'mallory-app' });
    expect([trusted.exitCode, await stateOf(infra, 'v')]).toEqual([0, { v: '1' }]);
  });

  test('by the plan of another root or pull request, or where what is kept was changed', async () => {
    const files = (input: string) => ({ 'x/main.tf': rootWith(infra, 'x', data('x', input)) });
    const one = await infra.propose('kept-one', files('1'));
    await infra.plan(one, space);
    const [kept = ''] = (await server.space.list('plans/x/'))
      .map(({ key }) => key)
      .filter((key) => key.endsWith('/plan.age'));
    await writeFile(server.pathOf(kept), await readFile(server.pathOf(kept.replace('/plan.age', '/plan.txt.age'))));
    const pushed = await infra.merge(one);
    const run = await infra.apply(pushed, withKey());
    expect(resultsOf(run).x).toMatchObject({
      result: 'asks',
      why: expect.stringContaining('is not what its record says'),
    });
    expect(await stateOf(infra, 'x')).toEqual({});
  });

  test('where its state would be gone with the checkout', async () => {
    const pull = await infra.propose('no-backend', { 'z/main.tf': data('z', '1') });
    await infra.plan(pull, space);
    expect((await infra.comments(pull)).join()).toContain('is the file z/terraform.tfstate of the checkout');
    const run = await infra.apply(await infra.merge(pull), withKey());
    expect(resultsOf(run).z).toMatchObject({ result: 'waits', why: expect.stringContaining('backend block') });
    const said = resultsOf(
      await infra.apply({ by: 'ada' }, { ...withKey(), roots: 'z', accept: resultsOf(run).z?.plan ?? '' }),
    );
    expect(said.z?.result).toBe('waits');
  });

  test('with a key that opens nothing, or without the space', async () => {
    const { pushed } = await merged(infra, 'wrong-key', { 'y/main.tf': rootWith(infra, 'y', data('y', '1')) }, space);
    const wrong = await infra.apply(pushed, { ...space, identity: newIdentity().identity });
    expect(resultsOf(wrong).y?.result).toBe('asks');
    const gone = await infra.apply(pushed, { ...withKey(), space: `${server.endpoint}/gone` });
    expect(gone.exitCode).toBe(1);
    expect(await stateOf(infra, 'y')).toEqual({});
    const fine = await infra.apply(pushed, withKey());
    expect([fine.exitCode, await stateOf(infra, 'y')]).toEqual([0, { y: '1' }]);
  });
});
