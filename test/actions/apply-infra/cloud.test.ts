import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { resultsOf } from '../../infra-tools/support/applies.js';
import { InfraRepository } from '../../infra-tools/support/infra-repository.js';
import { CloudPlatform } from '../../support/cloud-platform.js';

const CLOUD = 'terraform {\n  cloud {\n    organization = "acme"\n  }\n}\n';
const ADD = '  + resource "x" "a" {}';
const RUN = 'https://app.terraform.io/app/acme/net/runs/run-aaaaaaaaaaaaaaa2';

let platform: CloudPlatform;
let infra: InfraRepository;
/** Of the workflow, which may write a branch. */
let inputsOfAll: Record<string, string>;
const path = process.env.PATH;

beforeEach(async () => {
  platform = await CloudPlatform.start();
  process.env.PATH = platform.path;
  infra = await InfraRepository.of(() => ({ 'net/main.tf': CLOUD }));
  const permissions = { checks: 'write', contents: 'write', issues: 'write', pull_requests: 'write' } as const;
  const actor = { actor: 'github-actions[bot]', repositories: ['acme/infra'], permissions };
  inputsOfAll = { tool: 'terraform', token: infra.stage.github.issueToken(actor) };
});

afterEach(async () => {
  process.env.PATH = path;
  await infra[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});

/** Proposes a change, plans it there, and merges it. */
async function merged(does = ADD, name = 'size') {
  await platform.set({ does });
  const pull = await infra.propose(name, { [`net/${name}.tf`]: `# ${name}\n` });
  const planned = await infra.plan(pull, inputsOfAll);
  expect([planned.exitCode, planned.exitCode === 0 ? '' : planned.stdout]).toEqual([0, '']);
  return { pull, pushed: await infra.merge(pull) };
}

/** What became of the root in a run. */
async function applied(pushed: Parameters<InfraRepository['apply']>[0], inputs: Record<string, string> = {}) {
  const run = await infra.apply(pushed, { ...inputsOfAll, ...inputs });
  return { run, net: resultsOf(run).net, asked: (await platform.state()).asked };
}

describe('A root whose runs are elsewhere', () => {
  test('is applied by a run that is planned there again and does what was reviewed, once', async () => {
    const { pushed } = await merged();
    const { net, asked } = await applied(pushed);
    expect(net).toMatchObject({ result: 'applied', did: { add: 1 }, why: expect.stringContaining('It does the same') });
    expect(asked).toEqual([RUN.split('/').at(-1)]);
    const again = await applied(pushed);
    expect([again.net?.result, again.asked.length]).toEqual(['applied', 1]);
    expect(await infra.applyIssues()).toEqual([]);
  });

  test('is planned with what is lost there on top, and what only is destroyed is no loss', async () => {
    const gone = (...addresses: string[]) =>
      ['Terraform will do:', ...addresses.map((address) => `  # ${address} will be destroyed`)].join('\n');
    await platform.set({ does: gone('aws_db_instance.main', 'null_resource.web') });
    const pull = await infra.propose('gone', { 'net/gone.tf': '# gone\n' });
    expect((await infra.plan(pull, inputsOfAll)).exitCode).toBe(0);
    expect((await infra.checks(pull)).net?.title).toBe('1 lost: 1 to add, 2 to destroy');
    const [comment] = await infra.comments(pull);
    expect(comment).toContain(
      '> **1 thing that keeps data or was protected is lost:**\n>\n> - `aws_db_instance.main` is',
    );
    expect(comment).toContain('- `null_resource.web` is destroyed');
    await platform.set({ does: gone('null_resource.web') });
    const later = await infra.propose('gone', { 'net/gone.tf': '# gone again\n' });
    expect((await infra.plan(later, inputsOfAll)).exitCode).toBe(0);
    expect((await infra.checks(later)).net?.title).toBe('1 to add, 1 to destroy');
  });

  test('is not applied where it does something else, and may be reviewed in a pull request whose merge applies it', async () => {
    const { pushed } = await merged();
    await platform.set({ does: `${ADD}\n  - resource "x" "b" {}` });
    const refused = await applied(pushed);
    expect([refused.net?.result, refused.asked]).toEqual(['asks', []]);
    const [issue] = await infra.issues();
    expect(issue?.body).toContain(RUN);
    expect(issue?.body).toContain('Review it in #2');
    expect((await applied(pushed)).net?.result).toBe('asks');
    const pulls = await infra.pulls();
    expect(pulls.map(({ branch }) => branch)).toEqual(['ostack-replan/net', 'size']);
    const [followUp] = pulls;
    if (followUp === undefined) {
      throw new Error('There is none.');
    }
    expect((await infra.plan(followUp, inputsOfAll)).exitCode).toBe(0);
    const { net } = await applied(await infra.merge(followUp));
    expect(net).toMatchObject({ result: 'applied', pull: 2 });
    expect((await infra.issues()).map(({ state }) => state)).toEqual(['closed']);
  });

  test.each([
    ['it cannot be shown', { isShown: false }, 'nobody can compare it'],
    ['nobody reviewed it', {}, 'No merged pull request has a plan of it'],
  ])('is not applied where %s', async (what, state, why) => {
    const reviewed = what === 'nobody reviewed it' ? undefined : await merged();
    await platform.set({ does: ADD, ...state });
    const { net, asked } = await applied(reviewed?.pushed ?? { by: 'ada' }, { roots: 'net' });
    expect([net?.result, asked]).toEqual(['asks', []]);
    expect(net?.why).toContain(why);
  });

  test('is not begun again while an apply of it runs, and is applied once the platform says so', async () => {
    const { pushed } = await merged();
    await platform.set({ ends: 'begun' });
    const killed = await applied(pushed);
    expect([killed.net?.result, killed.net?.start, killed.run.exitCode]).toEqual(['running', RUN, 1]);
    const meanwhile = await applied(pushed);
    expect([meanwhile.net?.result, meanwhile.net?.why]).toEqual([
      'asks',
      expect.stringContaining('is "applying" there'),
    ]);
    await platform.set({ isShown: false });
    expect((await applied({ by: 'ada' }, { roots: 'net' })).net?.why).toContain('nobody here can tell how it ended');
    await platform.set({ isShown: true });
    await platform.setStatus('applied');
    const { net, asked } = await applied(pushed);
    expect([net?.result, asked.length]).toEqual(['applied', 1]);
    expect(await infra.applyIssues()).toEqual(['closed: Apply of net: not applied']);
  });

  test.each([
    ['fails there', 'errored', 'The run is "errored" there.'],
    ['is refused, as where a workspace follows a repository', 'refused', 'workspaces with a VCS connection'],
  ] as const)('that %s is told, and planned anew by the next run', async (_what, ends, problem) => {
    const { pushed } = await merged();
    await platform.set({ ends });
    const { net, run } = await applied(pushed);
    expect([net?.result, run.exitCode]).toEqual(['failed', 1]);
    expect((await infra.issues())[0]?.body).toContain(problem);
    await platform.set({ ends: 'applied' });
    expect((await applied(pushed)).net?.result).toBe('applied');
  });

  test('is not applied while it is held', async () => {
    const { pushed } = await merged();
    const hold = '- { environment: "*", app: net, since: 2026-11-20T10:00:00Z, by: ada, reason: audit }\n';
    await infra.repository.commit('main', { '.ostack/holds.yaml': hold }, 'hold');
    const { net, asked } = await applied(pushed);
    expect([net?.result, asked]).toEqual(['waits', []]);
    expect(net?.why).toContain('by ada: audit');
  });
});
