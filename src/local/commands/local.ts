/** `npm run local`: a stage with a runner that stays up until it is asked to end. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serveRehearsals } from '../rehearsals.js';
import { ConsoleReporter } from '../runner/reporter/console.js';
import { paintFor } from '../runner/reporter/paint.js';
import { createRunner, type StageRunner } from '../runner/stage-runner.js';
import { installDefaultApp, publishActions } from '../settings.js';
import { githubLimits, type Stage, startStage, watchedDelays } from '../stage.js';
import { stageFile } from './stage-file.js';

/**
 * Serves repositories until SIGTERM or SIGINT.
 *
 * Prints one line of JSON on stdout: where everything listens, and the token. Everything else goes to stderr.
 *
 * @returns exit code
 */
export async function local(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      repo: { type: 'string', multiple: true, default: [] },
      secret: { type: 'string', multiple: true, default: [] },
      var: { type: 'string', multiple: true, default: [] },
      latency: { type: 'string', default: '0ms' },
      log: { type: 'string' },
      port: { type: 'string', default: '0' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const folders = values.repo.map(parseRepo);
  const secrets = values.secret.map((text) => parseSecret(text, process.env));
  const variables = values.var.map(parseVariable);
  await checkFolders(folders);
  await using stage = await startStage({
    latencyMs: parseLatency(values.latency),
    port: parsePort(values.port),
    repositories: Object.fromEntries(folders.map(({ name, folder }) => [name, { folder }])),
    limits: githubLimits,
    delays: watchedDelays(),
    ...(values.log === undefined ? {} : { logFile: resolve(values.log) }),
  });
  if (!folders.some(({ name }) => name.toLowerCase() === 'ostack/actions')) {
    await publishActions(stage);
  }
  const write = (line: string) => process.stderr.write(`${line}\n`);
  const reporter = new ConsoleReporter({ write, paint: paintFor(process.stderr), unfold: values.verbose });
  await using runner = await createRunner(stage, { reporter });
  installDefaultApp(
    runner,
    folders.map(({ name }) => name),
  );
  for (const { owner, name, value } of secrets) {
    runner.secrets.set(owner, { [name]: value });
  }
  for (const { owner, name, value } of variables) {
    runner.vars.set(owner, { [name]: value });
  }
  serveRehearsals(stage, runner);
  return await stayUp(stage, runner);
}

async function stayUp(stage: Stage, runner: StageRunner): Promise<number> {
  const { apiUrl, graphqlUrl, serverUrl, registry, token, stateDir } = stage;
  const line = JSON.stringify({ apiUrl, graphqlUrl, serverUrl, registry, token, stateDir });
  await mkdir(dirname(stageFile), { recursive: true });
  await writeFile(stageFile, `${line}\n`, { mode: 0o600 });
  try {
    const ended = new Promise<void>((done) => {
      process.once('SIGTERM', () => done());
      process.once('SIGINT', () => done());
    });
    process.stdout.write(`${line}\n`);
    await ended;
    for (const { message } of runner.problems) {
      process.stderr.write(`${message}\n`);
    }
    return 0;
  } finally {
    // A stage that was started later from the same folder has written its own.
    if ((await readFile(stageFile, 'utf8').catch(() => '')) === `${line}\n`) {
      await rm(stageFile, { force: true });
    }
  }
}

/** Reads `owner/name=FOLDER`. */
export function parseRepo(text: string): { name: string; folder: string } {
  const match = /^([\w.-]+\/[\w.-]+)=(.+)$/.exec(text);
  if (match === null) {
    throw new Error(`--repo is "${text}", expected owner/name=FOLDER.`);
  }
  return { name: match[1] ?? '', folder: resolve(match[2] ?? '') };
}

/** Reads `owner/name:NAME` or `owner:NAME`; the value is in the environment, so that it is in no process list. */
export function parseSecret(text: string, env: NodeJS.ProcessEnv): { owner: string; name: string; value: string } {
  const match = /^([\w.-]+(?:\/[\w.-]+)?):(\w+)$/.exec(text);
  if (match === null) {
    throw new Error(`--secret is "${text}", expected owner/name:NAME with the value in the variable NAME.`);
  }
  const [, owner = '', name = ''] = match;
  const value = env[name];
  if (value === undefined) {
    throw new Error(`--secret ${text}: the environment has no variable ${name} with the value.`);
  }
  return { owner, name, value };
}

/** Reads `owner/name:NAME=VALUE` or `owner:NAME=VALUE`. */
export function parseVariable(text: string): { owner: string; name: string; value: string } {
  const match = /^([\w.-]+(?:\/[\w.-]+)?):(\w+)=(.*)$/s.exec(text);
  if (match === null) {
    throw new Error(`--var is "${text}", expected owner/name:NAME=VALUE.`);
  }
  return { owner: match[1] ?? '', name: match[2] ?? '', value: match[3] ?? '' };
}

/** Reads `40ms`, `1.5s`, or a bare number of milliseconds. */
export function parseLatency(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  if (match === null) {
    throw new Error(`--latency is "${text}", expected a time such as 40ms.`);
  }
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port is "${text}", expected a number from 0 to 65535.`);
  }
  return port;
}

async function checkFolders(folders: { name: string; folder: string }[]): Promise<void> {
  for (const { name, folder } of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory() !== true) {
      throw new Error(`--repo ${name}=${folder}: there is no such folder.`);
    }
  }
}
