import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import type { Ruleset } from '../../../src/local/github/world/records.js';
import { githubLimits } from '../../../src/local/stage.js';
import { parseTrailers } from '../../../src/ops/ledger/trailers.js';
import { propose } from '../../../src/ops/pull-requests/propose.js';
import { type EngineWorld, engineWorld, saying } from './engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld({ delays: { merge: () => 3 } });
});
beforeEach(() => world.goBack());
afterAll(() => world.close());

const propose1 = (version = '1.1.0', merges = false) =>
  propose(world.connected, async () => [saying('shop', version, { merges })], world.options);

const guard = (over: Partial<Ruleset> = {}): Ruleset => ({
  ...{ target: 'branch', include: ['~ALL'], rules: { creation: true } },
  ...over,
});

describe('a ruleset that lets nobody make a branch', () => {
  test('is named with what to do, and not asked again and again', async () => {
    world.ops.ruleset('no branches', guard());
    const { failures } = await propose1();
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Could not create the branch ostack\/staging\/shop in acme\/ops: GitHub answered "Reference update failed"\. A rule of the repository refuses it, and would again\./,
      ),
    ]);
    expect(world.writes()).toEqual(['WriteProposals']);
  });

  test.each(['leaves the branches out that the message names', 'has the App on its bypass list'])(
    'is no hindrance when it %s',
    async (way) => {
      world.ops.ruleset('no branches', guard());
      const { failures } = await propose1();
      const named = [...(failures[0]?.message.matchAll(/"(ostack[^"]*\*)"/g) ?? [])].map(
        (match) => `refs/heads/${match[1]}`,
      );
      expect(named).toHaveLength(2);
      const over = way.startsWith('leaves') ? { exclude: named } : { bypass: ['ostack[bot]'] };
      world.ops.ruleset('no branches', guard(over));
      const { results } = await propose1();
      expect(results.map(({ action }) => action)).toEqual(['created']);
      await world.push('main', { 'README.md': 'the base moves, so that the branch is built anew beside it' });
      const again = await propose1('1.2.0');
      expect(again.results.map(({ action }) => action)).toEqual(['updated']);
      expect(await world.version('shop', 'ostack/staging/shop')).toBe('1.2.0');
    },
  );

  test('is not taken for it where a branch has the name of a folder', async () => {
    await world.push('ostack/staging', { 'README.md': 'in the way' });
    const { failures } = await propose1();
    expect(failures[0]?.message).toContain(
      'A branch that is named like a folder of it, such as "ostack", is in its way too.',
    );
    await world.ops.setRef('refs/heads/ostack/staging', null);
    expect((await propose1()).failures).toEqual([]);
  });
});

describe('a merge that GitHub refuses for a moment', () => {
  test('is tried again until it is done', async () => {
    await propose1();
    const options = { ...world.options, patience: { timeoutMs: 10_000, pollMs: 1 } };
    const proposals = [saying('shop', '1.2.0', { merges: true })];
    const { results } = await propose(world.connected, async () => proposals, options);
    expect(results.map(({ action }) => action)).toEqual(['merged']);
    expect(await world.version('shop')).toBe('1.2.0');
    expect(world.writes().filter((name) => name === 'MergePullRequests').length).toBeGreaterThan(0);
  });
});

test("an administrator's token, which is not shown the rules, turns auto-merge on", async () => {
  world.ops.protect('main', { requiredChecks: ['ci'] });
  const { apiUrl, graphqlUrl } = world.stage;
  const token = world.stage.github.issueToken({ actor: 'ada', administers: true });
  const github = connect({ token, apiUrl, graphqlUrl, retry: { baseMs: 0 } });
  const { results } = await propose(
    { ...world.connected, github },
    async () => [saying('shop', '1.1.0', { merges: true })],
    world.options,
  );
  expect(results).toMatchObject([{ action: 'created', mergesByItself: true }]);
  expect(await world.pulls()).toMatchObject([{ state: 'open', autoMerge: true }]);
});

describe("GitHub's limits of new content", () => {
  const options = () => ({ ...limited.options, patience: { ...limited.options.patience, contentMs: 0 } });
  let limited: EngineWorld;
  let now = new Date('2026-11-29T12:00:00Z');
  beforeAll(async () => {
    limited = await engineWorld({ now: () => now, limits: { ...githubLimits, contentMinute: 2, contentHour: 3 } });
  });
  afterAll(() => limited.close());

  test('end a run that says so, and the next one goes on where it ended', async () => {
    const proposals = ['shop', 'cart', 'blog'].map((app) => saying(app, '1.1.0'));
    const first = await propose(limited.connected, async () => proposals, options());
    expect(first.results.map(({ proposal, action }) => [proposal.subject, action])).toEqual([
      ['staging/shop', 'created'],
      ['staging/cart', 'created'],
    ]);
    expect(first.failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^The rest is left for the next run: .+"was submitted too quickly".+ Run it again in an hour/,
      ),
    ]);
    now = new Date('2026-11-29T12:02:00Z');
    const next = await propose(limited.connected, async () => proposals, options());
    expect(next.failures).toEqual([]);
    expect(next.results.map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'created']);
    expect(await limited.pulls()).toHaveLength(3);
  });
});

test('a run that does not fit into the points that are left says so, and writes nothing', async () => {
  const now = new Date('2026-11-29T12:00:00Z');
  await using limited = closing(await engineWorld({ now: () => now, limits: { ...githubLimits, points: 3 } }));
  const proposals = ['shop', 'cart', 'blog'].map((app) => saying(app, '1.1.0'));
  const { world: few } = limited;
  await expect(propose(few.connected, async () => proposals, few.options)).rejects.toThrow(
    /^Nothing was written: 3 pull requests take up to 3 points .+ the token has 2 left until 13:00 UTC\./,
  );
  expect(few.writes()).toEqual([]);
});

const closing = (world: EngineWorld) => ({ world, [Symbol.asyncDispose]: () => world.close() });

test('a squashed commit names what people added to it, and reads as ours', async () => {
  await world.push('main', { 'ostack.yaml': 'environments: { staging: { cd: true } }\n' });
  await propose1();
  await world.push('ostack/staging/shop', { 'overlays/staging/shop/more.yaml': 'a: 1\n' });
  const { results } = await propose1('1.1.0', true);
  expect(results.map(({ action }) => action)).toEqual(['merged']);
  const message = (await world.ops.log('main'))[0]?.message ?? '';
  expect(message).toMatch(
    /^shop 1\.1\.0 -> staging \(#1\)\n\nWith commits of other people:\n\n\* by hand \([0-9a-f]{7}\)\n\nOstack-Action: /,
  );
  expect(parseTrailers(message)).toMatchObject({ app: 'shop', version: '1.1.0' });
});
