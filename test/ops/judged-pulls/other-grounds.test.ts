/** Branches of other repositories that environments live on: which they are, and what is not mixed up with another one. */
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { GitHub } from '../../../src/github/client.js';
import type { Connected } from '../../../src/github/connected.js';
import { keptProofs } from '../../../src/ops/evidence/kept-checks.js';
import { checkOf, type Ground, ownOf, there } from '../../../src/ops/judged-pulls/ground.js';
import { isMoved } from '../../../src/ops/judged-pulls/grounds.js';
import { remoteOf } from '../../../src/ops/judged-pulls/judge-at.js';
import { type Lost, unlessLost } from '../../../src/ops/judged-pulls/lost-repositories.js';
import { otherGrounds } from '../../../src/ops/judged-pulls/other-grounds.js';
import { historyAway, UnknownHistory } from '../../../src/ops/judgement/history-away.js';
import { isOfEnvironments, leftOut } from '../../../src/ops/judgement/judged-place.js';
import { otherPlaces, settledPolicy, unknownPlaces } from '../../../src/ops/policy/places.js';
import { type Policy, readPolicy } from '../../../src/ops/policy/policy.js';
import { byRepository, isWrittenBy } from '../../../src/ops/verbs/gate/withdraw-all.js';

const policyOf = (text: string): Policy => settledPolicy(readPolicy(text), 'acme/ops', 'main');
const environments = (...lines: string[]) => policyOf(`environments:\n${lines.map((line) => `  ${line}\n`).join('')}`);

/** What a repository of the fake GitHub has: its branches by name, the first of which is its default branch. */
interface Fake {
  branches: Record<string, string>;
  /** What it is called by now. */
  name?: string;
  isArchived?: boolean;
  /** Check runs of the newest commits of the default branch, as `<App>|<name>|<hours since>`. */
  checks?: string[];
}

const NOW = new Date('2026-11-20T12:00:00Z');

function withChecks({ checks = [] }: Pick<Fake, 'checks'>) {
  const nodes = checks.map((line, index) => {
    const [slug = '', name = '', hours = ''] = line.split('|');
    const completedAt = new Date(NOW.getTime() - Number(hours) * 3_600_000).toISOString();
    const run = { __typename: 'CheckRun', databaseId: index, name, completedAt, checkSuite: { app: { slug } } };
    return { oid: `c${index}`, statusCheckRollup: { contexts: { pageInfo: { hasNextPage: false }, nodes: [run] } } };
  });
  return { target: { history: { nodes } } };
}

/** A GitHub that knows these repositories, and answers the query of branches. */
function github(repositories: Record<string, Fake>, asked: string[] = []): Connected {
  const refuse = (message: string) =>
    Promise.reject(Object.assign(new Error(message), { status: 500, name: 'HttpError' }));
  const queryParts: GitHub['queryParts'] = async (schema, _document, variables = {}) => {
    const name = `${variables.owner}/${variables.name}`;
    asked.push(name);
    const found = repositories[name];
    return found === undefined
      ? refuse(`Could not resolve ${name}`)
      : { data: v.parse(schema, { repository: fieldsOf(name, found, variables) }), errors: [] };
  };
  const query = () => refuse('nothing else is asked');
  return { repository: { owner: 'acme', name: 'ops' }, github: { octokit: Object.create(null), query, queryParts } };
}

/** What the query asks for, in its order: name, archived or not, the default branch, and each branch that is named. */
function fieldsOf(name: string, { branches, ...found }: Fake, variables: Record<string, unknown>) {
  const [base] = Object.keys(branches);
  const target = (branch: string) => (branch in branches ? { target: { oid: branches[branch] } } : null);
  const refs = Object.entries(variables).flatMap(([key, ref]) => (key.startsWith('v') ? [String(ref)] : []));
  const fields = [
    ...[found.name ?? name, found.isArchived ?? false],
    base === undefined ? null : { name: base, ...target(base) },
    ...refs.map((ref) => target(ref.replace('refs/heads/', ''))),
    base === undefined ? null : withChecks(found),
  ];
  return Object.fromEntries(fields.map((field, index) => [`f${index}`, field]));
}

const HOME = { branch: 'main', oid: 'home' };
async function read(policy: Policy, repositories: Record<string, Fake>, asked: string[] = []) {
  const rules = { home: HOME, policy, holdsText: undefined };
  const found = await otherGrounds(github(repositories, asked), rules, { app: 'ostack-ops', now: NOW });
  const lines = found.grounds.map(
    (ground) =>
      `${ground.at.repository.owner}/${ground.at.repository.name} ${ground.branch} ${ground.oid}: ${ground.refused ?? checkOf(ground)}`,
  );
  return { lines, notes: found.notes, left: found.left.map(({ branch }) => branch) };
}

describe('Of other repositories are judged', () => {
  test('the branches that the policy names, each with a check of its own, in one request for each repository', async () => {
    const asked: string[] = [];
    const policy = environments(
      'a: { repository: acme/far }',
      'b: { repository: acme/far, branch: b }',
      'c: { repository: ACME/far, branch: b }',
      'd: { repository: "acme/{app}" }',
      'e: { branch: e }',
    );
    const apps = { ...policy, apps: new Map([...readPolicy('apps: { cat: {}, dog: {} }').apps]) };
    const repositories = {
      'acme/far': { branches: { trunk: 'f1', b: 'f2' } },
      'acme/cat': { branches: { main: 'c1' } },
      'acme/dog': { branches: { main: 'd1' } },
    };
    expect(await read(apps, repositories, asked)).toEqual({
      lines: [
        'acme/far trunk f1: oStack / gate into trunk',
        'acme/far b f2: oStack / gate into b',
        'acme/cat main c1: oStack / gate into main',
        'acme/dog main d1: oStack / gate into main',
      ],
      ...{ notes: [], left: [] },
    });
    expect(asked).toEqual(['acme/far', 'acme/cat', 'acme/dog']);
  });

  test.each<[string, Record<string, Fake>, string[], string[]]>([
    [
      'none of one that cannot be read, and the others all the same',
      { 'acme/two': { branches: { main: 't1' } } },
      ['acme/two main t1: oStack / gate into main'],
      ['one lives in acme/one, and neither the gate nor the audit judges what comes there. Could not read'],
    ],
    [
      'none of one that is archived',
      { 'acme/one': { branches: { main: 'o1' }, isArchived: true }, 'acme/two': { branches: { main: 't1' } } },
      ['acme/two main t1: oStack / gate into main'],
      ['It is archived'],
    ],
    [
      'none of one that has no commit',
      { 'acme/one': { branches: {} }, 'acme/two': { branches: { main: 't1' } } },
      ['acme/two main t1: oStack / gate into main'],
      ['It has no commit yet'],
    ],
    [
      'none under a name of old, which lets nothing in',
      { 'acme/one': { branches: { main: 'o1' }, name: 'acme/new' }, 'acme/two': { branches: { main: 't1' } } },
      [
        'acme/new main o1: acme/one is called acme/new now: say that with "repository" in ostack.yaml.',
        'acme/two main t1: oStack / gate into main',
      ],
      [],
    ],
    [
      'one by two names once, which lets nothing in',
      { 'acme/one': { branches: { main: 't1' }, name: 'acme/two' }, 'acme/two': { branches: { main: 't1' } } },
      ['acme/two main t1: ostack.yaml says in two ways that environments live on main of acme/two: say it in one.'],
      [],
    ],
  ])('%s', async (_, repositories, lines, notes) => {
    const found = await read(
      environments('one: { repository: acme/one }', 'two: { repository: acme/two }'),
      repositories,
    );
    expect(found.lines).toEqual(lines);
    expect(found.notes).toEqual(notes.map((text) => expect.stringContaining(text)));
  });

  test('a default branch that is named for one environment and left out for another, once, and nothing comes in', async () => {
    const policy = environments('a: { repository: acme/far }', 'b: { repository: acme/far, branch: main }');
    const { lines } = await read(policy, { 'acme/far': { branches: { main: 'f1' } } });
    expect(lines).toEqual([expect.stringContaining('says in two ways that environments live on main of acme/far')]);
  });

  test.each<[string, string[], boolean]>([
    ['none of one that has a gate of its own', ['ostack-ops|oStack / audit|2'], true],
    [
      'none of one whose audit is not through with the newest commit',
      ['ostack-ops|x|0', 'ostack-ops|oStack / audit|1'],
      true,
    ],
    ['those of one whose own gate is gone for a day', ['ostack-ops|oStack / audit|25'], false],
    ['those of one where somebody else makes a check of that name', ['github-actions|oStack / audit|0'], false],
    ['those of one that is audited from here', ['ostack-ops|oStack / audit into main|0'], false],
  ])('%s', async (_, checks, isOwn) => {
    const policy = environments('a: { repository: acme/far }', 'b: { repository: acme/far, branch: b }');
    const { lines, notes, left } = await read(policy, { 'acme/far': { branches: { main: 'f1', b: 'f2' }, checks } });
    expect([lines.length, left]).toEqual(isOwn ? [0, ['main', 'b']] : [2, []]);
    expect(notes).toEqual(
      isOwn
        ? [expect.stringMatching(/^a and b live in acme\/far, and neither .* a gate of its own by the same App/)]
        : [],
    );
  });

  test('no branch that is not there, and that is said', async () => {
    const policy = environments('a: { repository: acme/far, branch: gone }');
    expect(await read(policy, { 'acme/far': { branches: { main: 'f1' } } })).toEqual({
      ...{ lines: [], left: [] },
      notes: ['the branch gone of acme/far is not there, and environments live on it by ostack.yaml.'],
    });
  });

  test('none where each app has one and no app is named, and that is said', () => {
    const policy = environments('a: { repository: "acme/{app}" }');
    expect([otherPlaces(policy), unknownPlaces(policy)]).toEqual([
      [],
      [expect.stringContaining('a lives in a repository of each app (acme/{app}), and ostack.yaml names no apps')],
    ]);
  });
});

const CHAIN = environments(
  'dev: { repository: acme/far, branch: dev }',
  'test: { repository: acme/far, after: dev }',
  'stage: { repository: acme/far, branch: stage, after: test }',
  'prod: { repository: acme/far, branch: prod, after: stage }',
  'same: { branch: dev }',
);
const PROD = { place: { repository: 'acme/far', branch: 'prod' }, policy: CHAIN, home: HOME, base: 'trunk' };

test.each<[string, string | undefined, boolean]>([
  [
    'dev',
    'dev is the branch of dev, and prod comes after stage (the branch stage of acme/far): merge it there first.',
    true,
  ],
  [
    'trunk',
    'trunk is the branch of test, and prod comes after stage (the branch stage of acme/far): merge it there first.',
    true,
  ],
  ['stage', undefined, true],
  ['prod', undefined, true],
  // The default branch of the policy's own repository is no branch of this one.
  ['main', undefined, false],
  ['topic', undefined, false],
])('A merge of %s within another repository', (branch, past, isTheirs) => {
  expect(leftOut(PROD, branch)).toBe(past);
  expect(isOfEnvironments(CHAIN.environments, PROD, branch)).toBe(isTheirs);
});

test('the same branch at home is of other environments', () => {
  const home = { place: { repository: undefined, branch: 'dev' }, home: HOME };
  expect(isOfEnvironments(CHAIN.environments, home, 'prod')).toBe(false);
  expect(isOfEnvironments(CHAIN.environments, home, 'main')).toBe(true);
});

const OPS = github({});
const far: Ground = {
  at: { ...OPS, repository: { owner: 'acme', name: 'far' } },
  ...{ branch: 'main', oid: 'f1' },
  judged: { place: { repository: 'acme/far', branch: undefined }, home: HOME, policy: CHAIN, holdsText: undefined },
};
const main: Ground = { at: OPS, branch: 'main', oid: 'h1' };

test('what is asked, fetched, written and pinned of a branch is of its own repository', () => {
  expect(there(OPS, far).repository).toEqual({ owner: 'acme', name: 'far' });
  expect(remoteOf({ serverUrl: 's', repository: 'acme/ops', token: 't' }, far).repository).toBe('acme/far');
  expect([ownOf({ ...far, branch: 'trunk' }), ownOf(main)]).toEqual([
    { repository: 'acme/far', branch: 'trunk' },
    { repository: 'acme/ops', branch: 'main' },
  ]);
  expect([checkOf(far), checkOf(main)]).toEqual(['oStack / gate into main', 'oStack / gate']);
  expect(byRepository([main, far, { ...far, branch: 'b' }]).map((own) => own.map(({ branch }) => branch))).toEqual([
    ['main'],
    ['main', 'b'],
  ]);
});

test('the same commit of a branch of the same name elsewhere is another one', () => {
  const seen = (...all: Ground[]) => ({ main, policy: CHAIN, left: [], notes: [], all });
  const other: Ground = { ...far, at: { ...OPS, repository: { owner: 'acme', name: 'other' } } };
  expect(isMoved(seen(main, far), seen(main, other))).toBe(true);
  expect(isMoved(seen(main, far), seen(main, { ...far }))).toBe(false);
});

test.each([
  ['a run of the repository itself', 'https://github.com/acme/Far/actions/runs/1', true],
  ['one of the ops repository', 'https://github.com/acme/ops/actions/runs/1', false],
  ['one of a repository with more in its name', 'https://github.com/acme/far-away/actions/runs/1', false],
  ['nobody who says so', '', false],
])('a check is written by %s', (_, page, isOwn) => {
  expect(isWrittenBy({ page }, 'acme/far')).toBe(isOwn);
});

test('another repository that fails is left out from then on, and the one of the policy ends the run', async () => {
  const lost: Lost = new Map();
  const fails = () => Promise.reject(new Error('broken'));
  expect(await unlessLost(lost, far, fails)).toBeUndefined();
  expect(await unlessLost(lost, far, async () => 'done')).toBeUndefined();
  expect(await unlessLost(lost, main, async () => 'done')).toBe('done');
  await expect(unlessLost(lost, main, fails)).rejects.toThrow('broken');
  expect([...lost.keys()]).toEqual(['acme/far']);
});

test('what an app ran is asked in its own repository, where each app has one', () => {
  const policy = environments('stage: { repository: "acme/{app}", branch: stage }');
  const away = historyAway(OPS, policy, { repository: 'acme/cat', branch: 'stage', app: 'cat' });
  const asked = { environment: 'stage', extent: { limit: 1 }, now: new Date() };
  expect(away({ ...asked, app: 'cat' })).toBeUndefined();
  const dog = away({ ...asked, app: 'dog' });
  dog?.catch(() => {});
  expect(dog).toBeDefined();
  expect(new UnknownHistory('x', true).cause).toBeUndefined();
});

test('what the gate keeps of a commit counts in the repository of the commit alone', async () => {
  const asked: string[] = [];
  const kind = keptProofs(github({}, asked), 'ostack-ops');
  const builtBy = { repository: 'acme/apps', workflow: 'x.yml', branches: [], calls: [] };
  const image = { repository: 'ghcr.io/acme/web', tag: '1.0.0', digest: 'sha256:x', builtBy };
  for (const name of ['ops', 'far', 'far']) {
    const claim = { repository: { owner: 'acme', name }, head: 'a'.repeat(40), texts: [] };
    await expect(kind.proofs([image], claim)).rejects.toThrow(`acme/${name}`);
  }
  expect(asked).toEqual(['acme/ops', 'acme/far']);
});
