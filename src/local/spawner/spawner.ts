import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';

export interface Command {
  file: string;
  args: readonly string[];
  cwd?: string | undefined;
  /** The whole environment. */
  env: Record<string, string>;
  /** What it reads from standard input; nothing by default. */
  input?: string | Buffer | undefined;
  /** Kills the command when it aborts. */
  signal?: AbortSignal | undefined;
}

export interface CommandResult {
  /** Exit code; -1 when a signal ended it. */
  code: number;
  stdout: Buffer;
  stderr: Buffer;
}

const answerSchema = v.object({
  id: v.number(),
  code: v.number(),
  stdout: v.instance(Uint8Array),
  stderr: v.instance(Uint8Array),
  error: v.optional(v.string()),
});

interface Waiting {
  resolve(result: CommandResult): void;
  reject(error: Error): void;
}

/** The spawner ends after this long without a command, in milliseconds; the next command starts another. */
const IDLE_MS = 2000;

let helper: ChildProcess | undefined;
let idle: NodeJS.Timeout | undefined;
let last = 0;
const waiting = new Map<number, Waiting>();

/**
 * Runs a command to its end and collects what it prints.
 *
 * A process is started by copying the memory map of the one that starts it. The stage's own is large (the schemas of
 * GitHub's APIs), and a small git command then takes 50 ms instead of 7: so a small process that stays starts them.
 *
 * @throws Error when the command cannot be started
 */
export function runCommand({ signal, ...command }: Command): Promise<CommandResult> {
  clearTimeout(idle);
  helper ??= startHelper();
  const { channel } = helper;
  channel?.ref();
  last += 1;
  const id = last;
  const sent = helper;
  return new Promise<CommandResult>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    signal?.addEventListener('abort', () => sent.connected && sent.send({ id, kill: true }), { once: true });
    sent.send({ ...command, id, input: command.input ?? '' }, (error) => {
      if (error !== null) {
        waiting.delete(id);
        reject(error);
      }
    });
  });
}

function startHelper(): ChildProcess {
  const child = fork(join(import.meta.dirname, 'child.js'), [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.unref();
  child.on('message', (message) => receive(child, message));
  child.on('error', fail);
  child.on('exit', () => {
    if (helper === child) {
      helper = undefined;
      fail(new Error('The process that starts commands for the local stage ended unexpectedly.'));
    }
  });
  return child;
}

function receive(child: ChildProcess, message: unknown): void {
  const { id, code, stdout, stderr, error } = v.parse(answerSchema, message);
  const { resolve, reject } = waiting.get(id) ?? {};
  waiting.delete(id);
  if (error === undefined) {
    resolve?.({ code, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) });
  } else {
    reject?.(new Error(error));
  }
  if (waiting.size === 0) {
    child.channel?.unref();
    clearTimeout(idle);
    idle = setTimeout(() => end(child), IDLE_MS).unref();
  }
}

function end(child: ChildProcess): void {
  if (helper === child) {
    helper = undefined;
  }
  if (child.connected) {
    child.disconnect();
  }
}

function fail(error: Error): void {
  for (const { reject } of waiting.values()) {
    reject(error);
  }
  waiting.clear();
}
