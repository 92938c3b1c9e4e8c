import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import type { Connected } from '../../../src/github/connected.js';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { formatTrailers } from '../../../src/ops/ledger/trailers.js';
import { decideMerge, MERGE_WHEN_ALLOWED } from '../../../src/ops/policy/merge-decision.js';
import { HOME } from '../../../src/ops/policy/places.js';
import { rulesAt } from '../../../src/ops/pull-requests/decide-merge.js';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { propose } from '../../../src/ops/pull-requests/propose.js';
import { isoSeconds } from '../../../src/report/time.js';
import { overlay, overlayPath } from '../../torture/races/ops-world.js';
import { LAYOUT } from '../verbs/snapshot.js';
import { type EngineWorld, engineWorld, saying } from './engine.js';
import { REPO } from './support.js';

const LABEL = MERGE_WHEN_ALLOWED;
const FREEZE = 'freeze: [{ from: "2020-01-01T00:00:00Z", to: "2099-01-01T12:00:00Z" }]';
const FROZEN = /^not yet: staging is frozen until 2099-01-01T12:00:00Z; it merges by itself once the policy allows it$/;
const NOTE =
  '> **Not yet:** staging is frozen until 2099\\-01\\-01T12:00:00Z. It merges by itself then. ' +
  `The label \`${LABEL}\` has the workflow *Merge what is due* do that: take it off to merge by hand.`;

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
beforeEach(() => world.goBack());
afterAll(() => world.close());

const policy = (staging: string) =>
  world.push('main', { 'ostack.yaml': `environments:\n  dev: {}\n  staging: { cd: true, ${staging} }\n` });

const wished = (over: Partial<Proposal> = {}, version = '1.1.0') =>
  saying('shop', version, {
    ...{ merges: true, judged: { environments: ['staging'], apps: ['shop'], layout: LAYOUT } },
    ...over,
  });

async function run(over: Partial<Proposal> = {}, starters: readonly string[] = [], version = '1.1.0') {
  const { results, failures } = await propose(world.connected, async () => [wished(over, version)], {
    ...world.options,
    starters,
  });
  expect(failures).toEqual([]);
  const [pull] = await world.pulls();
  const [result] = results;
  return { action: result?.action, reason: result?.reason ?? '', byItself: result?.mergesByItself, pull };
}

/** What a person does on GitHub's pages. */
function asPerson(login: string): Connected {
  const { apiUrl, graphqlUrl } = world.stage;
  const token = world.stage.github.issueToken({ actor: login });
  return { ...world.connected, github: connect({ token, apiUrl, graphqlUrl }) };
}

async function takeLabelOff(): Promise<void> {
  await asPerson('octocat').github.octokit.request('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
    owner: 'acme',
    repo: 'ops',
    issue_number: 1,
    name: LABEL,
  });
}

const held = '- { environment: staging, app: shop, version: 1.0.0, since: 2026-11-20T09:00:00Z, by: ada }\n';
const inDev = (version: string) => ({ [overlayPath('dev', 'shop')]: overlay('shop', version) });

test.each<[string, Parameters<typeof rulesAt>[0]['place'], boolean, boolean]>([
  ['in an ops repository', HOME, false, true],
  ['in an infra repository, where nothing merges what is due', HOME, true, false],
  ['in another repository than the policy', { ...HOME, repository: 'acme/other' }, false, false],
])('what waits for longer than a run gets the label, or none: %s', (_where, place, isInfra, gets) => {
  const repo = { ...REPO, guarded: true, gated: false, autoMergeAllowed: false, mergeQueue: false };
  const rules = rulesAt({ repo, place, ...(isInfra && { infra: readInfraConfig('roots: { net: {} }') }) });
  const notYet = { fact: 'It is frozen.', until: undefined };
  expect([undefined, notYet].map((each) => decideMerge(each, rules).whenAllowed)).toEqual([gets, gets]);
});

describe('what is to merge by itself, where no gate is required', () => {
  test.each<[what: string, rules: string, files: Record<string, string>, reason: RegExp]>([
    ['in a freeze', FREEZE, {}, FROZEN],
    [
      'before the environment that comes first has it',
      'after: dev',
      inDev('1.0.0'),
      /^not yet: staging takes shop 1\.1\.0 only once it is in dev, which runs 1\.0\.0; it merges/,
    ],
    [
      'before that has had it long enough',
      'after: dev, soak: 2h',
      inDev('1.1.0'),
      /^not yet: shop 1\.1\.0 is in dev since .*; staging takes it after 2h, from .* on; it merges/,
    ],
    [
      'past a hold',
      'after: dev',
      { ...inDev('1.1.0'), '.ostack/holds.yaml': held },
      /^not yet: shop in staging is held at 1\.0\.0 since .* by ada; it merges/,
    ],
    [
      'without an approval',
      'approvers: [lea], approvals: 1',
      {},
      /^not yet: 0 of 1 approval: waits for lea; it merges/,
    ],
  ])('is not merged %s, and gets the label and a note', async (_what, rules, files, reason) => {
    await world.push('main', files);
    await policy(rules);
    const done = await run();
    expect(done).toMatchObject({ action: 'created', reason: expect.stringMatching(reason), byItself: true });
    expect(done.pull).toMatchObject({ state: 'open', labels: [LABEL], autoMerge: false });
    expect(done.pull?.body).toMatch(/^<!-- ostack:merge {2}-->\n> \[!NOTE\]\n> \*\*Not yet:\*\* /);
  });

  test('is not merged where nobody can tell which version it brings', async () => {
    await policy('after: dev');
    const { action, reason } = await run({
      judged: { environments: ['staging'], apps: ['nowhere'], layout: LAYOUT },
    });
    expect([action, reason]).toEqual([
      'created',
      expect.stringMatching(/^not yet: Nobody can tell which version of nowhere staging holds after it; /),
    ]);
  });

  test('is told all that is against it, and a time only where nothing is then', async () => {
    const later =
      'freeze: [{ from: "2020-01-01T00:00:00Z", to: "2099-01-01T12:00:00Z" }, { from: "2099-01-01T12:00:00Z", to: "2099-01-02T12:00:00Z" }]';
    await policy(later);
    expect((await run()).pull?.body).toContain(
      'staging is frozen until 2099\\-01\\-01T12:00:00Z. staging is frozen until 2099\\-01\\-02T12:00:00Z. It merges by itself then.',
    );
    await policy(`${FREEZE}, approvers: [lea], approvals: 1`);
    expect((await run()).pull?.body).toContain(
      'until 2099\\-01\\-01T12:00:00Z. 0 of 1 approval: waits for lea. It merges by itself once the policy allows it.',
    );
  });

  test.each<[who: string, starters: string[], action: string]>([
    ['an approver', ['Lea'], 'merged'],
    ['somebody else', ['ada'], 'created'],
    ['an approver, and started anew by somebody else', ['lea', 'ada'], 'created'],
    ['nobody', [], 'created'],
  ])('is a rollback that needs no other person where it was started by %s', async (_who, starters, action) => {
    await world.push('main', { [overlayPath('staging', 'shop')]: overlay('shop', '1.2.0') });
    await policy('approvers: [lea], approvals: 1');
    const plan: Proposal['plan'] = async () => ({
      state: 'change',
      change: { files: new Map([[overlayPath('staging', 'shop'), overlay('shop', '1.0.0')]]) },
      before: new Map(),
    });
    expect(await run({ plan }, starters, '1.0.0')).toMatchObject({ action });
  });

  test.each<[what: string, rules: string, starters: string[], action: string]>([
    ['goes past an order where the policy names no approvers', 'after: dev', ['ada'], 'merged'],
    ['of an approver waits for another one', 'after: dev, approvers: [lea], approvals: 1', ['lea'], 'created'],
    ['of somebody else waits for an approver', 'after: dev, approvers: [lea], approvals: 1', ['ada'], 'created'],
  ])('with force and a reason %s', async (_what, rules, starters, action) => {
    await world.push('main', inDev('1.0.0'));
    await policy(rules);
    const trailers = { action: 'promote', environment: 'staging', app: 'shop', version: '1.1.0' };
    const images = ['ghcr.io/acme/shop:1.1.0'];
    const text = formatTrailers({
      ...trailers,
      images,
      source: undefined,
      run: undefined,
      reason: 'broken',
      by: 'ada',
      forcedBy: 'ada',
    });
    const done = await run({ message: () => ({ headline: 'shop 1.1.0', body: text }) }, starters);
    expect(done).toMatchObject({ action });
    const isBacked = rules === 'after: dev' || starters.includes('lea');
    expect(done.reason.includes('only once it is in dev')).toBe(!isBacked);
  });

  test.each<[what: string, rules: string, files: Record<string, string>]>([
    ['where nothing is against it', 'after: dev', inDev('1.1.0')],
    ['outside of a freeze', 'freeze: [{ from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" }]', {}],
  ])('is merged %s', async (_what, rules, files) => {
    await world.push('main', files);
    await policy(rules);
    expect(await run()).toMatchObject({ action: 'merged', pull: { labels: [] } });
  });

  test('goes back in a freeze only to a version that it held', async () => {
    await world.push('main', { [overlayPath('staging', 'shop')]: overlay('shop', '1.2.0') });
    await policy(FREEZE);
    const to = (version: string): Partial<Proposal> => ({
      plan: async () => ({
        state: 'change',
        change: { files: new Map([[overlayPath('staging', 'shop'), overlay('shop', version)]]) },
        before: new Map(),
      }),
    });
    expect(await run(to('1.1.0'), [], '1.1.0')).toMatchObject({ action: 'created', pull: { labels: [LABEL] } });
    expect(await run(to('1.0.0'), [], '1.0.0')).toMatchObject({ action: 'merged' });
  });

  test('says on top why, until when, and what the label is for', async () => {
    await policy(FREEZE);
    const { pull } = await run();
    expect(pull?.body.split('\n')[2]).toBe(NOTE);
  });

  test('is merged by a run after the freeze, and the note is gone', async () => {
    await policy(FREEZE);
    await run();
    expect((await run()).action).toBe('unchanged');
    await policy('');
    const { action, pull } = await run();
    expect([action, pull?.body]).toEqual(['merged', expect.not.stringContaining('Not yet')]);
  });

  const RULED = 'after: dev';
  const TRAILERS = formatTrailers({
    ...{ action: 'say', environment: 'staging', app: 'shop', version: '1.1.0', images: [] },
    ...{ source: undefined, run: undefined },
  });
  const push = (files: Record<string, string>, message: string) =>
    world.ops.commit('ostack/staging/shop', files, message, { name: 'mallory', email: 'mallory@acme.dev' });
  const OWN = overlayPath('staging', 'shop');

  test.each<[what: string, files: Record<string, string>, reason: RegExp]>([
    [
      'another file',
      { 'clusters/more.yaml': 'a: 1\n' },
      /^not yet: Its branch changes clusters\/more\.yaml, too\. This run/,
    ],
    ['the policy', { 'ostack.yaml': 'environments: { dev: {}, staging: {} }\n' }, /changes ostack\.yaml, too/],
    [
      'the same file',
      { [OWN]: `${overlay('shop', '1.1.0')}# more\n` },
      /changes overlays\/staging\/shop\/kustomization\.yaml otherwise than planned/,
    ],
    [
      'five files',
      Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`a${n}.md`, 'a\n'])),
      /a1\.md, a2\.md, a3\.md and 2 more, too/,
    ],
  ])(
    'is not merged by a run that did not judge %s on its branch, whoever says to have made it',
    async (_what, files, reason) => {
      await world.push('main', inDev('1.1.0'));
      await policy(RULED);
      await run({ merges: false });
      await push(files, `a fix\n\n${TRAILERS}`);
      const done = await run();
      expect(done).toMatchObject({ reason: expect.stringMatching(reason), byItself: true });
      expect(done.pull).toMatchObject({
        state: 'open',
        labels: [LABEL],
        body: expect.stringContaining('**Not yet:** Its branch'),
      });
    },
  );

  test('is merged where its branch has nothing but what is planned, whoever wrote that', async () => {
    await world.push('main', inDev('1.1.0'));
    await policy(RULED);
    await run({ merges: false });
    await push({ 'a.md': 'a\n' }, 'more');
    await world.push('ostack/staging/shop', { 'a.md': null });
    expect((await run()).action).toBe('merged');
  });

  test.each<[what: string, files: Record<string, string>, action: string]>([
    ['is merged from a branch that a stopped run left', {}, 'merged'],
    ['is not merged from a branch that has more, and no pull request', { 'clusters/more.yaml': 'a: 1\n' }, 'created'],
  ])('%s', async (_what, more, action) => {
    await world.push('main', inDev('1.1.0'));
    await policy(RULED);
    await push({ [OWN]: overlay('shop', '1.1.0'), ...more }, `shop 1.1.0 -> staging\n\n${TRAILERS}`);
    expect((await run()).action).toBe(action);
  });

  test('is not said to merge by itself where the label cannot be made', async () => {
    await policy(FREEZE);
    const { apiUrl, graphqlUrl } = world.stage;
    const token = world.stage.github.issueToken({
      actor: 'ostack[bot]',
      permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' },
    });
    const ops: Connected = { ...world.connected, github: connect({ token, apiUrl, graphqlUrl }) };
    const { results, warnings } = await propose(ops, async () => [wished()], { ...world.options, starters: [] });
    expect(results.map(({ action, mergesByItself }) => [action, mergesByItself])).toEqual([['created', false]]);
    expect(results[0]?.reason).toMatch(/; it lacks the label ostack\/merge-when-allowed for that: set it by hand$/);
    expect(warnings).toEqual([expect.stringMatching(/^The label "ostack\/merge-when-allowed" could not be made: /)]);
  });

  test('loses label and note with the wish', async () => {
    await policy(FREEZE);
    await run();
    const { action, pull } = await run({ merges: false });
    expect([action, pull?.labels, pull?.body]).toEqual(['unchanged', [], expect.not.stringContaining('Not yet')]);
  });

  test('is left to people once one took the label off, until one asks for the merge', async () => {
    await policy(FREEZE);
    await run();
    await takeLabelOff();
    const left = await run({}, [], '1.2.0');
    expect(left).toMatchObject({ action: 'updated', byItself: false, pull: { labels: [] } });
    expect(left.reason).toBe(`somebody took the label ${LABEL} off, so a person merges it`);
    await policy('');
    expect((await run({}, [], '1.2.0')).action).toBe('unchanged');
    expect((await run({ insists: true }, [], '1.2.0')).action).toBe('merged');
  });

  test('is no longer left to auto-merge once a freeze is on', async () => {
    world.ops.protect('main', { requiredChecks: ['validate'] });
    await policy('');
    expect(await run()).toMatchObject({ action: 'created', pull: { autoMerge: true, labels: [] } });
    await policy(FREEZE);
    expect(await run({}, [], '1.2.0')).toMatchObject({
      action: 'updated',
      pull: { autoMerge: false, labels: [LABEL] },
    });
  });

  const soon = (minutes: number) =>
    `freeze: [{ from: "${isoSeconds(new Date(Date.now() + minutes * 60_000))}", to: "2099-01-01T12:00:00Z" }]`;
  const NEAR = /^not yet: staging freezes at .*, and its checks may take longer; it merges by itself once/;

  test.each<[what: string, checks: boolean, minutes: number, action: string, reason: RegExp]>([
    ['not left to auto-merge where a freeze may begin before', true, 40, 'created', NEAR],
    ['left to auto-merge where none is near', true, 200, 'created', /^merges by itself when its checks allow$/],
    ['merged a moment before a freeze where nothing holds it back', false, 5, 'merged', /^$/],
  ])('is %s', async (_what, checks, minutes, action, reason) => {
    if (checks) {
      world.ops.protect('main', { requiredChecks: ['validate'] });
    }
    await policy(`after: dev, ${soon(minutes)}`);
    await world.push('main', inDev('1.1.0'));
    expect(await run()).toMatchObject({ action, reason: expect.stringMatching(reason) });
    await policy(soon(minutes));
    expect(await run({}, [], '1.2.0')).toMatchObject({
      action: action === 'created' ? 'updated' : action,
      reason: expect.stringMatching(reason),
    });
  });

  test('is rehearsed with what it would say', async () => {
    await policy(FREEZE);
    const { texts } = await propose(world.connected, async () => [wished()], { ...world.options, dryRun: true });
    expect([...texts.values()].join()).toContain(NOTE);
  });
});

describe('what is to merge by itself, where the gate is required', () => {
  const gate = () =>
    world.ops.ruleset('gate', {
      target: 'branch',
      include: ['~DEFAULT_BRANCH'],
      bypass: ['octocat'],
      rules: { requiredChecks: ['oStack / gate'] },
    });

  test('is left to auto-merge in a freeze, and says until when', async () => {
    await policy(FREEZE);
    gate();
    const { action, reason, pull } = await run();
    expect([action, reason]).toEqual([
      'created',
      'not yet: staging is frozen until 2099-01-01T12:00:00Z; merges by itself when its checks allow',
    ]);
    expect(pull).toMatchObject({ autoMerge: true, labels: [] });
    expect(pull?.body.split('\n')[2]).toBe(
      '> **Not yet:** staging is frozen until 2099\\-01\\-01T12:00:00Z. It merges by itself then.',
    );
  });
});
