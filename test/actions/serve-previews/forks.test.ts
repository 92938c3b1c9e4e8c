import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forkPull, label, ticking } from '../create-preview-env/fork-pulls.js';
import { errorsOf, lines, OPS_FILES, requestLines, type TestPull } from '../create-preview-env/support.js';
import { imageOf, leaveRun, type Otherwise, type ServedStage, serve, servedStage } from './support.js';

const POLICY = (OPS_FILES['ostack.yaml'] ?? '').replace(
  'host: staging,',
  'host: staging, from: [acme/apps], forks: labelled,',
);

/** As a run of the default branch asks, which has checked what the fork built. */
const ofFork = (pull: TestPull): Otherwise => ({
  run: { event: 'workflow_run', headBranch: 'main', headSha: 'd'.repeat(40), pulls: [] },
  record: { images: [{ ...imageOf(pull), repository: 'ghcr.io/acme/quarantine/my-app' }] },
});

describe('what was asked for a pull request of a fork in vain', () => {
  let world: ServedStage;
  let pull: TestPull & { push(): Promise<TestPull> };
  beforeAll(async () => {
    world = await servedStage(POLICY, '', ticking(3_600_000));
    pull = await forkPull(world, { branch: 'gift' });
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('is not made good where the fork asks for itself, and its artifact is not even read', async () => {
    await leaveRun(world, pull, { run: { id: 1, headRepository: 'mallory/apps', pulls: [] } });
    const swept = await serve(world);
    expect([errorsOf(swept), ...lines(swept)]).toEqual(['']);
    expect(requestLines(swept).filter((line) => line.includes('/actions/runs/'))).toEqual([]);
  });

  test('is not made good without the label, and that is said', async () => {
    await leaveRun(world, pull, ofFork(pull));
    const swept = await serve(world);
    expect([errorsOf(swept), ...lines(swept)]).toEqual(['']);
    expect(swept.stdout).toContain('comes from a fork and has no label "preview"');
  });

  test('is made good by the next sweep with it, and once', async () => {
    await label(world, pull);
    const swept = await serve(world);
    expect([errorsOf(swept), ...lines(swept)]).toEqual(['', 'pr-1: kept, deploying']);
    expect(swept.stdout).toContain('Asked for in vain before: pr-1: opened, deploying');
    const again = await serve(world);
    expect(again.stdout).not.toContain('Asked for in vain');
    expect(requestLines(again).filter((line) => line.includes('/actions/runs/'))).toEqual([]);
  });

  test('is not made good for a commit that came after that', async () => {
    const pushed = await pull.push();
    const swept = await serve(world);
    expect([errorsOf(swept), ...lines(swept)]).toEqual(['', 'pr-1: kept, deploying']);
    expect(swept.stdout).not.toContain('Asked for in vain');
    expect(pushed.head).not.toBe(pull.head);
  });
});
