import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Install } from './node.js';
import { runCommand } from './run-command.js';

/** Installs dependencies; apps that need the same ones in the same folder share one installation. */
export interface Installer {
  /** @returns why it failed, a sentence without its full stop; `undefined` when it succeeded */
  install(dependencies: Install): Promise<string | undefined>;
}

/** Settings of an installer. */
export interface InstallerOptions {
  /** Root of the checkout, absolute. */
  root: string;
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
  signal: AbortSignal;
  /** Returns the log file of a command. */
  logFile: (name: string) => string;
  /** Called after each installation. */
  done: (end: { install: Install; logFile: string; problem: string | undefined }) => Promise<void>;
}

export function createInstaller(options: InstallerOptions): Installer {
  const installed = new Map<string, Promise<string | undefined>>();
  return {
    install(dependencies) {
      const key = `${dependencies.folder}\n${dependencies.command}`;
      const running = installed.get(key) ?? install(options, dependencies, `install-${installed.size}`);
      installed.set(key, running);
      return running;
    },
  };
}

async function install(options: InstallerOptions, dependencies: Install, name: string): Promise<string | undefined> {
  const { root, env, timeoutMs, signal } = options;
  const logFile = options.logFile(name);
  const { command, folder } = dependencies;
  await writeFile(logFile, `$ ${command}\n`);
  const end = await runCommand({ command, cwd: join(root, folder), env, logFile, timeoutMs, signal });
  const where = folder === '.' ? 'the root of the repository' : folder;
  const how = end.kind === 'exited' ? `exit code ${end.exitCode}` : [end.kind, end.detail].join(' ').trim();
  const problem = end.exitCode === 0 ? undefined : `"${command}" failed in ${where}: ${how}`;
  await options.done({ install: dependencies, logFile, problem });
  return problem;
}
