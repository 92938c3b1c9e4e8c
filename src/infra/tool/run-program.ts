import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** A program to run. */
export interface ProgramRun {
  file: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  /** Interrupts it once, as Ctrl-C does, and waits for its end: it has state to write and a lock to open. */
  signal?: AbortSignal | undefined;
  /** How long its output is waited for once it has ended, in milliseconds. */
  restMs?: number;
}

/** How it ended, with all that it printed. */
export interface ProgramEnd {
  /** `undefined` where a signal ended it, or it did not start. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** The signal, or why it did not start; empty where it exited. */
  detail: string;
}

/** Far more than reading the rest of a pipe takes. */
const REST_MS = 5000;

/**
 * Runs a program without a shell. What it prints is kept, and never shown before somebody has taken the secrets out of it.
 *
 * It has a process group of its own: a cancelled run interrupts all processes of the step, and a second interrupt would end the
 * tool before it has written its state. What it leaves running may keep its output open for hours, and is not waited for.
 *
 * @returns how it ended; a program that fails does not throw
 */
export async function runProgram({ file, args, cwd, env, signal, restMs = REST_MS }: ProgramRun): Promise<ProgramEnd> {
  const child = spawn(file, [...args], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const kept: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  child.stdout.on('data', (chunk: Buffer) => kept.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => kept.stderr.push(chunk));
  const interrupt = () => {
    child.kill('SIGINT');
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted === true) {
    interrupt();
  }
  const end = (exitCode: number | undefined, detail: string): ProgramEnd => ({
    ...{ exitCode, detail },
    stdout: Buffer.concat(kept.stdout).toString('utf8'),
    stderr: Buffer.concat(kept.stderr).toString('utf8'),
  });
  try {
    const [code, by] = await ended(child, restMs);
    return typeof code === 'number' ? end(code, '') : end(undefined, `it was ended by ${String(by)}`);
  } catch (error) {
    return end(undefined, error instanceof Error ? error.message : String(error));
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

/** @returns its exit code and signal, once all of its output is there or does not come any more */
async function ended(child: ChildProcess, restMs: number): Promise<unknown[]> {
  const closed: Promise<unknown[]> = once(child, 'close');
  const end: unknown[] = await Promise.race([closed, once(child, 'exit')]);
  const all = new AbortController();
  await Promise.race([closed, wait(restMs, undefined, { ref: false, signal: all.signal }).catch(() => undefined)]);
  all.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
  return end;
}
