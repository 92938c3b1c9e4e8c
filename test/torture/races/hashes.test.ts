import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/github/client.js';
import type { KeptHash } from '../../../src/infra/history/hash-ledger.js';
import { recordDeletions, recordHashes } from '../../../src/infra/history/record-hashes.js';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { git } from '../../support/git.js';
import { record } from '../table.js';
import { type OwnRequest, ownRequest, REFUSED, TROUBLES, type Trouble } from '../trouble.js';
import { LONGEST_MS, playSchedules, type Racer } from './schedules.js';

const BRANCH = 'ostack-plans';
const PERMISSIONS = { contents: 'write' } as const;
let stage: Stage;
let count = 0;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

async function fresh(): Promise<LocalRepository> {
  count += 1;
  return stage.github.createRepository(`acme/infra-${count}`, { files: { 'README.md': 'x' } });
}

function writer({ name }: LocalRepository) {
  const token = stage.github.issueToken({
    actor: 'github-actions[bot]',
    repositories: [name],
    permissions: PERMISSIONS,
  });
  const { apiUrl, graphqlUrl } = stage;
  const repository = { owner: 'acme', name: name.replace('acme/', '') };
  return { token, to: { github: connect({ token, apiUrl, graphqlUrl }), repository } };
}

const kept = (root: string, hour: number, name = 'record'): KeptHash => ({
  key: `plans/${root}/20261130T${String(hour).padStart(2, '0')}0000Z-cccccccccccc/${name}.json`,
  sha256: (hour + root.length).toString(16).padStart(64, '0'),
});
const lineOf = ({ key, sha256 }: KeptHash) => `${sha256}  ${key}`;

/** All lines, once each, on one line of commits whose files only grow. */
async function expectKept({ gitDir }: LocalRepository, hashes: readonly KeptHash[]): Promise<void> {
  const log = await git(gitDir, ['log', '--reverse', '--format=%H%x09%P', BRANCH]);
  let before = '';
  for (const line of log.split('\n')) {
    const [commit = '', parents = ''] = line.split('\t');
    expect(parents).not.toContain(' ');
    const diff = before === '' ? '' : await git(gitDir, ['diff', '--numstat', before, commit]);
    // Columns are lines that were added, and removed.
    expect(diff.split('\n').filter((each) => each !== '' && each.split('\t')[1] !== '0')).toEqual([]);
    before = commit;
  }
  const lines = (await git(gitDir, ['grep', '-h', '-e', '', BRANCH]))
    .split('\n')
    .filter((each) => !each.startsWith('#'));
  expect(lines.sort()).toEqual(hashes.map(lineOf).sort());
}

describe('hashes of plans', () => {
  test(
    'of many runs at once are all kept',
    () =>
      playSchedules(
        {
          ...{ stage, name: 'of many runs at once are all kept', file: import.meta.filename },
          schedules: { all: 100, short: 5 },
        },
        async ({ race, pick }) => {
          const repository = await fresh();
          const hashes = [kept('net', 1), kept('net', 2), kept('app', 1), kept('net', 1, 'applied'), kept('app', 3)];
          const racers = hashes.slice(0, pick([3, 4, 5])).map((hash, index): Racer => {
            const { token, to } = writer(repository);
            return { name: `run ${index}`, tokens: [token], body: async () => void (await recordHashes(to, [hash])) };
          });
          const { token, to } = writer(repository);
          const gone = { ...kept('net', 0), key: kept('net', 0).key.replace('/record.json', '') };
          const retention: Racer = {
            ...{ name: 'retention', tokens: [token] },
            body: async () => void (await recordDeletions(to, [gone.key])),
          };
          await race([...racers, retention]);
          await expectKept(repository, hashes.slice(0, racers.length));
        },
      ),
    LONGEST_MS,
  );

  const starts: [string, KeptHash[]][] = [
    ['the first ones', []],
    ['more of them', [kept('net', 1)]],
  ];
  const kinds = [...TROUBLES.filter(({ name }) => !name.startsWith('timeout')), refused(403), refused(422)];
  test.each(starts)(
    '%s are kept whatever happens to a request, and are never written twice',
    async (what, before) => {
      let [tried, survived] = [0, 0];
      const failures: string[] = [];
      const step = process.env.OSTACK_TORTURE === 'all' ? 1 : 3;
      for (const trouble of kinds) {
        for (let at = 0; ; at += step) {
          const isThere = await interrupted(before, trouble, at).catch((error: unknown) => String(error));
          if (isThere === false) {
            break;
          }
          tried += 1;
          survived += isThere === true ? 1 : 0;
          failures.push(...(isThere === true ? [] : [`${trouble.name} at ${at}: ${isThere}`]));
        }
      }
      record({ scenario: `interrupted: hashes of plans, ${what}`, tried, survived });
      expect(failures).toEqual([]);
    },
    LONGEST_MS,
  );
});

function refused(status: number): Trouble {
  return { name: REFUSED, kills: false, fault: { kind: 'status', status }, strikes: () => true };
}

/** @returns whether there is such a request */
async function interrupted(before: readonly KeptHash[], trouble: Trouble, at: number): Promise<boolean> {
  const repository = await fresh();
  const { to } = writer(repository);
  await (before.length > 0 ? recordHashes(to, before) : undefined);
  const hashes = [kept('net', 2), kept('app', 2)];
  const { faults } = stage.github;
  let [sent, strikes, struck] = [0, false, false];
  faults.add({
    match: (request) => {
      const own: OwnRequest | undefined = ownRequest(request);
      strikes = own !== undefined && sent++ === at;
      struck ||= strikes;
      return false;
    },
    kind: 'latency',
    ms: 0,
  });
  faults.add({ match: () => strikes, ...trouble.fault, times: Infinity });
  // What a dead process had sent besides does not get through.
  faults.add({ match: () => trouble.kills && struck, kind: 'reset', times: Infinity });
  const passes = !trouble.kills && trouble.name !== REFUSED;
  try {
    const done = recordHashes(writer(repository).to, hashes);
    await (passes ? done : done.catch(() => undefined));
  } finally {
    faults.clear();
  }
  if (!struck) {
    return false;
  }
  await recordHashes(to, hashes);
  await expectKept(repository, [...before, ...hashes]);
  return true;
}
