import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../src/app-tests/run-command.js';
import { inParallel } from '../../src/runtime/parallel.js';

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-command-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(command: string, options: { timeoutMs?: number; signal?: AbortSignal; cwd?: string } = {}) {
  files++;
  const logFile = join(folder, `${files}.log`);
  const { timeoutMs = 60_000, signal = new AbortController().signal, cwd = folder } = options;
  const env = { PATH: process.env.PATH };
  const { durationMs: _, ...end } = await runCommand({ command, cwd, env, logFile, timeoutMs, signal });
  return { ...end, log: await readFile(logFile, 'utf8') };
}

/** Whether a process is there. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a process that has been told to end is gone. */
async function gone(pid: number): Promise<void> {
  while (lives(pid)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a command', () => {
  test('has both its outputs in one log, in order', async () => {
    const end = await run('echo a; echo b >&2; echo c');
    expect(end).toEqual({ kind: 'exited', exitCode: 0, detail: '', log: 'a\nb\nc\n' });
  });

  test.each([
    ['exit 3', 3],
    ['false; echo unreachable', 1],
    ['false | true; echo unreachable', 1],
  ])('%j ends with %d', async (command, exitCode) => {
    expect(await run(command)).toMatchObject({ kind: 'exited', exitCode, log: '' });
  });

  test('that ends by a signal says which', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ kind: 'killed', exitCode: undefined, detail: 'SIGKILL' });
  });

  test('that takes too long is ended, with all that it started', async () => {
    const end = await run('sleep 600 & echo $!; wait', { timeoutMs: 300 });
    expect(end).toMatchObject({ kind: 'timed out', exitCode: undefined });
    await gone(Number(end.log));
  });

  test('is ended when the run is cancelled, before or while it runs', async () => {
    const controller = new AbortController();
    const running = run('echo here; sleep 600', { signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ kind: 'cancelled', exitCode: undefined });
    expect(await run('sleep 600', { signal: controller.signal })).toMatchObject({ kind: 'cancelled' });
  });

  test('leaves nothing running', async () => {
    const end = await run('sleep 600 & echo $!');
    expect(end).toMatchObject({ kind: 'exited', exitCode: 0 });
    await gone(Number(end.log));
  });

  test('that cannot start says why', async () => {
    expect(await run('true', { cwd: join(folder, 'nope') })).toMatchObject({
      kind: 'not started',
      detail: expect.stringContaining('ENOENT'),
    });
  });
});

test('work is done a few at a time and keeps its order', async () => {
  let now = 0;
  let most = 0;
  const results = await inParallel([1, 2, 3, 4, 5], 2, async (number) => {
    now++;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return number * 2;
  });
  expect([results, most]).toEqual([[2, 4, 6, 8, 10], 2]);
});
