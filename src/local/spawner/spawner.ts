import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';

interface CommandLine {
  file: string;
  args: readonly string[];
  cwd?: string | undefined;
  /** The whole environment. */
  env: Record<string, string>;
  /**
   * Says that `file` is Node.js, and how many of `args` are its options; a program follows. It is then run in a process that
   * may have run others before, which takes a third of the time. Its standard input is empty.
   */
  options?: number | undefined;
}

export interface Command extends CommandLine {
  /** Standard input; empty by default. */
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

/** A command whose output is read while it runs. Its standard input is empty; it has its own process group. */
export interface FollowedCommand extends CommandLine {
  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** Called when it has ended; its children may still run and write. */
  onExit(): void;
}

export interface RunningCommand {
  /**
   * Its exit code, -1 when a signal ended it, once nothing can write any more.
   *
   * @throws Error when the command cannot be started, with the `code` of the system's error
   */
  ended: Promise<number>;
  /** Sends a signal to the whole group. */
  kill(signal: NodeJS.Signals): void;
}

const bytes = v.pipe(
  v.instance(Uint8Array),
  v.transform((chunk) => Buffer.from(chunk)),
);
const messageSchema = v.object({
  id: v.number(),
  stdout: v.optional(bytes),
  stderr: v.optional(bytes),
  exited: v.optional(v.number()),
  ended: v.optional(v.boolean(), false),
  error: v.optional(v.string()),
  errorCode: v.optional(v.string()),
});
type Message = v.InferOutput<typeof messageSchema>;

/** Receives the messages about one command. */
interface Listener {
  receive(message: Message): void;
  fail(error: Error): void;
}

/** Milliseconds without a command after which the helper process ends, and what it has; the next command starts another. */
const IDLE_MS = 20_000;

let helper: ChildProcess | undefined;
let idle: NodeJS.Timeout | undefined;
let last = 0;
const listeners = new Map<number, Listener>();

/**
 * Runs a command to its end and collects what it prints.
 *
 * A process is started by copying the memory map of the one that starts it. The stage's own is large (the schemas of
 * GitHub's APIs), and a small git command then takes 50 ms instead of 7: so a small process that stays starts them.
 *
 * @throws Error when the command cannot be started
 */
export function runCommand({ signal, input = '', ...line }: Command): Promise<CommandResult> {
  return new Promise<CommandResult>((resolve, reject) => {
    const kill = send(
      { ...line, input, follow: false },
      {
        receive: ({ exited = -1, stdout = Buffer.alloc(0), stderr = Buffer.alloc(0) }) =>
          resolve({ code: exited, stdout, stderr }),
        fail: reject,
      },
    );
    signal?.addEventListener('abort', () => kill('SIGKILL'), { once: true });
  });
}

/** Starts a command as `runCommand` does, and passes on its output while it runs. */
export function startCommand({ onOutput, onExit, ...line }: FollowedCommand): RunningCommand {
  let kill: RunningCommand['kill'] = () => undefined;
  const ended = new Promise<number>((resolve, reject) => {
    kill = send(
      { ...line, follow: true },
      {
        receive(message) {
          if (message.ended) {
            resolve(message.exited ?? -1);
          } else if (message.exited !== undefined) {
            onExit();
          }
          for (const stream of ['stdout', 'stderr'] as const) {
            const chunk = message[stream];
            if (chunk !== undefined && chunk.length > 0) {
              onOutput(stream, chunk);
            }
          }
        },
        fail: reject,
      },
    );
  });
  return { ended, kill };
}

/** Sends a command to the helper process. @returns a function that sends the command a signal */
function send(command: CommandLine & { follow: boolean; input?: string | Buffer }, listener: Listener) {
  clearTimeout(idle);
  helper ??= startHelper();
  helper.channel?.ref();
  last += 1;
  const [id, sent] = [last, helper];
  listeners.set(id, listener);
  sent.send({ ...command, id }, (error) => {
    if (error !== null) {
      listeners.delete(id);
      listener.fail(error);
    }
  });
  return (signal: NodeJS.Signals) => {
    if (sent.connected && listeners.has(id)) {
      sent.send({ id, kill: signal });
    }
  };
}

function startHelper(): ChildProcess {
  const child = fork(join(import.meta.dirname, 'child.js'), [], {
    serialization: 'advanced',
    execArgv: [],
    // Each command has its own. Variables for Node.js, such as extra certificates, would slow down the helper's start.
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Ctrl-C is for the stage, which then ends what it runs.
    detached: true,
  });
  child.unref();
  child.on('message', (message) => receive(child, message));
  child.on('error', failAll);
  child.on('exit', () => {
    if (helper === child) {
      helper = undefined;
      failAll(new Error('The process that starts commands for the local stage ended unexpectedly.'));
    }
  });
  return child;
}

function receive(child: ChildProcess, received: unknown): void {
  const message = v.parse(messageSchema, received);
  const listener = listeners.get(message.id);
  if (message.error !== undefined) {
    listener?.fail(Object.assign(new Error(message.error), { code: message.errorCode }));
  } else {
    listener?.receive(message);
  }
  if (message.ended) {
    listeners.delete(message.id);
  }
  if (listeners.size === 0) {
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

function failAll(error: Error): void {
  const waiting = [...listeners.values()];
  listeners.clear();
  for (const { fail } of waiting) {
    fail(error);
  }
}
