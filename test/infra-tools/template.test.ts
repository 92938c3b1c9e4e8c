import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { need } from './support/need.js';
import { SpaceServer } from './support/space-server.js';

const run = promisify(execFile);
const template = join(import.meta.dirname, '..', '..', 'templates', 'infra');
const roots = ['shared', 'staging', 'production'];

let folder: string;

beforeAll(async () => {
  await need('tofu');
  folder = await mkdtemp(join(tmpdir(), 'ostack-template-'));
  await cp(template, join(folder, 'infra'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the tool says in a folder, and how it ended. */
async function tofu(cwd: string, env: Record<string, string>, ...args: string[]) {
  try {
    const { stdout, stderr } = await run('tofu', [...args, '-no-color'], { cwd, env: { ...process.env, ...env } });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr }: { code?: unknown; stdout?: unknown; stderr?: unknown } = Object(error);
    return { code: Number(code), said: `${stdout}${stderr}` };
  }
}

describe('The template of an infra repository', () => {
  test('is formatted', async () => {
    expect(await tofu(template, {}, 'fmt', '-check', '-recursive')).toEqual({ code: 0, said: '' });
  });

  test.each(roots)(
    'has the root %s, which is read with its modules: all that it lacks here are providers',
    async (root) => {
      const { said } = await tofu(join(folder, 'infra', root), {}, 'init', '-backend=false', '-input=false');
      const errors = [...said.matchAll(/^Error: (.*)$/gm)].map(([, text]) => text);
      expect(new Set(errors)).toEqual(new Set(['Failed to query available provider packages']));
    },
  );

  test('keeps the state of each root in the same space under a key of its own', async () => {
    const backends = await Promise.all(roots.map((root) => readFile(join(template, root, 'backend.tf'), 'utf8')));
    const same = new Set(backends.map((text, index) => text.replace(`"${roots[index]}/terraform.tfstate"`, 'KEY')));
    expect([...same]).toEqual([expect.stringContaining('= KEY\n')]);
    expect((await readdir(template)).filter((name) => roots.includes(name)).sort()).toEqual([...roots].sort());
  });

  test('has a state in a space that only one has at a time', async () => {
    await using server = await SpaceServer.start();
    const root = join(folder, 'state');
    await mkdir(root);
    const backend = (await readFile(join(template, 'staging', 'backend.tf'), 'utf8'))
      .replace('https://fra1.digitaloceanspaces.com', server.endpoint)
      .replace('acme-infra-state', server.bucket)
      // The server of the tests has no name for its buckets.
      .replace('use_lockfile', 'use_path_style = true\n    use_lockfile');
    await writeFile(join(root, 'main.tf'), `${backend}\nresource "terraform_data" "one" { input = "1" }\n`);
    const { accessKey, secretKey } = server.keys;
    const env = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey };
    expect(await tofu(root, env, 'init', '-input=false')).toMatchObject({ code: 0 });
    expect(await tofu(root, env, 'apply', '-auto-approve', '-input=false')).toMatchObject({ code: 0 });
    const keys = (await server.space.list('')).map(({ key }) => key);
    expect(keys).toEqual(['staging/terraform.tfstate']);
    const lock = {
      ID: 'a-lock',
      Operation: 'OperationTypeApply',
      Who: 'somebody@else',
      Created: '2026-11-30T12:00:00Z',
    };
    await server.space.put('staging/terraform.tfstate.tflock', Buffer.from(JSON.stringify(lock)));
    const locked = await tofu(root, env, 'apply', '-auto-approve', '-input=false');
    expect(locked).toMatchObject({ code: 1, said: expect.stringContaining('somebody@else') });
  });
});
