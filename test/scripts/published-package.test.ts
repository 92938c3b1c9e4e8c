import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plainGit, writeTree } from '../../scripts/publish/publish.js';
import { publishedTree } from '../../src/local/published-tree.js';
import type { Stage } from '../../src/local/stage.js';
import { startGateStage } from '../cli/gate/gate-stage.js';

let folder: string;
let tree: string;
let stage: Stage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-package-'));
  tree = join(folder, 'published');
  await writeTree(tree, await publishedTree(join(import.meta.dirname, '..', '..')));
  const git = plainGit(tree);
  await git(['init', '--quiet', '--initial-branch', 'main']);
  await git(['add', '--all', '--force']);
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', '-c', 'commit.gpgSign=false'];
  await git([...who, 'commit', '--quiet', '--message', 'v1']);
  await git(['tag', 'v1']);
  stage = await startGateStage();
});

afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the published program as an administrator, by default: through npm, which finds nothing but what is here, or alone. */
function run(program: [string, ...string[]], args: string[], token = stage.github.issueToken({ actor: 'ada' })) {
  const env = {
    ...process.env,
    npm_config_cache: join(folder, 'cache'),
    npm_config_registry: 'http://127.0.0.1:9',
    GH_TOKEN: token,
    GITHUB_SERVER_URL: stage.serverUrl,
    GITHUB_API_URL: stage.apiUrl,
    GITHUB_GRAPHQL_URL: stage.graphqlUrl,
  };
  const [file, ...first] = program;
  return new Promise<Outcome>((resolve) => {
    execFile(file, [...first, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

const alone = (args: string[], token?: string) => run([process.execPath, join(tree, 'dist', 'ostack.js')], args, token);

describe('The published tree', () => {
  test('is run by npm from its tag, and says what somebody could do today, and what mends it', async () => {
    const { code, stdout, stderr } = await run(
      ['npx', '--yes', '--offline', `git+${pathToFileURL(tree)}#v1`],
      ['gate', 'check', '--ops', 'acme/ops', '--apps', 'acme/apps'],
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('Anyone with write access merges what the policy does not permit, because no ruleset');
    expect(stdout).toContain('gate setup --ops acme/ops --apps acme/apps');
    expect(stdout).toContain('Level "advice"');
    expect(code).toBe(1);
  });

  test('tells what it would do as JSON', async () => {
    const { code, stdout } = await alone(['gate', 'setup', '--ops', 'acme/ops', '--dry-run', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, level: 'advice', steps: expect.any(Array) });
    expect(code).toBe(0);
  });

  test('says how it is used where it is used otherwise', async () => {
    const { code, stdout, stderr } = await alone(['gate', 'chek', '--ops', 'acme/ops']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('found "chek". Did you mean "check"?');
  });

  test('takes nothing but the token of an administrator', async () => {
    const member = stage.github.issueToken({ actor: 'mallory', permissions: { contents: 'write' } });
    const { code, stderr } = await alone(['gate', 'check', '--ops', 'acme/ops'], member);
    expect(stderr).toContain('The token is not that of an administrator of acme/ops');
    expect(code).toBe(2);
  });
});
