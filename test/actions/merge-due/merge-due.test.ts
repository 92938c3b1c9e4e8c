import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ADA,
  overlay,
  PRODUCTION,
  propose,
  report,
  rest,
  runMergeDue,
  STAGING,
  stateOf,
  type Unguarded,
  unguardedStage,
} from './support.js';

const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, soak: 2h, approvers: [grace] }\n';
const EXTRA = 'overlays/staging/shop/extra.yaml';
/** Workflows that a push starts, with and without a way to start them by hand, and the job's own. */
const WORKFLOWS = {
  '.github/workflows/ops-check.yml': 'on: { push: { branches: [main] }, workflow_dispatch: }\n',
  '.github/workflows/lint.yml': 'on: push\n',
  '.github/workflows/merge-due.yml': 'on: { push: { branches: [main] }, workflow_dispatch: }\n',
};

let world: Unguarded;
let restore: () => Promise<void>;
beforeAll(async () => {
  world = await unguardedStage(POLICY, WORKFLOWS);
  restore = await world.stage.github.checkpoint();
});
beforeEach(() => restore());
afterEach(() => world.stage.github.guard(undefined));
afterAll(() => world.stage.close());

const sent = (requests: readonly { method: string; path: string; operation?: string | undefined }[]) =>
  requests
    .map(({ method, path, operation }) => `${method} ${(operation ?? path).replace(/[0-9a-f]{40}/, 'SHA')}`)
    // What a verdict takes is read at once, in any order.
    .filter((line) => !/ Gate$| ArrivalTimes$|\/activity\?/.test(line));
const plainly = (summary: string) =>
  summary
    .replaceAll(world.stage.serverUrl, '')
    .replace(/\[[0-9a-f]{7}\]\(\S+\)/g, 'COMMIT')
    .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME')
    .replace(/\d{4}\\-\d\d\\-\d\dT[\d:]+Z/g, 'TIME')
    .trimEnd();
const watched = async () => {
  const before = world.stage.github.requests.length;
  const run = await runMergeDue(world);
  return { run, requests: world.stage.github.requests.slice(before) };
};
const requestsOf = async (work: () => Promise<unknown>) => {
  const before = world.stage.github.requests.length;
  await work();
  return world.stage.github.requests.slice(before);
};
const dispatches = (requests: readonly { method: string; path: string }[]) =>
  requests.flatMap(({ path }) => /workflows\/([^/]+)\/dispatches$/.exec(path)?.[1] ?? []);

/** Something that happens directly before the request of a name is answered, once. */
function justBefore(name: string, happens: () => Promise<unknown>): void {
  let isOver = false;
  world.stage.github.guard({
    async enter({ operation }) {
      if (operation === name && !isOver) {
        isOver = true;
        await happens();
      }
      return () => {};
    },
  });
}

describe('Where GitHub has no rules and no auto-merge', () => {
  test('it merges what the policy allows, tells what waits and until when, and starts what follows', async () => {
    const one = await propose(world, 'one', { [EXTRA]: 'a: 1\n' });
    const early = await propose(world, 'early', { [PRODUCTION]: overlay('1.5.0') });
    const red = await propose(world, 'red', { 'docs/a.md': 'a\n' }, { check: 'failure' });
    const unchecked = await propose(world, 'unchecked', { 'docs/b.md': 'b\n' }, { check: '' });
    const unlabelled = await propose(world, 'unlabelled', { 'docs/c.md': 'c\n' }, { label: '' });
    const { run, requests } = await watched();
    expect(run.stdout).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    const states = await Promise.all(
      [one, early, red, unchecked, unlabelled].map(({ number }) => stateOf(world, number)),
    );
    expect(states).toEqual(['merged', 'open', 'open', 'open', 'open']);
    expect(plainly(run.summary)).toMatchInlineSnapshot(`
"## Merge what is due

Level: *advice*.

| pull request |  | why | until |
| --- | --- | --- | --- |
| [\\#1](/acme/ops/pull/1) | ✅ merged | COMMIT |  |
| [\\#2](/acme/ops/pull/2) | ⏳ waits | production: shop 1.5.0 is in staging since TIME; production takes it after 2h, from TIME on. It passes by itself then. To merge it sooner, go past the policy with "force" and a reason \\(then it takes the approval of grace\\). | TIME |
| [\\#3](/acme/ops/pull/3) | ⏳ waits | Ops check / Check failed |  |
| [\\#4](/acme/ops/pull/4) | ⏳ waits | waits for Ops check / Check, which has not reported about its head: where a workflow's token opened the pull request, a person starts it there |  |

- Started ops\\-check.yml, because a push of a workflow's token starts nothing.
- Not started, though they react to a push: lint.yml. Give them "workflow\\_dispatch" without required inputs."
`);
    expect(dispatches(requests)).toEqual(['ops-check.yml']);
    expect(requests.length).toBeLessThan(30);
    expect(sent(requests)).toMatchInlineSnapshot(`
[
  "POST OpenOps",
  "POST DuePulls",
  "GET /acme/ops/info/refs?service=git-upload-pack",
  "POST /acme/ops/git-upload-pack",
  "POST DueMerge",
  "POST MergeDue",
  "POST OpenOps",
  "POST DuePulls",
  "GET /acme/ops/info/refs?service=git-upload-pack",
  "POST /acme/ops/git-upload-pack",
  "GET /api/v3/repos/acme/ops/actions/runs?head_sha=SHA&per_page=100",
  "POST FollowUps",
  "POST /api/v3/repos/acme/ops/actions/workflows/ops-check.yml/dispatches",
]
`);
  });

  test('it does nothing where nothing has the label, and starts nothing after a person’s push', async () => {
    const requests = await requestsOf(async () => expect((await runMergeDue(world)).exitCode).toBe(0));
    expect(sent(requests)).toMatchInlineSnapshot(`
[
  "POST OpenOps",
  "POST DuePulls",
]
`);
  });

  test('it merges one after the other, each judged by what the one before left', async () => {
    const held = '- { environment: staging, app: shop, version: 1.5.0, since: 2026-11-01T10:00:00Z, by: ada }\n';
    const hold = await propose(world, 'hold', { '.ostack/holds.yaml': held });
    const bump = await propose(world, 'bump', { [STAGING]: overlay('1.6.0') });
    const docs = await propose(world, 'docs', { 'docs/a.md': 'a\n' });
    const { outputs } = await runMergeDue(world);
    expect(await Promise.all([hold, bump, docs].map(({ number }) => stateOf(world, number)))).toEqual([
      'merged',
      'open',
      'merged',
    ]);
    expect(outputs['pull-requests']).toContain('shop in staging is held at 1.5.0');
  });

  test('it keeps the trailers of a verb, and says in a dry run what it would do', async () => {
    const trailers =
      'Ostack-Action: bump-ops-overlay\nOstack-Environment: staging\nOstack-App: shop\nOstack-Version: 1.6.0';
    const message = `chore: shop 1.6.0\n\n${trailers}`;
    const { number } = await propose(world, 'bump', { [STAGING]: overlay('1.6.0') }, { message });
    await world.ops.commit('bump', { [EXTRA]: 'a: 1\n' }, 'tune it', ADA);
    await report(world, (await world.ops.refs())['refs/heads/bump'] ?? '', 'success');
    const dry = await runMergeDue(world, { inputs: { 'dry-run': 'true' } });
    expect(dry.summary).toContain('the next run merges it');
    expect(await stateOf(world, number)).toBe('open');
    await runMergeDue(world);
    const { body } = await rest(world.stage, `GET /repos/acme/ops/commits/main`);
    expect(JSON.parse(JSON.stringify(body))).toMatchObject({
      commit: {
        message: `chore: shop 1.6.0 (#${number})\n\nWith commits of other people:\n\n* tune it\n\n${trailers}`,
      },
    });
  });

  test('it merges no head that moved between verdict and merge, and the new one once its check has passed', async () => {
    const { number } = await propose(world, 'moving', { 'docs/a.md': 'a\n' });
    justBefore('DueMerge', () => world.ops.commit('moving', { [PRODUCTION]: overlay('6.6.6') }, 'more', ADA));
    const { outputs } = await runMergeDue(world);
    expect(await stateOf(world, number)).toBe('open');
    expect(outputs['pull-requests']).toContain('production takes shop 6.6.6 only once');
  });

  test('it judges anew where the policy changed between verdict and merge', async () => {
    const { number } = await propose(world, 'change', { [EXTRA]: 'a: 1\n' });
    const strict = POLICY.replace('staging: {}', 'staging: { approvers: [olga] }');
    justBefore('DueMerge', () => world.ops.commit('main', { 'ostack.yaml': strict }, 'ask', ADA));
    const { outputs } = await runMergeDue(world);
    expect(await stateOf(world, number)).toBe('open');
    expect(outputs['pull-requests']).toContain('0 of 1 approval: waits for olga.');
  });

  test('it fails, naming the rule, where the policy changed in the very moment of the merge', async () => {
    const { number } = await propose(world, 'change', { [EXTRA]: 'a: 1\n' });
    const strict = POLICY.replace('staging: {}', 'staging: { approvers: [olga] }');
    justBefore('MergeDue', () => world.ops.commit('main', { 'ostack.yaml': strict }, 'ask', ADA));
    const { exitCode, stdout } = await runMergeDue(world);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `::error::Merged onto what came to the default branch in the same moment, which does not permit it: #${number} (Not yet: staging: 0 of 1 approval: waits for olga.)`,
    );
  });

  test('it merges nothing whose label was taken away, that was closed or that goes elsewhere by now', async () => {
    const one = await propose(world, 'one', { 'docs/a.md': 'a\n' });
    justBefore('DueMerge', () =>
      rest(world.stage, `DELETE /repos/acme/ops/issues/${one.number}/labels/ostack%2Fmerge-when-allowed`),
    );
    await runMergeDue(world);
    expect(await stateOf(world, one.number)).toBe('open');
    const two = await propose(world, 'two', { 'docs/b.md': 'b\n' });
    await world.ops.commit('release', { 'docs/z.md': 'z\n' }, 'release', ADA);
    justBefore('DueMerge', () => rest(world.stage, `PATCH /repos/acme/ops/pulls/${two.number}`, { base: 'release' }));
    await runMergeDue(world);
    expect(await stateOf(world, two.number)).toBe('open');
  });

  test('it owes what follows to the merge of a run that was stopped', async () => {
    const { number } = await propose(world, 'one', { 'docs/a.md': 'a\n' });
    await rest(world.stage, `PUT /repos/acme/ops/pulls/${number}/merge`, {}, world.token);
    expect(dispatches(await requestsOf(() => runMergeDue(world)))).toEqual(['ops-check.yml']);
  });
});

describe('Where rules guard the branch', () => {
  const protect = (settings: object = {}) => {
    world.ops.protect('main', { requiredChecks: ['ci'] });
    return rest(world.stage, 'PATCH /repos/acme/ops', settings);
  };

  test('GitHub is asked to merge what is allowed, and left with it', async () => {
    await protect({ allow_auto_merge: true });
    const one = await propose(world, 'one', { 'docs/a.md': 'a\n' });
    const never = await propose(world, 'never', { [PRODUCTION]: overlay('1.9.0') });
    const { outputs } = await runMergeDue(world);
    expect(outputs['pull-requests']).toContain('"state":"handed over"');
    const auto = async ({ number }: { number: number }) =>
      JSON.stringify((await rest(world.stage, `GET /repos/acme/ops/pulls/${number}`)).body).includes('"auto_merge":{');
    expect([await auto(one), await auto(never)]).toEqual([true, false]);
    const requests = await requestsOf(() => runMergeDue(world));
    expect(requests.filter(({ operation }) => operation === 'MergeDue')).toEqual([]);
    await report(world, one.head, 'success', 'ci');
    expect(await stateOf(world, one.number)).toBe('merged');
    expect(dispatches(await requestsOf(() => runMergeDue(world)))).toEqual(['ops-check.yml']);
  });

  test('it merges by itself where GitHub has no auto-merge, once the rules let it', async () => {
    await protect();
    const { number, head } = await propose(world, 'one', { 'docs/a.md': 'a\n' });
    const { outputs } = await runMergeDue(world);
    expect(outputs['pull-requests']).toContain(
      'rules of the branch hold it back: a required check or review is missing',
    );
    await report(world, head, 'success', 'ci');
    await runMergeDue(world);
    expect(await stateOf(world, number)).toBe('merged');
  });
});
