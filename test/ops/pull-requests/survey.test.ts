import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { NOT_WISHED } from '../../../src/ops/policy/merge-decision.js';
import { BODY_LIMIT, withBlock } from '../../../src/ops/pull-requests/body-block.js';
import type { Step } from '../../../src/ops/pull-requests/next-step.js';
import type { Planned } from '../../../src/ops/pull-requests/planned.js';
import type { Proposal } from '../../../src/ops/pull-requests/proposal.js';
import { type Survey, workFor } from '../../../src/ops/pull-requests/survey.js';
import type { BranchView } from '../../../src/ops/repository/open-repository.js';
import type { PullRequest } from '../../../src/ops/repository/pull-request.js';
import { versionIn } from '../../torture/races/ops-world.js';
import { snapshotOf } from '../verbs/snapshot.js';
import { type EngineWorld, engineWorld, saying, surveyed } from './engine.js';
import { OTHER, ours, pull, theirs } from './support.js';

const SNAPSHOT = snapshotOf({}, '', new Date());
const CHANGE: Planned = {
  state: 'change',
  change: { files: new Map([['a.yaml', 'a: 2\n']]) },
  before: new Map([['a.yaml', 'a: 1\n']]),
};
const SET: Planned = { state: 'nothing', reason: '1.4.0 is already in staging' };
const REFUSED: Planned = { state: 'refused', error: new Error('a.yaml is no YAML\nat line 1') };
const newer = (there: string | null): Planned => ({ state: 'newer', there, reason: 'staging holds a newer one' });

const proposal = (over: Partial<Proposal> = {}): Proposal =>
  saying('my-app', '1.4.0', { isOurs: ({ app }) => app === 'my-app', ...over });

const textAbout = (key: string, words = 'as it was') => withBlock('say', 'By a person.', key, words);
const openWith = (over: Partial<PullRequest> = {}) =>
  pull({ body: textAbout('1.4.0'), title: 'my-app 1.4.0 -> staging', ...over });

function branchOf(open: PullRequest | undefined): BranchView {
  return { head: open?.commits.at(-1), open, past: [] };
}

const surveyOf = (over: Partial<Survey<Proposal>> = {}): Survey<Proposal> => ({
  ...{ proposal: proposal(), base: CHANGE, branch: branchOf(openWith()), onTop: SET, labels: [] },
  ...{ merge: NOT_WISHED, mergeReason: '' },
  ...over,
});

const step = async (over: Partial<Survey<Proposal>>) => (await workFor(SNAPSHOT, surveyOf(over))).step;

describe('a branch of ours', () => {
  const about = (key: string, more: Partial<PullRequest> = {}) => branchOf(openWith({ body: textAbout(key), ...more }));
  const behind = { commits: [ours('1.4.0', OTHER)] };

  test.each<[what: string, given: Partial<Survey<Proposal>>, step: Step['do']]>([
    ['stays as it is where it has what is proposed', {}, 'keep'],
    ['is built anew where it was about something else', { branch: about('1.3.0'), onTop: CHANGE }, 'rebuild'],
    ['is built anew where it was about more than that', { branch: about('1.3.0'), onTop: SET }, 'rebuild'],
    [
      'gets a commit on top where a verb keeps what it proposed before',
      { branch: about('1.3.0'), onTop: CHANGE, proposal: proposal({ keepsOurCommits: true }) },
      'append',
    ],
    [
      'gets a commit on top where a person pushed to it',
      { branch: about('1.3.0', { commits: [ours(), theirs] }), onTop: CHANGE },
      'append',
    ],
    ['stays where it is behind, if it has what is proposed', { branch: about('1.4.0', behind) }, 'keep'],
    [
      'is built anew where it is behind and must be fresh',
      { branch: about('1.4.0', behind), proposal: proposal({ fresh: true }) },
      'rebuild',
    ],
    ['stays where it is fresh', { proposal: proposal({ fresh: true }) }, 'keep'],
    [
      'stays where a person pushed to it, fresh or not',
      {
        branch: about('1.4.0', { commits: [ours('1.4.0', OTHER), theirs] }),
        proposal: proposal({ fresh: true }),
      },
      'keep',
    ],
    ['is opened where there is none', { branch: branchOf(undefined), onTop: undefined }, 'open'],
  ])('%s', async (_what, given, expected) => {
    expect((await step(given)).do).toBe(expected);
  });

  test.each<[what: string, base: Planned, onTop: Planned, step: Step['do']]>([
    ['goes where the base has the same by now', newer('1.5.0'), newer('1.5.0'), 'close'],
    ['goes where the base has something newer than it by now', newer('1.6.0'), newer('1.5.0'), 'close'],
    ['stays where it has something newer than the base', newer('1.5.0'), newer('1.6.0'), 'nothing'],
    ['stays where nobody can tell which is newer', newer('1.5.0'), newer(null), 'nothing'],
    ['stays where nobody knows what the base has', newer(null), newer('1.5.0'), 'nothing'],
    ['goes where it brings the older one', newer('1.5.0'), SET, 'close'],
    ['goes where the base has it', SET, SET, 'close'],
    ['stays where it has something newer than the base has', SET, newer('1.5.0'), 'nothing'],
  ])('%s', async (_what, base, onTop, expected) => {
    expect((await step({ base, onTop })).do).toBe(expected);
  });

  test.each<[what: string, given: Partial<Survey<Proposal>>, step: Step]>([
    [
      'that nothing can be done on says why',
      { branch: branchOf(openWith({ commits: [ours(), theirs] })), onTop: REFUSED },
      {
        do: 'nothing',
        action: 'skipped',
        reason:
          "people's commits on #7 leave nothing that it can be done on (a.yaml is no YAML); close it to start afresh",
      },
    ],
    [
      'says it in the words of its verb',
      {
        branch: branchOf(openWith({ commits: [ours(), theirs] })),
        ...{ onTop: REFUSED, proposal: proposal({ reasons: { takenAway: 'took the app away' } }) },
      },
      {
        do: 'nothing',
        action: 'skipped',
        reason: "people's commits on #7 took the app away; close it to start afresh",
      },
    ],
    [
      'that a person closed stays closed where the verb says so',
      {
        branch: { head: undefined, open: undefined, past: [pull({ state: 'CLOSED' })] },
        ...{ onTop: undefined, proposal: proposal({ staysClosed: () => true }) },
      },
      { do: 'nothing', action: 'skipped', reason: 'a person closed #7' },
    ],
    [
      'that a person closed is opened again where the verb does not mind',
      { branch: { head: undefined, open: undefined, past: [pull({ state: 'CLOSED' })] }, onTop: undefined },
      { do: 'open', leftover: undefined },
    ],
  ])('%s', async (_what, given, expected) => {
    expect(await step(given)).toEqual(expected);
  });
});

describe('the text of an open pull request', () => {
  const isNewer = (key: string) => key === '1.5.0';

  test.each<[what: string, open: Partial<PullRequest>, over: Partial<Proposal>, stays: boolean]>([
    ['stays where it is about this', {}, {}, true],
    ['is written where it is about something older', { body: textAbout('1.3.0') }, { isNewer }, false],
    ['stays where it is about something newer', { body: textAbout('1.5.0') }, { isNewer }, true],
    ['is written where a verb knows no order', { body: textAbout('1.5.0') }, {}, false],
    ['is written where only the title is another', { title: 'Another' }, {}, false],
    ['is written where a person took ours away', { body: 'By a person.' }, { isNewer }, false],
  ])('%s', async (_what, open, over, stays) => {
    let written = 0;
    const one = proposal({
      ...over,
      keepsOurCommits: true,
      body: () => {
        written += 1;
        return 'as it is';
      },
    });
    const { textStays, body } = await workFor(SNAPSHOT, surveyOf({ proposal: one, branch: branchOf(openWith(open)) }));
    expect(textStays).toBe(stays);
    expect(written).toBe(stays ? 0 : 1);
    expect(body).toBe(stays ? (open.body ?? textAbout('1.4.0')) : textAbout('1.4.0', 'as it is'));
  });

  test.each<[what: string, given: Partial<Survey<Proposal>>]>([
    ['closed', { base: SET }],
    ['left', { base: newer('1.5.0'), onTop: newer('1.6.0') }],
  ])('is not made for one that is %s', async (_what, given) => {
    const body = () => {
      throw new Error('it costs something');
    };
    const work = await workFor(SNAPSHOT, surveyOf({ ...given, proposal: proposal({ body }) }));
    expect(work.body).toBe(textAbout('1.4.0'));
  });

  test('is changed around ours where a verb does so, and nowhere else', async () => {
    const branch = branchOf(openWith({ body: textAbout('1.3.0') }));
    const around = (existing: string) => existing.replace('By a person.', 'By the verb.');
    const { body } = await workFor(SNAPSHOT, surveyOf({ branch, onTop: CHANGE, proposal: proposal({ around }) }));
    expect(body).toBe(withBlock('say', 'By the verb.', '1.4.0', 'Brings my-app 1.4.0.'));
  });

  test('never grows longer than GitHub takes', async () => {
    const long = 'one line of many\n'.repeat(8000);
    const branch = branchOf(openWith({ body: textAbout('1.3.0') }));
    const { body } = await workFor(
      SNAPSHOT,
      surveyOf({
        branch,
        onTop: CHANGE,
        proposal: proposal({ body: (_planned, limit) => long.slice(0, limit + 999) }),
      }),
    );
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(BODY_LIMIT);
    expect(body.startsWith('By a person.')).toBe(true);
    expect(body.endsWith('<!-- /ostack:say -->')).toBe(true);
  });
});

test('a work has what is committed at the base and on top of the branch, and who it belongs to', async () => {
  const onTop: Planned = { ...CHANGE, change: { files: new Map([['a.yaml', 'b: 2\n']]) } };
  const labels = [{ name: 'ostack', id: 'L_1' }];
  const merge = { merges: true, whenAllowed: false, notYet: undefined };
  const work = await workFor(SNAPSHOT, surveyOf({ onTop, labels, merge, mergeReason: 'why' }));
  expect(work).toMatchObject({
    ...{ branch: 'ostack/staging/my-app', branchOid: 'ours-1.4.0', title: 'my-app 1.4.0 -> staging' },
    ...{ change: CHANGE.change, onTop: onTop.change, labels, merges: true, mergeReason: 'why' },
    message: { headline: 'my-app 1.4.0 -> staging' },
  });
  expect([work.isOurs(ours()), work.isOurs(theirs)]).toEqual([true, false]);
  const done = await workFor(SNAPSHOT, surveyOf({ base: SET }));
  expect([done.change, done.onTop, done.message]).toEqual([
    undefined,
    undefined,
    { headline: 'my-app 1.4.0 -> staging', body: '' },
  ]);
});

describe('a survey', () => {
  let world: EngineWorld;
  beforeAll(async () => {
    world = await engineWorld();
  });
  afterAll(() => world.close());
  afterEach(() => world.goBack());

  test('plans at the base and on top of the branch, and shares its requests', async () => {
    await world.opened(saying('shop', '1.1.0'));
    const { surveys } = await surveyed(world, [
      saying('shop', '1.2.0', { labels: ['ostack'] }),
      saying('cart', '1.1.0'),
    ]);
    const planned = surveys.map(({ base, onTop }) => [base, onTop].map((each) => textsOf(each)));
    expect(planned).toEqual([
      [
        ['1.0.0', '1.2.0'],
        ['1.1.0', '1.2.0'],
      ],
      [['1.0.0', '1.1.0'], undefined],
    ]);
    expect(surveys.map(({ branch }) => branch.open?.number)).toEqual([1, undefined]);
    expect(surveys.map(({ labels }) => labels)).toEqual([[{ name: 'ostack', id: undefined }], []]);
    expect(world.stage.github.requests.map(({ operation }) => operation)).toEqual(['OpenOps', 'ReadOps', 'ReadOps']);
  });

  test('that cannot be read fails, with what to do', async () => {
    world.stage.github.faults.add({ match: /ReadOps/, kind: 'status', status: 403 });
    await expect(surveyed(world, [saying('shop', '1.1.0')])).rejects.toThrow(
      /^Could not read the (files|branch .+) in acme\/ops: .*contents: read/s,
    );
  });

  test('fails with what a plan throws', async () => {
    const plan = () => Promise.reject(new Error('a mistake of ours'));
    await expect(surveyed(world, [saying('shop', '1.1.0', { plan })])).rejects.toThrow('a mistake of ours');
  });
});

/** The version before and after a change. */
function textsOf(planned: Planned | undefined): (string | undefined)[] | undefined {
  return planned?.state === 'change'
    ? [...planned.before.values(), ...planned.change.files.values()].map(versionIn)
    : undefined;
}
