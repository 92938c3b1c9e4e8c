import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';

/** One command to run. */
export interface CommandRun {
  /** A script for bash with `-e` and `pipefail`. */
  command: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** File that gets what the command prints, in the order in which it prints it; appended to. */
  logFile: string;
  timeoutMs: number;
  /** Ends the command early. */
  signal: AbortSignal;
}

/** How a command ended. */
export interface CommandEnd {
  kind: 'exited' | 'killed' | 'timed out' | 'cancelled' | 'not started';
  /** Set when it exited. */
  exitCode: number | undefined;
  /** The signal, or why it did not start. */
  detail: string;
  durationMs: number;
}

/** Milliseconds that a command has to end after SIGTERM. */
const GRACE_MS = 5000;

/**
 * Runs a command in a process group of its own. Processes that it leaves behind are ended with it.
 *
 * @returns how it ended; a command that fails does not throw
 */
export async function runCommand({ command, cwd, env, logFile, timeoutMs, signal }: CommandRun): Promise<CommandEnd> {
  const started = performance.now();
  const log = await open(logFile, 'a');
  let early: 'timed out' | 'cancelled' | undefined;
  let timers: NodeJS.Timeout[] = [];
  const args = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', command];
  const child = spawn('bash', args, { cwd, env, detached: true, stdio: ['ignore', log.fd, log.fd] });
  const stop = (why: 'timed out' | 'cancelled') => {
    early ??= why;
    endGroup(child.pid, 'SIGTERM');
    timers.push(setTimeout(() => endGroup(child.pid, 'SIGKILL'), GRACE_MS));
  };
  const cancel = () => stop('cancelled');
  timers.push(setTimeout(() => stop('timed out'), timeoutMs));
  signal.addEventListener('abort', cancel);
  if (signal.aborted) {
    cancel();
  }
  const end = (kind: CommandEnd['kind'], exitCode?: number, detail = ''): CommandEnd => ({
    kind: early ?? kind,
    exitCode: early === undefined ? exitCode : undefined,
    detail,
    durationMs: Math.round(performance.now() - started),
  });
  try {
    const [code, by]: unknown[] = await once(child, 'exit');
    return typeof code === 'number' ? end('exited', code) : end('killed', undefined, String(by));
  } catch (error) {
    return end('not started', undefined, error instanceof Error ? error.message : String(error));
  } finally {
    timers = timers.filter((timer) => clearTimeout(timer));
    signal.removeEventListener('abort', cancel);
    endGroup(child.pid, 'SIGKILL');
    await log.close();
  }
}

/** Sends a signal to a process group; does nothing when it has ended. */
function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, signal);
    }
  } catch {
    // The group has ended.
  }
}
