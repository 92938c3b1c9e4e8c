import { parseArgs } from 'node:util';
import { didYouMean } from '../config/nearest.js';
import { parseRepository, type RepositoryName } from '../github/context.js';
import { ROLES, type Role } from './gate/app-roles.js';
import type { Wanted } from './gate/state.js';
import { PIN_USAGE } from './pin/run-pin.js';
import { PREVIEWS_USAGE } from './previews/set-up.js';

export const USAGE = `Usage:
  ostack gate setup  --ops owner/name [--apps owner/name]... [--ops-app NAME] [--proposer NAME]
                     [--new-key ops|proposer]... [--dry-run] [--json] [--no-browser]
  ostack gate check  --ops owner/name [--apps owner/name]... [--ops-app NAME] [--proposer NAME] [--json]
  ostack gate remove --ops owner/name [--apps owner/name]... [--all] [--yes] [--dry-run] [--json]

  setup   makes what is missing of the gate: two Apps, their keys, the environment, the ruleset. Safe to repeat.
  check   says what somebody could do today, and what mends it. Exit code 0: nothing; 1: something; 2: not told.
  remove  takes the gate away; --all takes the proposer's key and variables, too.

  --infra      instead of --ops: an infra repository, which has no proposer
  --apps       an apps repository, whose releases get the proposer's key
  --ops-app    the ops App, --proposer the proposer, where they are there already: the end of github.com/apps/NAME
  --new-key    replaces a key, where it leaked
  --dry-run    tells what would be done
  --json       the result as JSON on standard output

${PREVIEWS_USAGE}

${PIN_USAGE}`;

export type Command = 'setup' | 'check' | 'remove';
const COMMANDS: readonly string[] = ['setup', 'check', 'remove'] satisfies Command[];

export interface Arguments {
  command: Command;
  wanted: Wanted;
  newKeys: readonly Role[];
  dryRun: boolean;
  json: boolean;
  browser: boolean;
  all: boolean;
  yes: boolean;
}

/**
 * Reads the command line.
 *
 * @returns `undefined` where help is asked for
 * @throws Error that names what is wrong
 */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ops: { type: 'string' },
      infra: { type: 'string' },
      apps: { type: 'string', multiple: true, default: [] },
      'ops-app': { type: 'string' },
      proposer: { type: 'string' },
      'new-key': { type: 'string', multiple: true, default: [] },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'no-browser': { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || args.length === 0) {
    return undefined;
  }
  const command = readCommand(positionals);
  const named = values.ops ?? values.infra;
  if (named === undefined || (values.ops !== undefined && values.infra !== undefined)) {
    throw new Error(
      'Say which repository is meant, the ops or the infra one: --ops owner/name, or --infra owner/name.',
    );
  }
  const isInfra = values.infra !== undefined;
  const ops = parseRepository(named, isInfra ? '--infra' : '--ops');
  return {
    command,
    wanted: {
      ops,
      ...(isInfra ? { isInfra } : {}),
      apps: readApps(values.apps, ops),
      slugs: readSlugs(values['ops-app'], values.proposer),
    },
    newKeys: values['new-key'].map(readRole),
    dryRun: values['dry-run'],
    json: values.json,
    browser: !values['no-browser'],
    all: values.all,
    yes: values.yes,
  };
}

function readCommand([room = '', command = '', ...more]: readonly string[]): Command {
  if (room !== 'gate') {
    throw new Error(`Expected "gate", "previews" or "pin", found "${room}".`);
  }
  const found = COMMANDS.find((each): each is Command => each === command);
  if (found === undefined || more.length > 0) {
    throw new Error(
      `Expected one of ${COMMANDS.join(', ')} after "gate", found "${[command, ...more].join(' ')}".${didYouMean(command, COMMANDS)}`,
    );
  }
  return found;
}

function readApps(names: readonly string[], ops: RepositoryName): RepositoryName[] {
  const isOps = ({ owner, name }: RepositoryName) =>
    `${owner}/${name}`.toLowerCase() === `${ops.owner}/${ops.name}`.toLowerCase();
  return [...new Set(names)].map((name) => parseRepository(name, '--apps')).filter((name) => !isOps(name));
}

function readSlugs(ops: string | undefined, proposer: string | undefined): Wanted['slugs'] {
  return { ...(ops === undefined ? {} : { ops }), ...(proposer === undefined ? {} : { proposer }) };
}

function readRole(text: string): Role {
  const role = ROLES.find((each) => each === text);
  if (role === undefined) {
    throw new Error(`--new-key is "${text}", expected ${ROLES.join(' or ')}.`);
  }
  return role;
}
