import * as core from '@actions/core';
import { getExecOutput } from '@actions/exec';

/** A checkout, and the repository on the server it belongs to. */
export interface GitOptions {
  /** A folder of the work tree. */
  cwd: string;
  /** `https://github.com`: the only place the token is sent to. */
  serverUrl: string;
  /** `owner/name`. */
  repository: string;
  /** Without one, git asks the server as nobody, or with what the checkout has kept. */
  token?: string | undefined;
}

/** What one git command gave. */
export interface GitResult {
  ok: boolean;
  stdout: string;
  /** What git said about a failure, on one line. */
  problem: string;
}

/** The local git, with its answers as they are: no shell, no colours, no prompts, no configuration that changes them. */
export interface Git {
  /** Where the commands run. */
  cwd: string;
  /** Address of the repository on the server. */
  url: string;
  repository: string;
  /**
   * Runs git and gives its result, whatever the exit code.
   *
   * @param input what the command reads from standard input
   */
  run(args: readonly string[], input?: string): Promise<GitResult>;
  /** Runs git and gives its output. @throws Error with git's own words when it fails */
  read(args: readonly string[], input?: string): Promise<string>;
  /** Runs git and gives its output byte for byte. @throws Error with git's own words when it fails */
  readBytes(args: readonly string[], input: string): Promise<Buffer>;
}

/** Opens a checkout. Nothing runs yet. */
export function openGit({ cwd, serverUrl, repository, token }: GitOptions): Git {
  const url = `${serverUrl}/${repository}`;
  const env = environment(url, token);
  const runWith = async (
    args: readonly string[],
    input: string | undefined,
    stdout?: (data: Buffer) => void,
  ): Promise<GitResult> => {
    const output = await getExecOutput('git', [...args], {
      ...{ cwd, env, silent: true, ignoreReturnCode: true },
      ...(input === undefined ? {} : { input: Buffer.from(input) }),
      ...(stdout === undefined ? {} : { listeners: { stdout } }),
    });
    const { exitCode, stderr } = output;
    return {
      ok: exitCode === 0,
      stdout: output.stdout,
      problem: lastWords(stderr) || `git ended with exit code ${exitCode}`,
    };
  };
  const run = (args: readonly string[], input?: string) => runWith(args, input);
  const failure = (args: readonly string[], { problem }: GitResult) =>
    new Error(`git ${args[0] ?? ''} failed in ${cwd}: ${problem}`);
  return {
    cwd,
    url,
    repository,
    run,
    async read(args, input) {
      const result = await run(args, input);
      if (!result.ok) {
        throw failure(args, result);
      }
      return result.stdout;
    },
    async readBytes(args, input) {
      const parts: Buffer[] = [];
      const result = await runWith(args, input, (data) => parts.push(data));
      if (!result.ok) {
        throw failure(args, result);
      }
      return Buffer.concat(parts);
    },
  };
}

/**
 * The token goes to git in its environment, bound to the repository's own address, so that no other host and no process
 * list sees it. An empty value first drops a header that `actions/checkout` may have left: the server refuses two.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpextraHeader
 */
function environment(url: string, token: string | undefined): Record<string, string> {
  const config: [string, string][] = [
    ...(token === undefined ? [] : authorization(url, token)),
    // A redirect could carry the header to another host.
    ['http.followRedirects', 'false'],
    // A server that sends nothing for a minute is given up; one that works on an answer says so every few seconds.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', '60'],
    ['credential.helper', ''],
    // In a container job the workspace belongs to another user; the runner made it, so its owner says nothing.
    ['safe.directory', '*'],
    ['i18n.logOutputEncoding', 'UTF-8'],
    ['log.showRoot', 'true'],
  ];
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_CONFIG_'));
  return {
    ...Object.fromEntries(inherited.map(([name, value]) => [name, value ?? ''])),
    GIT_TERMINAL_PROMPT: '0',
    // What git says of a failure is read, so it says it in English.
    LANGUAGE: 'en',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(
      config.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

function authorization(url: string, token: string): [string, string][] {
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  core.setSecret(credentials);
  return [
    [`http.${url}.extraheader`, ''],
    [`http.${url}.extraheader`, `AUTHORIZATION: basic ${credentials}`],
  ];
}

/**
 * The root folder of the checkout.
 *
 * @throws Error saying how to get a checkout where there is none
 */
export async function topLevel(git: Git): Promise<string> {
  const root = await git.run(['rev-parse', '--show-toplevel']);
  if (!root.ok) {
    throw new Error(
      `There is no git checkout here: ${root.problem}. Run actions/checkout before this step, or point "working-directory" at the checkout.`,
    );
  }
  return root.stdout.replace(/\n$/, '');
}

/** Git's last lines that say something, on one line. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(-2).join(' ');
}
