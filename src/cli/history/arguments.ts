import { parseArgs } from 'node:util';
import { didYouMean } from '../../config/nearest.js';
import { parseRepository, type RepositoryName } from '../../github/context.js';
import { type Keep, parseKeep } from '../../infra/backup/retention.js';
import type { SpaceKeys } from '../../infra/space/signature.js';
import { parseSpaceAddress, type SpaceAddress } from '../../infra/space/space-address.js';

export const HISTORY_USAGE = `  ostack history list    --space URL [--repo owner/name] [--root NAME] [--most N] [--json]
  ostack history show    PLAN --space URL [--repo owner/name] [--identity FILE] [--json]
  ostack history compare PLAN PLAN --space URL --identity FILE [--repo owner/name] [--json]
  ostack history retain  --space URL --repo owner/name --keep '30 days, 12 weeks, 24 months' [--yes] [--json]

  list       plans in the space, newest first, and whether they are what git has the hashes of. Exit code 1: one is not.
  show       one of them, with its text where you have the key
  compare    what two of them do otherwise. Exit code 1: something.
  retain     deletes plans that are not kept, with --yes; never the newest of a root, nor the one applied last

  PLAN       as the list names it: network/20261130T120000Z-0123456789ab
  --repo     the infra repository, whose branch ostack-plans has the hashes
  --identity a file with the secret key of age
  --region   of the bucket, where its address does not name it
  The keys of the space are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`;

const COMMANDS = ['list', 'show', 'compare', 'retain'] as const;

export interface HistoryArguments {
  command: (typeof COMMANDS)[number];
  /** What the keys of plans begin with: none, one, or two. */
  plans: string[];
  address: SpaceAddress;
  keys: SpaceKeys;
  repository: RepositoryName | undefined;
  root: string | undefined;
  most: number;
  /** Path of a file. */
  identity: string | undefined;
  keep: Keep | undefined;
  yes: boolean;
  json: boolean;
}

/** How many plans each command is about. */
const PLANS = { list: 0, show: 1, compare: 2, retain: 0 } as const;

/**
 * Reads what follows `history` on the command line.
 *
 * @throws Error that names what is wrong
 */
export function readHistoryArguments(args: readonly string[], env: NodeJS.ProcessEnv): HistoryArguments {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ space: text, region: text, repo: text, root: text, most: text, identity: text, keep: text },
      ...{ yes: flag, json: flag },
    },
  });
  const [word = '', ...plans] = positionals;
  const command = COMMANDS.find((each) => each === word);
  if (command === undefined) {
    throw new Error(
      `Expected one of ${COMMANDS.join(', ')} after "history", found "${word}".${didYouMean(word, COMMANDS)}`,
    );
  }
  if (plans.length !== PLANS[command]) {
    throw new Error(
      `Expected ${PLANS[command]} plans after "history ${command}", found ${plans.length}. "history list" says what they are called.`,
    );
  }
  const needed = { show: [], list: [], compare: ['identity'], retain: ['repo', 'keep'] } as const;
  const missing = ['space' as const, ...needed[command]].find((name) => values[name] === undefined);
  if (missing !== undefined) {
    throw new Error(`"history ${command}" needs --${missing}: see "ostack --help".`);
  }
  return {
    ...{ command, plans: plans.map(readPrefix), root: values.root, most: readMost(values.most) },
    ...{ address: parseSpaceAddress(values.space ?? '', values.region), keys: readKeys(env) },
    repository: values.repo === undefined ? undefined : parseRepository(values.repo, '--repo'),
    keep: values.keep === undefined ? undefined : parseKeep(values.keep, '--keep'),
    ...{ identity: values.identity, yes: values.yes, json: values.json },
  };
}

function readPrefix(plan: string): string {
  const prefix = plan.startsWith('plans/') ? plan : `plans/${plan}`;
  if (!/^plans\/[\w./-]+\/\d{8}T\d{6}Z-[0-9a-f]{12}$/.test(prefix)) {
    throw new Error(`"${plan}" is no plan, expected one such as network/20261130T120000Z-0123456789ab.`);
  }
  return prefix;
}

function readMost(text = '20'): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) {
    throw new Error(`--most is "${text}", expected a number.`);
  }
  return Number(text);
}

function readKeys(env: NodeJS.ProcessEnv): SpaceKeys {
  const { AWS_ACCESS_KEY_ID: accessKey = '', AWS_SECRET_ACCESS_KEY: secretKey = '', AWS_SESSION_TOKEN: token } = env;
  if (accessKey === '' || secretKey === '') {
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: they are the keys of the space.');
  }
  return { accessKey, secretKey, sessionToken: token === '' ? undefined : token };
}
