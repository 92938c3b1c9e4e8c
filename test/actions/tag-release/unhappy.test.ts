import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../support/run-action.js';
import { runAction } from '../../support/run-action.js';
import { REPOSITORY, startScenario } from './support/scenario.js';

/** The one error of a failed run, as GitHub shows it. */
function failure({ exitCode, stdout }: ActionResult): string {
  const errors = stdout.split('\n').filter((line) => line.startsWith('::error::'));
  expect([exitCode, errors.length]).toEqual([1, 1]);
  return decodeURIComponent((errors[0] ?? '').slice('::error::'.length));
}

describe('what goes wrong is said exactly', () => {
  test('no such app', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1', 'apps/api/a': '1' });
    expect(failure(await shop.run({ inputs: { apps: 'api, wbe' } }))).toBe(
      'There is no app "wbe" (input "apps"). Did you mean "web"? The repository has: api, web.',
    );
  });

  test('an unknown key in ostack.yaml', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1', 'ostack.yaml': 'apps:\n  web:\n    shard: [a]\n' });
    expect(failure(await shop.run())).toBe(
      'ostack.yaml:3:5: apps.web: unknown key "shard". Did you mean "shared"? Valid keys: path, shared, test, images.',
    );
  });

  test('a token that may not write', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    const token = shop.stage.github.issueToken({ repositories: [REPOSITORY], permissions: { contents: 'read' } });
    expect(failure(await shop.run({ token }))).toBe(
      'Could not create the tag web-v0.1.0 in acme/shop: the token lacks the permission "contents: write" ("Resource not accessible by integration"). Grant it: for GITHUB_TOKEN under "permissions:" of the job, for a GitHub App in its settings (and accept the change in the installation), for a personal token in its scopes.',
    );
  });

  test('a token for another repository', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    const token = shop.stage.github.issueToken({ repositories: ['acme/other'], permissions: { contents: 'write' } });
    expect(failure(await shop.run({ token })).replaceAll(shop.stage.serverUrl, 'https://github.test')).toMatch(
      /^Could not list the tags of acme\/shop at https:\/\/github\.test\/acme\/shop: .* The token needs "contents: read" for this repository/,
    );
  });

  test('a tag of the next version that points elsewhere', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    await shop.release();
    const elsewhere = await shop.repository.commit('side', { x: '1' }, 'side');
    await shop.repository.setRef('refs/tags/web-v0.1.1', elsewhere);
    await shop.push('fix: a', { 'apps/web/a': '2' });
    expect(failure(await shop.run())).toBe(
      `The next release of web is 0.1.1, but the tag "web-v0.1.1" is already on the commit ${elsewhere}, which is not in the history of this one. If it belongs to another branch, as that of a hotfix, merge that branch first, and the next number follows; to go on without what it has, ask for the number with the footer "Release-As: 0.1.2" or the input "release-as". If it was made by mistake, delete it (with its release) and run this again.`,
    );
  });

  test('an empty history', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    const folder = await mkdtemp(join(tmpdir(), 'ostack-empty-'));
    try {
      await promisify(execFile)('git', ['init', '--quiet', folder]);
      const { apiUrl, graphqlUrl, serverUrl, token } = shop.stage;
      const result = await runAction({
        action: 'tag-release',
        cwd: folder,
        inputs: { 'github-token': token },
        env: {
          GITHUB_API_URL: apiUrl,
          GITHUB_GRAPHQL_URL: graphqlUrl,
          GITHUB_SERVER_URL: serverUrl,
          GITHUB_REPOSITORY: REPOSITORY,
          GITHUB_SHA: '0'.repeat(40),
        },
      });
      expect(failure(result)).toBe(
        'There is nothing to release: the checked-out branch has no commit yet. Push a first commit and run this again.',
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('inputs that are no such thing', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    const table: [Record<string, string>, string][] = [
      [
        { 'first-version': 'v1' },
        'Input "first-version" is "v1", expected a version as 0.1.0: three numbers and nothing else.',
      ],
      [{ prerelease: 'rc.1' }, 'Input "prerelease" is "rc.1", expected a word as rc or beta: letters, digits and "-".'],
      [{ 'before-1-0': 'major' }, 'Input "before-1-0" is "major", expected one of minor, patch.'],
      [
        { 'release-as': 'v2' },
        'Input "release-as" has "v2", expected a version as 2.0.0, or <app>=<version> as web=2.0.0.',
      ],
      [{ 'release-as': 'api=2.0.0' }, 'Input "release-as" is for "api", and this run is for web.'],
      [{ 'default-level': 'big' }, 'Input "default-level" is "big", expected one of patch, minor, none.'],
      [
        { 'tag-format': 'v{version}' },
        'Input "tag-format" is "v{version}": expected {app} in it once, because the repository has several apps, for example {app}-v{version}.',
      ],
      [
        { 'github-token': '' },
        'Input "github-token" is missing. Pass the token of the job (github.token), with "contents: write" under "permissions:".',
      ],
    ];
    for (const [inputs, message] of table) {
      expect(failure(await shop.run({ inputs }))).toBe(message);
    }
  });
});

test('a token without access to pull requests still gives notes, from the commits alone', async () => {
  await using shop = await startScenario({ 'apps/web/a': '1' });
  await shop.release();
  await shop.push('feat: b (#7)', { 'apps/web/a': '2' });
  const token = shop.stage.github.issueToken({ repositories: [REPOSITORY], permissions: { contents: 'write' } });
  const [release] = await shop.release({ token });
  expect(shop.plain(release?.notes ?? '')).toMatchSnapshot();
});

test('a dry run works everything out and writes nothing', async () => {
  await using shop = await startScenario({ 'apps/web/a': '1' });
  await shop.release();
  await shop.push('feat: b', { 'apps/web/a': '2' });
  const result = await shop.run({ inputs: { 'dry-run': 'true' } });
  expect(shop.requests()).toEqual(['POST ReleasePages 200', 'POST ReleaseCommits 200'].slice(1));
  expect(JSON.parse(result.outputs.releases ?? '')).toMatchObject([
    { tag: 'web-v0.2.0', level: 'minor', url: '', created: false },
  ]);
  expect(shop.plain(result.summary)).toMatchSnapshot();
});
