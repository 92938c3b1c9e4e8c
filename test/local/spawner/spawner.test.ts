import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Command, type FollowedCommand, runCommand, startCommand } from '../../../src/local/spawner/spawner.js';

const env = { PATH: process.env.PATH ?? '' };
let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'ostack-spawner-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a command ends with its exit code and all that it printed', async () => {
  const { code, stdout, stderr } = await runCommand({
    file: 'sh',
    args: ['-c', 'cat; echo "no" >&2; exit 3'],
    env,
    input: 'what it reads',
  });
  expect([code, stdout.toString(), stderr.toString()]).toEqual([3, 'what it reads', 'no\n']);
});

test.each([
  ['that is nowhere', { file: 'no-such-program', args: [] }, 'ENOENT'],
  ['with an argument that no system takes', { file: 'sh', args: ['-c', 'true', 'x'.repeat(300_000)] }, 'E2BIG'],
])('a command %s cannot be started, and the next one can', async (_, line, code) => {
  await expect(runCommand({ ...line, env })).rejects.toMatchObject({ code });
  await expect(follow(line).ended).rejects.toMatchObject({ code });
  expect(await runCommand({ file: 'true', args: [], env })).toMatchObject({ code: 0 });
});

test('a signal reaches all that a followed command has started', async () => {
  const script = 'sleep 60 & echo started; wait';
  const { ended, kill } = follow({ file: 'sh', args: ['-c', script], onOutput: () => kill('SIGTERM') });
  // It has not ended before the last that holds its output open.
  expect(await ended).toBe(-1);
});

test('the end of a followed command is reported while its children go on', async () => {
  const { ended, kill } = follow({ file: 'sh', args: ['-c', 'sleep 60 & exit 4'], onExit: () => kill('SIGKILL') });
  expect(await ended).toBe(4);
});

describe('a program of Node.js in a process that has run others', () => {
  const run = (program: string, line: Partial<Command> = {}) =>
    runCommand({ file: process.execPath, args: [program], options: 0, cwd: folder, env, ...line });
  const first = (text: string) => written(`process.stdout.write(String(process.pid)); ${text}`);

  test('runs where another one has ended, and begins as that did', async () => {
    const program = await first('globalThis.runs ??= 0; require("./part.cjs");');
    await writeFile(join(folder, 'part.cjs'), 'console.error(process.env.ONE, process.env.TWO, process.cwd());');
    const one = await run(program, { env: { ...env, ONE: '1' } });
    const two = await run(program, { env: { ...env, TWO: '2' } });
    expect(two.stdout.toString()).toBe(one.stdout.toString());
    expect([one, two].map(({ stderr }) => stderr.toString())).toEqual([
      `1 undefined ${folder}\n`,
      `undefined 2 ${folder}\n`,
    ]);
  });

  test.each([
    ['what it sets', 'process.exitCode = 3;', 3],
    ['what it leaves with', 'process.exit(4);', 4],
    ['that of an error that nobody catches', 'throw new Error("no");', 1],
    ['that of a promise that nobody catches', 'Promise.reject(new Error("no"));', 1],
    ['none after a signal', 'process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 60_000);', -1],
    ['0, and what the one before it set is gone', '', 0],
  ])('ends with an exit code: %s', async (_, text, code) => {
    expect(await run(await first(text))).toMatchObject({ code });
  });

  test('has ended when nothing is left to do, with all that it printed', async () => {
    const later = 'setTimeout(() => process.stdout.write("\\0later".repeat(50_000)), 5); console.error("at once");';
    const { stdout, stderr } = await run(await written(later));
    expect([stdout.toString(), stderr.toString()]).toEqual(['\0later'.repeat(50_000), 'at once\n']);
  });

  test('leaves no listener to the next one', async () => {
    await run(await first('process.once("SIGTERM", () => {}); process.on("exit", () => { process.exitCode = 9; });'));
    expect(await run(await first('console.error(process.listenerCount("SIGTERM"));'))).toMatchObject({ code: 0 });
  });

  test('runs beside another one, each in its own process', async () => {
    const program = await first('setTimeout(() => {}, 50);');
    const [one, two] = await Promise.all([run(program), run(program)]);
    expect(one.stdout.toString()).not.toBe(two.stdout.toString());
  });

  test('ends with what it has started when it is followed and gets a signal', async () => {
    const program = await written('require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" });');
    const line = { file: process.execPath, args: [program], options: 0, cwd: folder };
    const { ended, kill } = follow({ ...line, onOutput: () => kill('SIGTERM') });
    kill('SIGTERM');
    expect(await ended).toBe(-1);
  });

  async function written(text: string): Promise<string> {
    const file = join(folder, `${randomUUID()}.cjs`);
    await writeFile(file, text);
    return file;
  }
});

function follow(line: Pick<FollowedCommand, 'file' | 'args'> & Partial<FollowedCommand>) {
  return startCommand({ env, onOutput: () => undefined, onExit: () => undefined, ...line });
}
