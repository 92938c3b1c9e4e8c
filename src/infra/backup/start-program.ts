import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { visible } from '../../report/visible.js';

/** Characters of what a program says about its failure. */
const MOST_SAID = 4000;

export interface ProgramOptions {
  /** The whole environment but for `PATH`, `HOME` and the language: what else the job has is not the program's business. */
  env: Record<string, string>;
  /** The user that it runs as, where that is another. */
  user?: { uid: number; gid: number } | undefined;
  cwd?: string;
  /** Ends it. */
  signal?: AbortSignal | undefined;
  stdio?: ['pipe' | 'ignore', 'pipe' | 'ignore', 'pipe'];
}

/** A program that runs, and how it ends. */
export interface RunningProgram {
  child: ChildProcess;
  /** @throws Error with the last that it said when it fails */
  ended: Promise<void>;
  /** Whether it has not ended yet. */
  isRunning(): boolean;
  /** Ends it where it runs, and waits for that. */
  stop(by?: NodeJS.Signals): Promise<void>;
  /** What it said on its error output so far, the last of it. */
  said(): string;
}

/** Starts a program with an argument list. Its error output is kept back: it may have data of the database. */
export function startProgram(path: string, args: readonly string[], options: ProgramOptions): RunningProgram {
  const { env, user, cwd, signal, stdio = ['ignore', 'pipe', 'pipe'] } = options;
  const { PATH, HOME } = process.env;
  const settings: SpawnOptions = {
    env: { ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }), LC_ALL: 'C', ...env },
    stdio,
    ...(user ?? {}),
    ...(cwd !== undefined && { cwd }),
    ...(signal !== undefined && { signal }),
  };
  const child = spawn(path, args, settings);
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-MOST_SAID);
  });
  const said = () => visible(text.trim());
  const name = path.split('/').at(-1) ?? path;
  const ended = once(child, 'close').then(
    ([code, by]: unknown[]) => {
      if (code !== 0) {
        throw new ProgramFailure(name, typeof code === 'number' ? `code ${code}` : String(by), said());
      }
    },
    (error: unknown) => {
      throw signal?.aborted === true ? new Error(`The run was cancelled, and ${name} was ended.`) : error;
    },
  );
  // Whoever waits for it hears of it; until then it is no failure that nobody handles.
  ended.catch(() => undefined);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const stop = async (by?: NodeJS.Signals) => {
    if (isRunning()) {
      child.kill(by);
      await once(child, 'close');
    }
  };
  return { child, ended, isRunning, stop, said };
}

/** A program failed. */
export class ProgramFailure extends Error {
  /** What it said. */
  readonly said: string;

  constructor(program: string, how: string, said: string) {
    super(`${program} failed with ${how}${said === '' ? '.' : `: ${said}`}`);
    this.said = said;
  }
}
