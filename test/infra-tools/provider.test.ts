import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { need } from './support/need.js';

const run = promisify(execFile);

beforeAll(() => need('tofu'));

/** A root module that uses the tests' own provider, and the folder in which its things are. */
class Root implements AsyncDisposable {
  private constructor(
    private readonly folder: string,
    readonly things: string,
  ) {}

  static async of(thing: string): Promise<Root> {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-root-'));
    const things = join(folder, 'things');
    await mkdir(things);
    const root = new Root(folder, things);
    await root.write(thing);
    await root.tofu('init', '-input=false');
    return root;
  }

  write(thing: string): Promise<void> {
    return writeFile(
      join(this.folder, 'main.tf'),
      `terraform {
  required_providers {
    probe = { source = "example.invalid/ostack/probe" }
  }
}
provider "probe" {
  folder = ${JSON.stringify(this.things)}
}
resource "probe_thing" "one" {
${thing}
}
`,
    );
  }

  async tofu(...args: string[]): Promise<{ code: number; said: string }> {
    try {
      const { stdout, stderr } = await run('tofu', [...args, '-no-color'], { cwd: this.folder });
      return { code: 0, said: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr }: { code?: unknown; stdout?: unknown; stderr?: unknown } = Object(error);
      return { code: Number(code), said: `${stdout}${stderr}` };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

describe("The tests' own provider", () => {
  test('makes things that drift when their files change, and copies a secret in clear', async () => {
    await using root = await Root.of('  name = "web"\n  value = "1"\n  secret = "hunter2"');
    const applied = await root.tofu('apply', '-auto-approve', '-input=false');
    expect(applied).toMatchObject({ code: 0, said: expect.stringContaining('copy of hunter2') });
    const [file = ''] = await readdir(root.things);
    expect(JSON.parse(await readFile(join(root.things, file), 'utf8'))).toEqual({
      kind: 'thing',
      name: 'web',
      value: '1',
    });
    expect(await root.tofu('plan', '-detailed-exitcode')).toMatchObject({ code: 0 });

    await writeFile(join(root.things, file), JSON.stringify({ kind: 'thing', name: 'web', value: '2' }));
    const drifted = await root.tofu('plan', '-refresh-only', '-detailed-exitcode');
    expect(drifted).toMatchObject({ code: 2, said: expect.stringContaining('"1" -> "2"') });
    await rm(join(root.things, file));
    const gone = await root.tofu('plan', '-refresh-only', '-detailed-exitcode');
    expect(gone).toMatchObject({ code: 2, said: expect.stringContaining('has been deleted') });
  });

  test('replaces, warns and fails when it is told to, with the secret in the error', async () => {
    await using root = await Root.of('  name = "web"\n  place = "a"\n  warns = "::error::careful"');
    expect((await root.tofu('apply', '-auto-approve')).said).toContain('::error::careful');
    await root.write('  name = "web"\n  place = "b"');
    expect((await root.tofu('plan')).said).toContain('must be replaced');
    await root.write('  name = "web"\n  place = "a"\n  secret = "hunter2"\n  fail_on = "update"');
    const failed = await root.tofu('apply', '-auto-approve');
    expect(failed).toMatchObject({ code: 1, said: expect.stringContaining('with the secret "hunter2"') });
  });
});
