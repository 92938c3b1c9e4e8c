import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProcessCall {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Ends the process: first asked, then told, then forced. */
  signal: AbortSignal;
  onLine(line: string): void;
}

/** How long a process may take to end after each signal, in milliseconds; GitHub's runner waits as long. */
const patience = { SIGINT: 7_500, SIGTERM: 2_500 };

/**
 * Runs a process to its end, in a process group of its own so that what it starts ends with it.
 *
 * @returns the exit code; -1 when a signal ended it
 * @throws Error when the program cannot be started
 */
export async function runProcess(call: ProcessCall): Promise<number> {
  const child = spawn(call.command, call.args, {
    cwd: call.cwd,
    env: call.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timers: NodeJS.Timeout[] = [];
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) {
        process.kill(-child.pid, signal);
      }
    } catch {
      // It has ended already.
    }
  };
  const end = () => {
    kill('SIGINT');
    timers.push(setTimeout(() => kill('SIGTERM'), patience.SIGINT));
    timers.push(setTimeout(() => kill('SIGKILL'), patience.SIGINT + patience.SIGTERM));
  };
  const streams = [child.stdout, child.stderr].map(
    (input) =>
      new Promise<void>((resolve) => {
        createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', call.onLine).on('close', resolve);
      }),
  );
  try {
    if (call.signal.aborted) {
      end();
    } else {
      call.signal.addEventListener('abort', end, { once: true });
    }
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (status) => resolve(status ?? -1));
    });
    // A process left behind may hold the pipes open: GitHub's runner ends orphans, and so do we.
    const open = Promise.all(streams);
    const grace = setTimeout(() => kill('SIGKILL'), 1_000);
    await open;
    clearTimeout(grace);
    return code;
  } finally {
    call.signal.removeEventListener('abort', end);
    for (const timer of timers) {
      clearTimeout(timer);
    }
  }
}
