import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { parseCommand } from '../../../src/local/runner/commands.js';
import { parsePairs } from '../../../src/local/runner/files.js';
import { livePartsOf } from '../../support/github-page.js';
import { type ActionResult, type ActionRun, runAction } from '../../support/run-action.js';
import { CANARY, STOLEN } from './values.js';

/** What a watched run needs to know besides the run itself. */
export interface WatchedRun extends ActionRun {
  /** Texts that may appear nowhere: tokens and passwords. */
  secrets: readonly string[];
  /** Origins to which links of the summary may go. */
  servers: readonly string[];
  /** Names that may be left in `RUNNER_TEMP`. */
  leaves?: readonly string[];
}

/** A run, with everything that no run may do and this one did. */
export interface Watched extends ActionResult {
  violations: string[];
}

/** Programs whose arguments are written down. */
const PROGRAMS = ['git', 'bash', 'sh', 'docker', 'kustomize', 'kubectl', 'node', 'npm', 'curl', 'touch'];

/** Commands that an action of ours may give the runner. */
const COMMANDS = new Set(['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'stop-commands', 'warning']);

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Runs a bundle as a runner does, and looks at everything that it leaves behind. */
export async function watched(run: WatchedRun): Promise<Watched> {
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-watch-'));
  const place = (name: string) => join(scratch, name);
  try {
    for (const folder of ['temp', 'home', 'bin']) {
      await mkdir(place(folder));
    }
    for (const file of ['output', 'env', 'path', 'state', 'summary', 'argv']) {
      await writeFile(place(file), '');
    }
    const path = run.env?.PATH ?? process.env.PATH ?? '';
    await writeShims(place('bin'), place('argv'), path.split(delimiter));
    const before = await filesOf(run.cwd);
    const result = await runAction({
      ...run,
      env: {
        ...run.env,
        ...{ GITHUB_OUTPUT: place('output'), GITHUB_ENV: place('env'), GITHUB_PATH: place('path') },
        ...{ GITHUB_STATE: place('state'), GITHUB_STEP_SUMMARY: place('summary') },
        ...{ RUNNER_TEMP: place('temp'), HOME: place('home'), PATH: [place('bin'), path].join(delimiter) },
      },
    });
    const read = (name: string) => readFile(place(name), 'utf8');
    const [output, env, paths, state, summary, argv] = await Promise.all(
      ['output', 'env', 'path', 'state', 'summary', 'argv'].map(read),
    );
    const left = await namesIn(place('temp'));
    const texts = {
      ...result,
      stdout: withoutMasks(result.stdout, run.secrets),
      output,
      env,
      paths,
      state,
      summary,
      argv,
    };
    return {
      ...result,
      ...{ outputs: parsePairs(output ?? ''), summary: summary ?? '' },
      violations: [
        ...(existsSync(CANARY) ? ['a command ran'] : []),
        // Node's last line where nobody caught an error, or where there is no bundle.
        ...(/^Node\.js v\d/m.test(result.stderr) ? [`it crashed: ${result.stderr}`] : []),
        ...[env, paths, state].filter((text) => text !== '').map((text) => `variables: ${text}`),
        ...(await foreignOutputs(run.action, output ?? '')),
        ...commandsOf(result.stdout, run.secrets),
        ...livePartsOf(summary ?? '', run.servers).map((part) => `summary: ${part}`),
        ...left.filter((name) => !run.leaves?.includes(name)).map((name) => `left in RUNNER_TEMP: ${name}`),
        ...(await namesIn(place('home'))).map((name) => `left at home: ${name}`),
        ...changes(before, await filesOf(run.cwd)),
        ...Object.entries(texts).flatMap(([where, text]) => leaks(where, text, run.secrets)),
      ],
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(CANARY, { force: true });
  }
}

/** Programs of the same names that write their arguments down before they go on as themselves. */
async function writeShims(folder: string, log: string, path: readonly string[]): Promise<void> {
  for (const name of PROGRAMS) {
    const real = path.map((place) => join(place, name)).find((file) => existsSync(file));
    if (real !== undefined) {
      const script = `#!/bin/sh\nprintf '%s\\n' '${name}' "$@" >> '${log}'\nexec '${real}' "$@"\n`;
      await writeFile(join(folder, name), script);
      await chmod(join(folder, name), 0o755);
    }
  }
}

/** The secrets in a text, in themselves and as a basic login. */
export function leaks(where: string, text: unknown, secrets: readonly string[]): string[] {
  const all = typeof text === 'string' ? text : JSON.stringify(text ?? '');
  return secrets
    .filter((secret) => formsOf(secret).some((form) => all.includes(form)))
    .map(() => `a secret in ${where}`);
}

function formsOf(secret: string): string[] {
  const logins = ['x-access-token', 'robot'].map((name) => Buffer.from(`${name}:${secret}`).toString('base64'));
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), ...logins];
}

/** The log as people see it: a secret may be in it only to be hidden from there on. */
function withoutMasks(stdout: string, secrets: readonly string[]): string {
  return stdout
    .split('\n')
    .filter((line) => !(line.startsWith('::add-mask::') && isSecret(line.slice('::add-mask::'.length), secrets)))
    .join('\n');
}

function isSecret(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => formsOf(secret).includes(text));
}

/** Commands in a log that are none of ours. What stands between a stop and its token is no command. */
function commandsOf(stdout: string, secrets: readonly string[]): string[] {
  const found: string[] = [];
  let stopped: string | undefined;
  for (const line of stdout.split(/\r\n|\r|\n/)) {
    const command = parseCommand(line);
    if (stopped !== undefined) {
      stopped = command?.name === stopped.toLowerCase() ? undefined : stopped;
    } else if (command !== undefined) {
      const isOurs = COMMANDS.has(command.name) && command.message !== STOLEN;
      if (!isOurs || (command.name === 'add-mask' && !isSecret(command.message, secrets))) {
        found.push(`a command in the log: ${line}`);
      }
      stopped = command.name === 'stop-commands' ? command.message : undefined;
    }
  }
  return found;
}

async function foreignOutputs(action: string, output: string): Promise<string[]> {
  const { outputs = {} }: { outputs?: object } = parse(
    await readFile(join(ROOT, 'actions', action, 'action.yml'), 'utf8'),
  );
  return Object.keys(parsePairs(output))
    .filter((name) => !Object.hasOwn(outputs, name))
    .map((name) => `an output that is not declared: ${name}`);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

/** Every file of a work tree with its content; of git's own folder only the settings and hooks. */
async function filesOf(folder: string | undefined): Promise<Map<string, string>> {
  const entries = folder === undefined ? [] : await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/\.git\/(?!config$|hooks\/)/.test(path));
  return new Map(await Promise.all(files.map(async (path) => [path, await readFile(path, 'latin1')] as const)));
}

function changes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).map((path) => `written: ${path}`);
}
