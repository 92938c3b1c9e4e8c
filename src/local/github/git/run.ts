import { runCommand } from '../../spawner/spawner.js';

export interface GitResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

export interface GitOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
  /** Exit codes that are no failure; `[0]` by default. */
  accept?: number[];
}

/**
 * The environment of every git process of the stage: without the user's configuration and without prompts.
 *
 * @param extra variables on top
 */
export function gitEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    ...extra,
  };
}

/** The first version of git with `merge-tree --write-tree`. */
const oldest = [2, 38];

/** Whether this process has checked the version of git. */
let isGood = false;

/** @throws Error when the machine's git is missing or too old for the stage */
export async function demandGit(): Promise<void> {
  if (isGood) {
    return;
  }
  const { stdout } = await git('.', ['version']).catch((cause: unknown) => {
    throw new Error('The local stage needs git, and there is none on PATH.', { cause });
  });
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout.toString()) ?? [];
  const [needed = 0, neededMinor = 0] = oldest;
  if (Number(major) < needed || (Number(major) === needed && Number(minor) < neededMinor)) {
    throw new Error(`The local stage needs git ${oldest.join('.')} or newer; this is ${stdout.toString().trim()}.`);
  }
  isGood = true;
}

/**
 * Runs one git command on a repository. Never synchronously: git may send requests that this process has to answer.
 *
 * @param gitDir the bare repository
 * @throws Error with git's message for an exit code that is not accepted
 */
export async function git(gitDir: string, args: string[], options: GitOptions = {}): Promise<GitResult> {
  const { code, stdout, stderr } = await runCommand({
    file: 'git',
    args: ['--git-dir', gitDir, ...args],
    env: gitEnvironment(options.env),
    input: options.input,
  });
  const complaint = stderr.toString();
  if (!(options.accept ?? [0]).includes(code)) {
    throw new Error(`git ${args[0] ?? ''} failed with exit code ${code} in ${gitDir}: ${complaint.trim()}`);
  }
  return { code, stdout, stderr: complaint };
}
