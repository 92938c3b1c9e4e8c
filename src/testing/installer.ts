import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Install } from './node.js';
import { runCommand } from './run-command.js';

/** Installs dependencies, each folder's once, however many apps wait for them. */
export interface Installer {
  /** @returns why it did not work, a sentence without its full stop; `undefined` when it did */
  install(wanted: Install): Promise<string | undefined>;
}

/** What installing needs. */
export interface InstallerOptions {
  /** Root of the checkout, absolute. */
  root: string;
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
  signal: AbortSignal;
  /** Gives a file for what a command prints. */
  logFile: (name: string) => string;
  /** Hears of each end. */
  done: (end: { install: Install; logFile: string; problem: string | undefined }) => Promise<void>;
}

export function createInstaller(options: InstallerOptions): Installer {
  const installed = new Map<string, Promise<string | undefined>>();
  return {
    install(wanted) {
      const key = `${wanted.folder}\n${wanted.command}`;
      const running = installed.get(key) ?? install(options, wanted, `install-${installed.size}`);
      installed.set(key, running);
      return running;
    },
  };
}

async function install(options: InstallerOptions, wanted: Install, name: string): Promise<string | undefined> {
  const { root, env, timeoutMs, signal } = options;
  const logFile = options.logFile(name);
  const { command, folder } = wanted;
  await writeFile(logFile, `$ ${command}\n`);
  const end = await runCommand({ command, cwd: join(root, folder), env, logFile, timeoutMs, signal });
  const where = folder === '.' ? 'the root of the repository' : folder;
  const how = end.kind === 'exited' ? `exit code ${end.exitCode}` : [end.kind, end.detail].join(' ').trim();
  const problem = end.exitCode === 0 ? undefined : `"${command}" failed in ${where}: ${how}`;
  await options.done({ install: wanted, logFile, problem });
  return problem;
}
