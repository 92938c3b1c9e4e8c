import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { startCommand } from '../spawner/spawner.js';

export interface ProcessCall {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** As for `startCommand`. */
  options?: number | undefined;
  /** Ends the process when it aborts: SIGINT, then SIGTERM, then SIGKILL. */
  signal: AbortSignal;
  onLine(line: string): void;
}

/** Milliseconds that a process has to end after each signal; those of GitHub's runner. */
const patience = { SIGINT: 7_500, SIGTERM: 2_500 };

/**
 * Runs a process in a process group of its own, so that its children end with it.
 *
 * @returns the exit code; -1 when a signal ended it
 * @throws Error when the program cannot be started
 */
export async function runProcess(call: ProcessCall): Promise<number> {
  const { command: file, args, cwd, env, options, signal } = call;
  const output = { stdout: new PassThrough(), stderr: new PassThrough() };
  const lines = Object.values(output).map((input) => readLines(input, call.onLine));
  const timers: NodeJS.Timeout[] = [];
  const { ended, kill } = startCommand({
    file,
    args,
    cwd,
    env,
    options,
    onOutput: (stream, chunk) => output[stream].write(chunk),
    // A child that still runs keeps the pipes open. GitHub's runner kills such orphans too.
    onExit: () => timers.push(setTimeout(() => kill('SIGKILL'), 1_000)),
  });
  const end = () => {
    kill('SIGINT');
    timers.push(setTimeout(() => kill('SIGTERM'), patience.SIGINT));
    timers.push(setTimeout(() => kill('SIGKILL'), patience.SIGINT + patience.SIGTERM));
  };
  try {
    if (signal.aborted) {
      end();
    } else {
      signal.addEventListener('abort', end, { once: true });
    }
    return await ended;
  } finally {
    signal.removeEventListener('abort', end);
    for (const timer of timers) {
      clearTimeout(timer);
    }
    output.stdout.end();
    output.stderr.end();
    await Promise.all(lines);
  }
}

function readLines(input: PassThrough, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine).on('close', resolve);
  });
}
