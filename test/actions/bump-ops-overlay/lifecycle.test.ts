import { describe, expect, test } from '@jest/globals';
import { OPS_FILES, opsStage, overlay, requestLines, summaryOf } from './support.js';

const BRANCH = 'ostack/production/my-app';
const FILE = 'overlays/production/my-app/kustomization.yaml';
const production = { environments: 'production' };

describe('a newer version', () => {
  test('updates the pull request that is open, in title, text and file', async () => {
    await using world = await opsStage();
    await world.bump(production);
    const run = await world.bump({ ...production, tag: '1.5.0' });
    expect(summaryOf(run)).toEqual(['production: updated #1']);
    expect(run.requests.length).toBeLessThanOrEqual(5);
    const [pull, ...others] = await world.pulls();
    expect(others).toEqual([]);
    expect(pull?.title).toBe('my-app 1.5.0 -> production');
    expect(pull?.body).toContain('to `1.5.0`');
    expect(pull?.body).not.toContain('1.4.0');
    expect(await world.ops.read(BRANCH, FILE)).toContain('newTag: "1.5.0"');
  });

  test('keeps the text that people wrote around the block', async () => {
    await using world = await opsStage();
    await world.bump(production);
    const [pull] = await world.pulls();
    const edit =
      'mutation($id: ID!, $body: String!) { updatePullRequest(input: { pullRequestId: $id, body: $body }) { clientMutationId } }';
    await world.graphql(edit, { id: pull?.id, body: `Mind the cache.\n\n${pull?.body}\n\nSigned: Ada` });
    await world.bump({ ...production, tag: '1.5.0' });
    const [updated] = await world.pulls();
    expect(updated?.body).toMatch(/^Mind the cache\.\n\n<!-- ostack:bump 1\.5\.0/);
    expect(updated?.body).toMatch(/<!-- \/ostack:bump -->\n\nSigned: Ada$/);
  });

  test("puts a commit on top of people's commits", async () => {
    await using world = await opsStage();
    await world.bump(production);
    const theirs = await world.push(BRANCH, { 'overlays/production/my-app/settings.yaml': 'replicas: 3\n' });
    await world.push('main', { 'README.md': 'the base moves\n' });
    const run = await world.bump({ ...production, tag: '1.5.0' });
    expect(summaryOf(run)).toEqual(['production: updated #1']);
    const log = await world.ops.log(BRANCH);
    expect(log.slice(0, 2).map(({ sha, message }) => [sha === theirs, message.split('\n')[0]])).toEqual([
      [false, 'my-app 1.5.0 -> production'],
      [true, 'by hand'],
    ]);
    expect(await world.ops.read(BRANCH, FILE)).toContain('newTag: "1.5.0"');
    expect(await world.ops.read(BRANCH, 'overlays/production/my-app/settings.yaml')).toBe('replicas: 3\n');
  });

  test('rebuilds a branch with our commits only from a base that moved, and the pull request stays open', async () => {
    await using world = await opsStage();
    await world.bump(production);
    const moved = await world.push('main', { [FILE]: overlay('1.2.1') });
    const run = await world.bump({ ...production, tag: '1.5.0' });
    expect(summaryOf(run)).toEqual(['production: updated #1']);
    expect(run.requests.length).toBeLessThanOrEqual(5);
    const log = await world.ops.log(BRANCH);
    expect(log[1]?.sha).toBe(moved);
    expect((await world.pulls()).map(({ state }) => state)).toEqual(['OPEN']);
    expect(Object.keys(await world.ops.refs()).filter((ref) => ref.includes('scratch'))).toEqual([]);
  });
});

describe('never backwards', () => {
  test('leaves an environment alone that holds a newer version', async () => {
    await using world = await opsStage();
    const run = await world.bump({ ...production, tag: '1.1.9' });
    expect(summaryOf(run)).toEqual(['production: skipped, production has a newer version than 1.1.9']);
    expect(await world.pulls()).toEqual([]);
  });

  test('leaves a pull request alone that proposes a newer version', async () => {
    await using world = await opsStage();
    await world.bump({ ...production, tag: '1.5.0' });
    const run = await world.bump({ ...production, tag: '1.4.0' });
    expect(summaryOf(run)).toEqual(['production: skipped #1, #1 proposes a newer version than 1.4.0']);
    expect(await world.ops.read(BRANCH, FILE)).toContain('newTag: "1.5.0"');
  });

  test('takes a tag that is no version as it is', async () => {
    await using world = await opsStage();
    const run = await world.bump({ ...production, tag: 'main-3f2a1b' });
    expect(summaryOf(run)).toEqual(['production: created #1']);
    expect((await world.pulls())[0]?.title).toBe('my-app main-3f2a1b -> production');
  });

  test('leaves a held environment alone and says who holds it', async () => {
    const hold =
      '- environment: production\n  app: my-app\n  version: 1.2.0\n  since: "2026-11-20T10:00:00Z"\n  by: ada\n  reason: errors at checkout\n';
    await using world = await opsStage({ ...OPS_FILES, '.ostack/holds.yaml': hold });
    const run = await world.bump(production);
    expect(summaryOf(run)).toEqual([
      'production: held, held at 1.2.0 since 2026-11-20T10:00:00Z by ada: errors at checkout',
    ]);
    expect(run.stdout).toContain('(was 1.2.0): held at 1.2.0 since 2026-11-20T10:00:00Z by ada: errors at checkout\n');
    expect(run.summary).toContain('| held at 1.2.0 since 2026\\-11\\-20T10:00:00Z by ada: errors at checkout |');
    expect(await world.pulls()).toEqual([]);
  });
});

describe('the end of a pull request', () => {
  test('is closed with the reason, its branch deleted, when the version got there another way', async () => {
    await using world = await opsStage();
    await world.bump(production);
    const proposed = (await world.ops.read(BRANCH, FILE)) ?? '';
    await world.push('main', { [FILE]: `# deployed by hand\n${proposed}` });
    const run = await world.bump(production);
    expect(summaryOf(run)).toEqual(['production: closed #1, 1.4.0 is already in production']);
    const [pull] = await world.pulls();
    expect(pull).toMatchObject({ state: 'CLOSED', comments: ['Closed: 1.4.0 is already in production.'] });
    expect(Object.keys(await world.ops.refs())).not.toContain(`refs/heads/${BRANCH}`);
  });

  test('is respected when a person closed it, until the next version', async () => {
    await using world = await opsStage();
    await world.bump(production);
    const [pull] = await world.pulls();
    await world.graphql('mutation($id: ID!) { closePullRequest(input: { pullRequestId: $id }) { clientMutationId } }', {
      id: pull?.id,
    });
    const again = await world.bump(production);
    expect(summaryOf(again)).toEqual([
      'production: skipped, a person closed #1 for 1.4.0; reopen it to go on, the next version opens a new one',
    ]);
    const next = await world.bump({ ...production, tag: '1.5.0' });
    expect(summaryOf(next)).toEqual(['production: created #2']);
    expect(await world.ops.read(BRANCH, FILE)).toContain('newTag: "1.5.0"');
  });

  test('leaves no duplicate when it was merged in between', async () => {
    await using world = await opsStage();
    await world.bump(production);
    const [pull] = await world.pulls();
    await world.graphql('mutation($id: ID!) { mergePullRequest(input: { pullRequestId: $id }) { clientMutationId } }', {
      id: pull?.id,
    });
    const same = await world.bump(production);
    expect(summaryOf(same)).toEqual(['production: unchanged, 1.4.0 is already in production']);
    const next = await world.bump({ ...production, tag: '1.5.0' });
    expect(summaryOf(next)).toEqual(['production: created #2']);
    expect(requestLines(next)).toHaveLength(5);
    const [newest, parent] = await world.ops.log(BRANCH);
    expect(newest?.message).toContain('1.5.0');
    expect(parent?.sha).toBe((await world.ops.log('main'))[0]?.sha);
  });

  test('opens one from a branch that a person made, without losing their commits', async () => {
    await using world = await opsStage();
    const theirs = await world.push(BRANCH, { 'notes.md': 'mine\n' });
    const run = await world.bump(production);
    expect(summaryOf(run)).toEqual(['production: created #1']);
    expect((await world.ops.log(BRANCH))[1]?.sha).toBe(theirs);
  });
});
