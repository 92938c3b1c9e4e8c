/**
 * Runs a built bundle the way a runner does: a child process with `INPUT_*` and the `GITHUB_*` files.
 * `OSTACK_TEST_NODE` and `OSTACK_TEST_PRELOAD` say what runs it, as for jobs (`src/local/runner/machine.ts`).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reusable, thisMachine } from '../../src/local/runner/machine.js';
import { runCommand } from '../../src/local/spawner/spawner.js';

export interface ActionRun {
  /** The action's folder name. */
  action: string;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  /** Working directory: the checked-out workspace. */
  cwd?: string;
  /** Keeps the link to help at the end of error messages, which is the same in all of them. */
  keepsHelp?: boolean;
  /** Kills it (SIGKILL) when it aborts. */
  signal?: AbortSignal | undefined;
}

export interface ActionResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  outputs: Record<string, string>;
  summary: string;
}

/** A type only, nothing that is loaded: it tells Jest that whoever runs a bundle depends on all that is in it. */
export type Bundled = typeof import('../../src/main.js');

const dist = join(import.meta.dirname, '..', '..', 'dist');

/** The link at the end of an error message. */
const HELP = /%0AHelp: https:\S+$/gm;

/** Runs one action to its end. The environment is clean but for PATH, HOME (empty), and what `env` and `inputs` give. */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const { action, inputs = {}, env = {}, cwd, signal, keepsHelp = false } = run;
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-action-'));
  try {
    const files = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_STATE: 'state', GITHUB_ENV: 'env' };
    const fileEnv: Record<string, string> = {};
    for (const [variable, name] of Object.entries(files)) {
      fileEnv[variable] = join(scratch, name);
      await writeFile(join(scratch, name), '');
    }
    const inputEnv = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replace(/ /g, '_').toUpperCase()}`, value]),
    );
    const { node, nodeArguments, reusesNode = false } = thisMachine();
    const args = [...nodeArguments, join(dist, `${action}.js`)];
    const environment = {
      PATH: process.env.PATH ?? '',
      HOME: scratch,
      RUNNER_TEMP: scratch,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: cwd ?? scratch,
      ...fileEnv,
      ...env,
      ...inputEnv,
      ...timeLimit(),
    };
    const options = reusesNode && reusable(args, environment) ? nodeArguments.length : undefined;
    const command = { file: node, args, options, cwd: cwd ?? scratch, env: environment, signal };
    const { code, stdout, stderr } = await runCommand(command);
    return {
      exitCode: code,
      stdout: keepsHelp ? stdout.toString() : stdout.toString().replace(HELP, ''),
      stderr: stderr.toString(),
      outputs: readOutputs(await readFile(fileEnv.GITHUB_OUTPUT ?? '', 'utf8')),
      summary: await readFile(fileEnv.GITHUB_STEP_SUMMARY ?? '', 'utf8'),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** For `short-waits.cjs`, where a test wants it. */
function timeLimit(): Record<string, string> {
  const limit = process.env.OSTACK_TEST_TIME_LIMIT;
  return limit === undefined ? {} : { OSTACK_TEST_TIME_LIMIT: limit };
}

/** Reads the `name<<delimiter` blocks that `@actions/core` writes. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const block of text.matchAll(/^([^\n=]+?)<<(ghadelimiter_[^\n]+)\n([\s\S]*?)\n?\2$/gm)) {
    outputs[block[1] ?? ''] = block[3] ?? '';
  }
  return outputs;
}
