import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGit } from '../../../src/git/git.js';
import { policyBefore } from '../../../src/infra/apply/policy-before.js';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { git } from '../../support/git.js';

const NAMED = 'roots: { app: { approvers: [grace] } }\n';
let folder: string;
let commits: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-policy-'));
  await git(folder, ['init', '--quiet']);
  commits = [];
  for (const text of [NAMED, 'roots: { app: {} }\n', 'roots: [\n', NAMED]) {
    await writeFile(join(folder, 'ostack.yaml'), text);
    await git(folder, ['add', '.']);
    await git(folder, ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--message=x']);
    commits.push((await git(folder, ['rev-parse', 'HEAD'])).trim());
  }
});

afterAll(() => rm(folder, { recursive: true }));

/** The approvers before a commit, by its place. */
async function approversBefore(place: number, isPush = false): Promise<readonly string[] | undefined> {
  const own = openGit({ cwd: folder, serverUrl: 'https://github.test', repository: 'acme/infra' });
  const change = isPush ? { base: '', paths: [] } : undefined;
  const ofPush = isPush ? readInfraConfig('roots: { app: { approvers: [alan] } }') : undefined;
  const policy = await policyBefore(own, { commit: commits[place] ?? '', change }, ofPush);
  return policy?.roots[0]?.approvers;
}

describe('the policy before a commit is', () => {
  test('by hand that of the commit before it, so that no commit takes its own approvers away', async () => {
    expect(await approversBefore(1)).toEqual(['grace']);
    expect(await approversBefore(2)).toEqual([]);
  });

  test('of a push that before the push', async () => {
    expect(await approversBefore(1, true)).toEqual(['alan']);
  });

  test('none of the first commit, and none that was broken', async () => {
    expect(await approversBefore(0)).toBeUndefined();
    expect(await approversBefore(3)).toBeUndefined();
  });
});
