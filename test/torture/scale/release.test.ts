import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startStage } from '../../../src/local/stage.js';
import { MOST_BYTES, unpacked } from '../../../src/runtime/packed.js';
import { standInEngine } from '../../actions/build-push-image/support.js';
import { checkOut } from '../../actions/tag-release/support/scenario.js';
import { type ActionResult, runAction } from '../../support/run-action.js';
import { record } from '../table.js';

/**
 * Of more than four hundred apps a list is too long for an input as it is, so the torture takes more than that. As many as
 * `OSTACK_APPS` says, for example 2000, take minutes.
 */
const MANY = Number(process.env.OSTACK_APPS ?? (process.env.OSTACK_TORTURE === 'all' ? 500 : 10));

const apps = Array.from({ length: MANY }, (_, index) => `service-${index}`);

/**
 * What GitHub allows the outputs of a job in all, as UTF-16.
 *
 * @see https://docs.github.com/actions/writing-workflows/choosing-what-your-workflow-does/passing-information-between-jobs
 */
const JOB_OUTPUT_BYTES = 1024 * 1024;

const count = (text: string | undefined): number => {
  const list: unknown = JSON.parse(unpacked(text ?? ''));
  return Array.isArray(list) ? list.length : -1;
};

test(`${MANY} apps are released, built, proposed and recorded at once, within what GitHub hands on`, async () => {
  await using stage = await startStage();
  const overlay = (app: string) => `images:\n- name: ${stage.registry}/acme/${app}\n  newTag: 0.0.1\n`;
  await stage.github.createRepository('acme/ops', {
    files: Object.fromEntries([
      ['ostack.yaml', 'environments:\n  staging:\n'],
      ...apps.map((app) => [`overlays/staging/${app}/kustomization.yaml`, overlay(app)]),
    ]),
  });
  const repository = await stage.github.createRepository('acme/apps', {
    files: Object.fromEntries(apps.map((app) => [`apps/${app}/Dockerfile`, 'FROM scratch\nCOPY . .\n'])),
  });
  const work = await mkdtemp(join(tmpdir(), 'ostack-many-'));
  try {
    await checkOut(stage, work, {}, 'acme/apps');
    const sha = (await repository.refs())['refs/heads/main'] ?? '';
    const run = async (action: string, inputs: Record<string, string>, most: number): Promise<ActionResult> => {
      const before = stage.github.requests.length;
      const result = await runAction({
        ...{ action, cwd: work },
        inputs: { 'github-token': stage.token, ...inputs },
        env: {
          ...(await standInEngine()),
          ...{ GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl, GITHUB_SERVER_URL: stage.serverUrl },
          ...{ GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main', GITHUB_ACTOR: 'ada' },
        },
      });
      expect([action, result.exitCode, result.exitCode === 0 ? '' : result.stdout.slice(-2000)]).toEqual([
        action,
        0,
        '',
      ]);
      expect(stage.github.requests.length - before).toBeLessThanOrEqual(8 + most);
      const given = Object.values(result.outputs);
      expect(Math.max(...given.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(MOST_BYTES);
      expect(given.reduce((sum, text) => sum + text.length * 2, 0)).toBeLessThanOrEqual(JOB_OUTPUT_BYTES);
      expect(Buffer.byteLength(result.summary)).toBeLessThanOrEqual(1024 * 1024);
      return result;
    };
    const { outputs: released } = await run('tag-release', { 'track-delivery': 'true' }, 3 * MANY + MANY / 100);
    expect([count(released.releases), count(released.apps)]).toEqual([MANY, MANY]);
    const registry = `${stage.registry}/acme`;
    const { outputs: built } = await run('build-push-image', { releases: released.releases ?? '', registry }, 0);
    const { images = '', releases = '' } = built;
    expect([count(images), count(releases)]).toEqual([MANY, MANY]);
    const ops = { token: stage.token, 'ops-repository': 'acme/ops', 'apps-token': stage.token };
    const [looks, writes] = [MANY / 25, (2 * MANY) / 8];
    const { outputs: bumped } = await run('bump-ops-overlay', { images, releases, ...ops }, looks + writes);
    const pulls = bumped['pull-requests'] ?? '';
    expect(count(pulls)).toBe(MANY);
    await run('record-delivery', { releases, images, 'pull-requests': pulls }, 2 * MANY);
    // A second run has nothing left to make, and finds that out by reading.
    const before = stage.github.requests.length;
    // Each has a pull request now, which is read along.
    await run('bump-ops-overlay', { images, releases, ...ops }, looks + MANY / 60);
    const again = stage.github.requests.slice(before).map(({ operation }) => operation);
    expect([...new Set(again)].sort()).toEqual(['OpenOps', 'ReadOps', 'ReadReleases']);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  record({ scenario: 'scale: apps released and deployed at once', tried: MANY, survived: MANY });
}, 1_800_000);
