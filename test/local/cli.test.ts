import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseLatency, parseRepo, parseSecret, parseVariable } from '../../src/local/commands/local.js';

const root = join(import.meta.dirname, '..', '..');
const workflow = `
name: Try
on: { workflow_dispatch: { inputs: { code: { type: number, default: 0 } } }, pull_request: }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - name: Speak
        env: { CODE: "\${{ inputs.code }}", KEY: "\${{ secrets.KEY }}", PLACE: "\${{ vars.PLACE }}" }
        run: |
          echo "::group::Details"
          echo inside
          echo "::endgroup::"
          echo "::warning file=a.ts,line=3::Careful in $PLACE with $KEY"
          printf '## Result\\n\\n| app | version |\\n|---|---|\\n| shop | **1.0** |\\n' >> "$GITHUB_STEP_SUMMARY"
          exit "\${CODE:-0}"
`;

/** Starts a command of ours in a folder of its own; what it says is collected. */
function start(folder: string, args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  return spawn(
    process.execPath,
    ['--import', join(root, 'node_modules/tsx/dist/loader.mjs'), join(root, 'src/local/cli.ts'), ...args],
    {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
    },
  );
}

/** The first line on stdout; what was said on stderr where the command ends without one. */
async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return await new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('close', (code) => reject(new Error(`It ended with ${code}: ${stderr}`)));
  });
}

async function run(folder: string, args: string[], env?: Record<string, string>) {
  const child = start(folder, args, env);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

describe('local and rehearse', () => {
  let folder = '';
  let local: ChildProcessWithoutNullStreams | undefined;
  let line = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ostack-cli-'));
    await mkdir(join(folder, 'apps', '.github', 'workflows'), { recursive: true });
    await writeFile(join(folder, 'apps', '.github', 'workflows', 'try.yml'), workflow);
    const options = [
      '--repo',
      'acme/apps=apps',
      '--log',
      'requests.jsonl',
      '--secret',
      'acme/apps:KEY',
      '--var',
      'acme:PLACE=here',
    ];
    local = start(folder, ['local', ...options], { KEY: 'hunter22' });
    line = await firstLine(local);
  });

  afterAll(async () => {
    if (local !== undefined && local.exitCode === null) {
      local.kill('SIGKILL');
      await once(local, 'close');
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  test('local prints one line of JSON and leaves it for others to find', async () => {
    expect(Object.keys(JSON.parse(line))).toEqual([
      'apiUrl',
      'graphqlUrl',
      'serverUrl',
      'registry',
      'token',
      'stateDir',
    ]);
    expect(await readFile(join(folder, '.local', 'stage.json'), 'utf8')).toBe(`${line}\n`);
  });

  test('the published actions are served at v1, and requests are logged', async () => {
    const { apiUrl, token } = JSON.parse(line);
    const response = await fetch(`${apiUrl}/repos/ostack/actions/git/ref/tags/v1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    const log = await readFile(join(folder, 'requests.jsonl'), 'utf8');
    expect(JSON.parse(log.trim().split('\n').at(-1) ?? '')).toMatchObject({
      method: 'GET',
      path: '/api/v3/repos/ostack/actions/git/ref/tags/v1',
      status: 200,
    });
  });

  test('rehearse shows a run as GitHub does and succeeds with it', async () => {
    const { code, stdout } = await run(folder, ['rehearse', '--event', 'workflow_dispatch', '--repo', 'acme/apps']);
    const shown = stdout
      .split('\n')
      .filter((text) => !text.includes('stand-in'))
      .join('\n')
      .replace(/\b\d+\.\ds\b/g, 'TIME')
      .replace(/\b[0-9a-f]{7}\b/g, 'COMMIT');
    expect(shown).toMatchSnapshot();
    expect(code).toBe(0);
  });

  test('rehearse fails with a job, shows what was folded, and finds the stage by --stage', async () => {
    const args = ['--event', 'workflow_dispatch', '--repo', 'acme/apps', '--inputs', '{"code": 3}', '--stage', line];
    const { code, stdout } = await run(tmpdir(), ['rehearse', ...args]);
    expect(stdout).toContain('error: Process completed with exit code 3.');
    expect(stdout).toMatch(/What was folded:\n(.*\n)* +inside\n/);
    expect(code).toBe(1);
  });

  test('rehearse says when nothing starts', async () => {
    const { code, stdout } = await run(folder, ['rehearse', '--event', 'push', '--repo', 'acme/apps', '--ref', 'main']);
    expect(stdout).toBe('No workflow of acme/apps starts on "push" at main.\n');
    expect(code).toBe(0);
  });

  test.each([
    [['--event', 'push'], 'A rehearsal needs --event EVENT and --repo owner/name.'],
    [
      ['--event', 'pull-request', '--repo', 'acme/apps'],
      '"pull-request" is no event that starts workflows. Did you mean "pull_request"?',
    ],
    [['--event', 'push', '--repo', 'acme/none'], 'The local stage has no repository "acme/none".'],
    [
      ['--event', 'pull_request', '--repo', 'acme/apps'],
      'A rehearsal of "pull_request" needs --ref refs/pull/NUMBER/merge, or --payload with the event.',
    ],
    [
      ['--event', 'workflow_dispatch', '--repo', 'acme/apps', '--inputs', '{"typo":1}'],
      'Unexpected inputs provided: ["typo"]',
    ],
    [['--event', 'workflow_dispatch', '--repo', 'acme/apps', '--inputs', 'code=3'], '--inputs is not JSON: '],
  ])('rehearse %j is an error', async (args, message) => {
    const { code, stderr } = await run(folder, ['rehearse', ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test('local ends on SIGTERM and takes its file away', async () => {
    local?.kill('SIGTERM');
    const [code] = local === undefined ? [] : await once(local, 'close');
    expect(code).toBe(0);
    await expect(stat(join(folder, '.local', 'stage.json'))).rejects.toThrow('ENOENT');
    const { stderr } = await run(folder, ['rehearse', '--event', 'push', '--repo', 'acme/apps', '--stage', line]);
    expect(stderr).toContain('No stage with a runner answers at http://127.0.0.1:');
  });
});

describe('options of local', () => {
  test('are read', () => {
    expect(parseLatency('40ms')).toBe(40);
    expect(parseLatency('1.5s')).toBe(1500);
    expect(parseLatency('7')).toBe(7);
    expect(parseRepo('acme/apps=/tmp/a=b')).toEqual({ name: 'acme/apps', folder: '/tmp/a=b' });
    expect(parseSecret('acme:KEY', { KEY: 'x' })).toEqual({ owner: 'acme', name: 'KEY', value: 'x' });
    expect(parseVariable('acme/apps:A=b=c')).toEqual({ owner: 'acme/apps', name: 'A', value: 'b=c' });
  });

  test.each([
    [() => parseLatency('fast'), '--latency is "fast", expected a time such as 40ms.'],
    [() => parseRepo('apps=/tmp'), '--repo is "apps=/tmp", expected owner/name=FOLDER.'],
    [() => parseSecret('acme:KEY', {}), '--secret acme:KEY: the environment has no variable KEY with the value.'],
    [
      () => parseSecret('acme:KEY=x', {}),
      '--secret is "acme:KEY=x", expected owner/name:NAME with the value in the variable NAME.',
    ],
    [() => parseVariable('acme:A'), '--var is "acme:A", expected owner/name:NAME=VALUE.'],
  ])('that are wrong are errors (%#)', (parse, message) => {
    expect(parse).toThrow(message);
  });
});
