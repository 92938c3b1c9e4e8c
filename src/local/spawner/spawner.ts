import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';

interface CommandLine {
  file: string;
  args: readonly string[];
  cwd?: string | undefined;
  /** The whole environment. */
  env: Record<string, string>;
}

export interface Command extends CommandLine {
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

/** A command that is listened to while it runs. It reads nothing, and leads a process group of its own. */
export interface FollowedCommand extends CommandLine {
  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** It has ended; what it started may still run, and write. */
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

/** Whoever waits for a command. */
interface Listener {
  hear(message: Message): void;
  fail(error: Error): void;
}

/** The spawner ends after this long without a command, in milliseconds; the next command starts another. */
const IDLE_MS = 2000;

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
        hear: ({ exited = -1, stdout = Buffer.alloc(0), stderr = Buffer.alloc(0) }) =>
          resolve({ code: exited, stdout, stderr }),
        fail: reject,
      },
    );
    signal?.addEventListener('abort', () => kill('SIGKILL'), { once: true });
  });
}

/** Starts a command as `runCommand` does, and tells of its output as it comes. */
export function startCommand({ onOutput, onExit, ...line }: FollowedCommand): RunningCommand {
  let kill: RunningCommand['kill'] = () => undefined;
  const ended = new Promise<number>((resolve, reject) => {
    kill = send(
      { ...line, follow: true },
      {
        hear(message) {
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

/** Hands a command to the helper. @returns what sends it a signal */
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
    // Each command brings its own. What users set for Node.js, such as more certificates, would cost every start of it.
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
    listener?.hear(message);
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
