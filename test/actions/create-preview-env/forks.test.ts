import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { errorsOf, lines, opsFiles, type PreviewStage, previewStage, type TestPull } from './support.js';

const labelled = opsFiles('previews: { host: staging, forks: labelled }');
const pullSchema = v.object({ number: v.number(), head: v.object({ sha: v.string() }) });
const MALLORY = { name: 'Mallory', email: 'mallory@evil.dev' };

/** A clock on which no two things happen in the same second. */
function ticking(): () => Date {
  let time = Date.now() - 86_400_000;
  return () => {
    time += 1000;
    return new Date(time);
  };
}

/** Mallory forks the apps repository and proposes a change. */
async function forkPull(world: PreviewStage): Promise<TestPull & { push(): Promise<TestPull> }> {
  const fork = await world.stage.github.fork('acme/apps', 'mallory/apps');
  await fork.commit('change', { 'apps/my-app/new.txt': 'one\n' }, 'feat: new', MALLORY);
  const body = { title: 'A gift', head: 'mallory:change', base: 'main' };
  const { number, head } = v.parse(pullSchema, await world.rest('POST', '/repos/acme/apps/pulls', body));
  return {
    ...{ number, head: head.sha, branch: 'change' },
    async push() {
      const sha = await fork.commit('change', { 'apps/my-app/more.txt': 'two\n' }, 'feat: more', MALLORY);
      return { number, head: sha, branch: 'change' };
    },
  };
}

async function label({ rest }: PreviewStage, { number }: TestPull, name = 'preview'): Promise<void> {
  await rest('POST', `/repos/acme/apps/issues/${number}/labels`, { labels: [name] });
}

/** The trusted second phase: no event of a pull request, only its number and head. */
function trusted(world: PreviewStage, pull: TestPull, inputs: Record<string, string> = {}) {
  return world.create(pull, { number: String(pull.number), 'head-sha': pull.head, ...inputs });
}

describe('a pull request from a fork', () => {
  test('has no environment unless the policy says so', async () => {
    await using world = await previewStage();
    const pull = await forkPull(world);
    await label(world, pull);
    const run = await trusted(world, pull);
    expect(run.exitCode).toBe(1);
    expect(errorsOf(run)).toContain('#1 comes from a fork, and the policy gives forks no previews');
    expect(await world.previews()).toEqual({ active: [], queued: [] });
  });

  test('has none without the label', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const pull = await forkPull(world);
    await label(world, pull, 'bug');
    expect(errorsOf(await trusted(world, pull))).toContain('comes from a fork and has no label "preview"');
  });

  test('has one for the commit that was labelled', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const pull = await forkPull(world);
    await label(world, pull);
    const run = await trusted(world, pull);
    expect(errorsOf(run)).toBe('');
    expect(lines(run)).toEqual(['pr-1: opened, deploying']);
  });

  test('has none for a commit that was pushed after the label', async () => {
    await using world = await previewStage(labelled, 'acme/apps', '', ticking());
    const pull = await forkPull(world);
    await label(world, pull);
    const pushed = await pull.push();
    const run = await trusted(world, pushed);
    expect(errorsOf(run)).toContain(`its label "preview" is not younger than the commit ${pushed.head.slice(0, 7)}`);
    expect(await world.previews()).toEqual({ active: [], queued: [] });
    const late = await trusted(world, pull);
    expect(errorsOf(late)).toContain(`is at ${pushed.head.slice(0, 7)} now`);
  });

  test('has none where label and push fall into the same second', async () => {
    const now = new Date();
    await using world = await previewStage(labelled, 'acme/apps', '', () => now);
    const pull = await forkPull(world);
    await label(world, pull);
    expect(errorsOf(await trusted(world, pull))).toContain('is not younger than the commit');
  });
});
