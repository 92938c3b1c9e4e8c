import { connect } from '../github/client.js';
import { type Arguments, readArguments, USAGE } from './arguments.js';
import { findings, levelOf, type Mends } from './gate/findings.js';
import { readState } from './gate/read-state.js';
import { removeGate } from './gate/remove.js';
import { reportFindings } from './gate/report.js';
import { setUpGate } from './gate/setup.js';
import { openBrowser } from './open-browser.js';
import { runPin } from './pin/run-pin.js';
import { runPreviewsSetUp } from './previews/set-up.js';
import { findToken } from './token.js';

/** Where a command speaks. */
interface Voice {
  /** To a person, while it works: on standard error where standard output is for JSON. */
  say(line: string): void;
  /** The result. */
  result(value: unknown, lines: readonly string[]): void;
}

/** What exit codes tell. */
const FINE = 0;
const OPEN = 1;
const NOT_TOLD = 2;

/**
 * Runs `ostack` with its arguments, without the program's own.
 *
 * @returns the exit code: 0 fine, 1 somebody could get past the gate, 2 wrong usage or a failure
 */
export async function runCli(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  try {
    const [room, ...rest] = args;
    if (room === 'previews') {
      await runPreviewsSetUp(rest, env, serverOf(env), apiOf(env));
      return FINE;
    }
    if (room === 'pin') {
      process.stdout.write(`${(await runPin(rest, process.cwd(), serverOf(env))).join('\n')}\n`);
      return FINE;
    }
    const given = readArguments(args);
    if (given === undefined) {
      process.stdout.write(`${USAGE}\n`);
      return args.length === 0 ? NOT_TOLD : FINE;
    }
    return await run(given, env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return NOT_TOLD;
  }
}

async function run(given: Arguments, env: NodeJS.ProcessEnv): Promise<number> {
  const [server, apiUrl] = [serverOf(env), apiOf(env)];
  const token = await findToken(env, server);
  const github = connect({ token, apiUrl, graphqlUrl: env.GITHUB_GRAPHQL_URL ?? `${apiUrl}/graphql` });
  const mends: Mends = { server, setup: setupCommand(given) };
  const voice = voiceOf(given.json);
  const { wanted, dryRun } = given;
  switch (given.command) {
    case 'check': {
      const found = findings(await readState(github, wanted), mends);
      const level = levelOf(found);
      voice.result({ level, findings: found }, reportFindings(found, level));
      return level === 'advice' ? OPEN : FINE;
    }
    case 'setup': {
      const visit = (url: string) => {
        voice.say(`Open ${url} in a browser where you are signed in to GitHub.`);
        if (given.browser && process.stderr.isTTY) {
          openBrowser(url);
        }
      };
      const result = await setUpGate({
        github,
        apiUrl,
        wanted,
        newKeys: given.newKeys,
        dryRun,
        mends,
        say: voice.say,
        visit,
      });
      voice.result({ dryRun, ...result }, [
        ...planned(result.steps, dryRun, 'Nothing is missing.'),
        ...reportFindings(result.findings, result.level),
      ]);
      return dryRun || result.level === 'guarded' ? FINE : OPEN;
    }
    case 'remove': {
      const tries = dryRun || !given.yes;
      const result = await removeGate({ github, wanted, all: given.all, server, dryRun: tries, say: voice.say });
      voice.result({ dryRun: tries, ...result }, [
        ...planned(result.steps, tries, 'Nothing of the gate is there.'),
        ...result.byHand,
        ...(tries && !dryRun && result.steps.length > 0 ? ['Nothing was done: say --yes.'] : []),
      ]);
      return FINE;
    }
  }
}

/** What was done was said while it was done. */
function planned(steps: readonly string[], dryRun: boolean, none: string): string[] {
  return steps.length === 0 ? [none] : dryRun ? steps.map((line) => `Would: ${line}`) : [];
}

function voiceOf(json: boolean): Voice {
  return {
    say: (line) => {
      (json ? process.stderr : process.stdout).write(`${line}\n`);
    },
    result: (value, lines) => {
      process.stdout.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : `${lines.join('\n')}\n`);
    },
  };
}

/** The command that does what is missing, to paste. */
function setupCommand({ wanted: { ops, apps, isInfra = false } }: Arguments): string {
  const more = apps.map(({ owner, name }) => ` --apps ${owner}/${name}`).join('');
  return `npx --yes github:ostack/actions#v1 gate setup ${isInfra ? '--infra' : '--ops'} ${ops.owner}/${ops.name}${more}`;
}

function serverOf(env: NodeJS.ProcessEnv): string {
  return withoutSlash(env.GITHUB_SERVER_URL ?? 'https://github.com');
}

function apiOf(env: NodeJS.ProcessEnv): string {
  return withoutSlash(env.GITHUB_API_URL ?? 'https://api.github.com');
}

function withoutSlash(url: string): string {
  return url.replace(/(?<!\/)\/+$/, '');
}
