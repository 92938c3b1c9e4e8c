import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseFlows, refusalOf } from '../../../src/actions/check-merge-source/flows.js';
import { starter } from '../../../src/local/starter.js';
import { runAction } from '../../support/run-action.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-event-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function check(head: string, base: string, repository = 'acme/ops', event = 'pull_request', about?: object) {
  const pull = { base: { ref: base }, head: { ref: head, repo: { full_name: repository } } };
  const payload = about ?? { pull_request: pull };
  const path = join(folder, 'event.json');
  await writeFile(path, JSON.stringify(payload));
  const { exitCode, stdout } = await runAction({
    action: 'check-merge-source',
    inputs: { allowed: 'dev -> stage\nstage, hotfix/* -> prod' },
    env: {
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: path,
      GITHUB_REPOSITORY: 'acme/ops',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_SERVER_URL: 'http://127.0.0.1',
      GITHUB_API_URL: 'http://127.0.0.1',
      GITHUB_GRAPHQL_URL: 'http://127.0.0.1',
    },
  });
  return { exitCode, stdout };
}

describe('a pull request', () => {
  test('that goes the way it should may be merged', async () => {
    const { exitCode, stdout } = await check('dev', 'stage');
    expect([exitCode, stdout.trim()]).toEqual([0, 'A pull request from "dev" to "stage" may be merged.']);
  });

  test('that leaves out a stage is refused, with what may', async () => {
    const { exitCode, stdout } = await check('dev', 'prod');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      '::error::"prod" takes pull requests from "stage" or "hotfix/*" only, this one is from "dev". Merge "dev" there first, or change the base branch of this pull request.',
    );
  });

  test('from a fork with a branch of the right name is refused', async () => {
    const { exitCode, stdout } = await check('dev', 'stage', 'mallory/ops');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      '::error::"stage" takes pull requests from "dev" of acme/ops only, this one is from "dev" of mallory/ops. Push the branch to acme/ops and open the pull request from there.',
    );
  });

  test('is what a run has to be about', async () => {
    const { stdout } = await check('dev', 'stage', 'acme/ops', 'push', {});
    expect(stdout).toContain(
      '::error::This run was started by the event "push", which is not about a pull request. Start it on "pull_request" (and "merge_group").',
    );
  });

  test('in a merge queue has been checked before', async () => {
    expect((await check('dev', 'prod', 'acme/ops', 'merge_group')).exitCode).toBe(0);
  });
});

describe('what is allowed', () => {
  const ends = (head: string, base: string) => ({ head, base, headRepository: 'Acme/ops', baseRepository: 'acme/ops' });
  test.each([
    ['dev', 'stage', true],
    ['hotfix/urgent', 'prod', true],
    ['hotfix/a/b', 'prod', false],
    ['stage', 'prod', true],
    ['prod', 'stage', false],
    ['anything', 'dev', true],
    ['anything', 'topic/x', true],
  ])('from %s to %s: %s', (head, base, allowed) => {
    const flows = parseFlows(['dev -> stage', 'stage, hotfix/* -> prod']);
    expect(refusalOf(ends(head, base), flows, false) === undefined).toBe(allowed);
  });

  test.each([
    ['dev', 'stage', true],
    ['stage', 'prod', true],
    ['ostack-rollback/stage/cat', 'stage', true],
    ['ostack-hold/everything', 'prod', true],
    ['dev', 'prod', false],
    ['Dev', 'stage', false],
    ['dev/x', 'stage', false],
    ['x/dev', 'stage', false],
    ['heads/dev', 'stage', false],
    ['refs/heads/dev', 'stage', false],
    ['dev2', 'stage', false],
    ['\u0501ev', 'stage', false],
    ['stage', 'stage', false],
    ['ostack-rollback', 'prod', false],
    ['ostackx/rollback/prod/cat', 'prod', false],
    // What is proposed to an environment by itself: promotions are merges there.
    ['ostack/prod/cat', 'prod', false],
  ])('by the starter of applications with definitions, from %s to %s: %s', async (head, base, allowed) => {
    const text = await starter('definitions/definition');
    const [, lines = ''] = /allowed: \|\n((?: {12}.*\n)+)/.exec(text) ?? [];
    const flows = parseFlows(lines.trim().split('\n'));
    expect(flows).toHaveLength(4);
    expect(refusalOf(ends(head, base), flows, false) === undefined).toBe(allowed);
  });

  test('a fork counts where that is allowed, and one that is gone does not', () => {
    const flows = parseFlows(['dev -> stage']);
    const fork = { ...ends('dev', 'stage'), headRepository: 'ada/ops' };
    expect(refusalOf(fork, flows, true)).toBeUndefined();
    expect(refusalOf({ ...fork, headRepository: undefined }, flows, false)).toContain('a repository that is gone');
  });

  test.each(['dev', 'dev ->', '-> stage', 'dev -> stage -> prod', 'dev -> stage prod'])('"%s" says nothing', (line) => {
    expect(() => parseFlows([line])).toThrow(
      `Input "allowed" has the line "${line}", expected a branch, an arrow and a branch, such as "dev -> stage".`,
    );
  });
});
