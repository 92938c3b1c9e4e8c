import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { installDefaultApp, publishActions } from '../../src/local/settings.js';
import { starter } from '../../src/local/starter.js';
import { stateOf } from './support/applies.js';
import { backend, InfraRepository } from './support/infra-repository.js';
import { need } from './support/need.js';

const PATIENCE_MS = 180_000;

const data = (name: string, input: string) => `resource "terraform_data" "${name}" {\n  input = "${input}"\n}\n`;

let infra: InfraRepository;
let runner: StageRunner;

beforeAll(async () => {
  await need('tofu');
  const [plan, apply] = await Promise.all([starter('infra/plan'), starter('infra/apply')]);
  infra = await InfraRepository.of((states) => ({
    '.github/workflows/plan.yml': plan,
    '.github/workflows/apply.yml': apply.replace('teams: false', 'teams: true'),
    'ostack.yaml': 'roots: { app: {}, net: {}, team: { approvers: [acme/leads] } }\n',
    'team/main.tf': backend(join(states, 'team')) + data('team', 'one'),
    'app/main.tf': backend(join(states, 'app')) + data('app', 'one'),
    'net/main.tf': backend(join(states, 'net')) + data('net', 'one'),
  }));
  await publishActions(infra.stage);
  runner = await createRunner(infra.stage, { machine: thisMachine() });
  installDefaultApp(runner, ['acme/infra'], { members: 'read' });
  const { OSTACK_APP_CLIENT_ID: id = '' } = runner.vars.of('acme/infra');
  const { OSTACK_APP_PRIVATE_KEY: key = '' } = runner.secrets.of('acme/infra');
  runner.vars.set('acme/infra', { OSTACK_MEMBERS_CLIENT_ID: id });
  runner.secrets.set('acme/infra', { OSTACK_MEMBERS_PRIVATE_KEY: key });
  infra.stage.github.setTeam('acme/leads', ['grace', 'linus']);
}, PATIENCE_MS);

afterAll(async () => {
  await runner?.close();
  await infra?.[Symbol.asyncDispose]();
});

test(
  'From its starter, a pull request is planned root by root, and one that changes nothing passes',
  async () => {
    const pull = await infra.propose('both', { 'app/a.tf': data('a', 'x'), 'net/a.tf': data('a', 'x') });
    await runner.idle();
    expect(runner.problems).toEqual([]);
    expect(runner.runs.map(({ workflow, conclusion }) => `${workflow}: ${conclusion}`)).toEqual(['Plan: success']);
    expect(await infra.checks(pull)).toMatchObject({ app: { title: '2 to add' }, net: { title: '2 to add' } });
    expect(await infra.comments(pull)).toEqual([expect.stringContaining('### Plan: 2 roots change')]);

    const other = await infra.propose('text', { 'README.md': 'x' });
    await runner.idle();
    expect(runner.runs.at(-1)?.conclusion).toBe('success');
    expect(await infra.comments(other)).toEqual([]);

    await infra.propose('broken', { 'app/b.tf': 'resource "terraform_data" "b" {\n  input = var.missing\n}\n' });
    await runner.idle();
    expect(runner.runs.at(-1)?.conclusion).toBe('failure');
  },
  PATIENCE_MS,
);

test(
  'From its starter, what was reviewed is applied once it is merged, root by root',
  async () => {
    const pull = await infra.propose('merged', { 'app/c.tf': data('c', 'x'), 'net/c.tf': data('c', 'y') });
    await runner.idle();
    const { after } = await infra.merge(pull);
    await runner.idle();
    expect(runner.problems).toEqual([]);
    const run = runner.runs.at(-1);
    expect([run?.workflow, run?.conclusion]).toEqual(['Apply', 'success']);
    const checks = await infra.checks({ head: after });
    expect(checks['oStack apply / app']?.title).toBe('2 added');
    expect(checks['oStack apply / net']?.title).toBe('2 added');
    expect([await stateOf(infra, 'app'), await stateOf(infra, 'net')]).toEqual([
      { app: 'one', c: 'x' },
      { net: 'one', c: 'y' },
    ]);
    expect((await infra.comments(pull)).at(-1)).toContain('### Apply: Applied');
  },
  PATIENCE_MS,
);

test(
  'From its starter, what somebody of a team has to approve is applied once they have, and not before',
  async () => {
    const unread = await infra.propose('unread', { 'team/d.tf': data('d', 'x') });
    await runner.idle();
    await infra.approve(unread, 'ada');
    await infra.merge(unread);
    await runner.idle();
    expect(await stateOf(infra, 'team')).toEqual({});
    const read = await infra.propose('read', { 'team/e.tf': data('e', 'x') });
    await runner.idle();
    await infra.approve(read, 'linus');
    await infra.merge(read);
    await runner.idle();
    expect(runner.problems).toEqual([]);
    expect(await stateOf(infra, 'team')).toEqual({ team: 'one', d: 'x', e: 'x' });
  },
  PATIENCE_MS,
);
