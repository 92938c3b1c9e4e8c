import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ruleset } from '../../../src/local/github/world/records.js';
import type { Proposal, ProposalReport } from '../../../src/ops/pull-requests/proposal.js';
import { propose } from '../../../src/ops/pull-requests/propose.js';
import { justBefore } from '../../support/just-before.js';
import { overlayPath } from '../../torture/races/ops-world.js';
import { type EngineWorld, engineWorld, saying, versionFiles } from './engine.js';

let delay = 0;
let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld({ delays: { head: () => delay } });
});
afterAll(() => world.close());
afterEach(async () => {
  delay = 0;
  await world.goBack();
});

const NOTE = { 'README.md': 'by hand\n' };
const BRANCH = 'ostack/staging/shop';
const told = ({ results }: ProposalReport) => results.map(({ proposal, action }) => `${proposal.subject}: ${action}`);
const messages = ({ failures }: ProposalReport) => failures.map(({ message }) => message);

/** Before every document of a name somebody pushes to a branch. */
function pushedEachTime(operation: string, branch: string): void {
  let count = 0;
  world.stage.github.guard({
    async enter(request) {
      if (request.operation === operation) {
        count += 1;
        await world.push(branch, { 'README.md': `${count}\n` });
      }
      return () => {};
    },
  });
}

describe('the rounds of a run', () => {
  test('do again what moved meanwhile, and nothing that is done', async () => {
    await world.opened(saying('shop', '1.1.0'));
    justBefore(world.stage, 'WriteProposals', () => world.push(BRANCH, NOTE));
    const asked: string[][] = [];
    const proposals = [saying('shop', '1.2.0'), saying('cart', '1.2.0')];
    const report = await propose(
      world.connected,
      async (_snapshot, isOpen) => {
        asked.push(proposals.map(({ subject }) => subject).filter(isOpen));
        return proposals;
      },
      world.options,
    );
    expect(told(report)).toEqual(['staging/shop: updated', 'staging/cart: created']);
    expect(asked).toEqual([['staging/shop', 'staging/cart'], ['staging/shop']]);
    // The branch is built anew beside itself, and then cannot move to that.
    expect(world.writes()).toEqual(['WriteProposals', 'FinishProposals', 'WriteProposals']);
    expect(await world.version('shop', BRANCH)).toBe('1.2.0');
    expect(await world.ops.read(BRANCH, 'README.md')).toBe(NOTE['README.md']);
  });

  test('are one where nothing moves', async () => {
    let rounds = 0;
    const report = await propose(
      world.connected,
      async () => {
        rounds += 1;
        return [saying('shop', '1.1.0')];
      },
      world.options,
    );
    expect([told(report), rounds]).toEqual([['staging/shop: created'], 1]);
  });

  test('end where what was written is no longer proposed', async () => {
    justBefore(world.stage, 'WriteProposals', () => world.push('main', NOTE));
    let rounds = 0;
    const report = await propose(
      world.connected,
      async () => {
        rounds += 1;
        return rounds === 1 ? [saying('shop', '1.1.0')] : [];
      },
      world.options,
    );
    expect([told(report), messages(report), rounds]).toEqual([['staging/shop: created'], [], 2]);
  });

  test('look again before a merge where the base moved, and then know better', async () => {
    justBefore(world.stage, 'WriteProposals', () => world.push('main', versionFiles('shop', '1.2.0')));
    const report = await propose(
      world.connected,
      async () => [saying('shop', '1.1.0', { merges: true })],
      world.options,
    );
    expect(report.results).toMatchObject([{ action: 'closed', number: 1 }]);
    expect(await world.version('shop')).toBe('1.2.0');
  });

  test('merge all the same where the base moves in every one of them', async () => {
    pushedEachTime('WriteProposals', 'main');
    const report = await propose(
      world.connected,
      async () => [saying('shop', '1.1.0', { merges: true })],
      world.options,
    );
    expect(told(report)).toEqual(['staging/shop: merged']);
    expect(await world.version('shop')).toBe('1.1.0');
  });

  test('end where others keep changing the same branch, with what to do', async () => {
    await world.opened(saying('shop', '1.1.0'));
    pushedEachTime('WriteProposals', BRANCH);
    let rounds = 0;
    const report = await propose(
      world.connected,
      async () => {
        rounds += 1;
        return [saying('shop', '1.2.0')];
      },
      world.options,
    );
    expect([told(report), rounds]).toEqual([[], 6]);
    expect(messages(report)).toEqual([
      expect.stringMatching(
        /^staging\/shop kept changing while it was written \(.+\)\. Run it again: it picks up where it stopped\.$/s,
      ),
    ]);
  });
});

describe('the results of a run', () => {
  test('are in the order of the proposals, whichever was done first', async () => {
    const held: Proposal['plan'] = async () => ({ state: 'left', action: 'held', reason: 'it is held' });
    const report = await propose(
      world.connected,
      async () => [saying('shop', '1.1.0'), saying('cart', '1.1.0', { plan: held }), saying('blog', '1.0.0')],
      world.options,
    );
    expect(told(report)).toEqual(['staging/shop: created', 'staging/cart: held', 'staging/blog: unchanged']);
  });

  test('say what is left alone and what is refused, and the others are done', async () => {
    const error = new Error('staging/cart asks for 1.3.0 first');
    const report = await propose(
      world.connected,
      async () => [
        saying('shop', '1.1.0'),
        saying('cart', '1.1.0', { plan: async () => ({ state: 'refused', error }) }),
        saying('news', '1.1.0'),
      ],
      world.options,
    );
    expect(report.results).toMatchObject([
      { action: 'created', number: 1, reason: '' },
      { action: 'skipped', number: null, reason: 'news is not there' },
    ]);
    expect(report.failures).toEqual([error]);
    expect((await world.pulls()).map(({ branch }) => branch)).toEqual([BRANCH]);
  });

  test('are refused where the branch alone would take it', async () => {
    await world.opened(saying('shop', '1.1.0'));
    const error = new Error('not now');
    const report = await propose(
      world.connected,
      async ({ tree }) => [
        saying('shop', '1.2.0', {
          plan: async (at) => (at === tree ? { state: 'refused', error } : saying('shop', '1.2.0').plan(at)),
        }),
      ],
      world.options,
    );
    expect([report.results, report.failures, world.writes()]).toEqual([[], [error], []]);
  });

  test('have a warning once, however many rounds there are', async () => {
    justBefore(world.stage, 'WriteProposals', () => world.push('main', NOTE));
    let rounds = 0;
    const report = await propose(
      world.connected,
      async () => {
        rounds += 1;
        return [saying('shop', '1.1.0')];
      },
      { ...world.options, reviewers: [{ kind: 'user', name: 'nobody-there' }] },
    );
    expect(rounds).toBe(2);
    expect(report.warnings).toEqual(['There is no user "nobody-there" to ask.']);
  });
});

describe('a pull request that does not show its newest commit yet', () => {
  const late = async (requests = 8) => {
    await world.opened(saying('shop', '1.1.0'));
    await world.push('main', NOTE);
    delay = requests;
    await world.push(BRANCH, { 'settings.yaml': 'replicas: 3\n' });
  };

  test('is not written to before it does', async () => {
    await late();
    const rounds: boolean[] = [];
    const report = await propose(
      world.connected,
      async (snapshot) => {
        const { head, open } = await snapshot.branch(BRANCH);
        rounds.push(head?.oid === open?.headOid);
        delay = 0;
        return [saying('shop', '1.2.0')];
      },
      world.options,
    );
    expect(told(report)).toEqual(['staging/shop: updated']);
    expect(rounds.filter(Boolean)).toEqual([true]);
    expect(rounds.length).toBeGreaterThan(1);
    expect(world.writes()).toEqual(['WriteProposals']);
    expect(await world.ops.read(BRANCH, 'settings.yaml')).toBe('replicas: 3\n');
  });

  test('is not written to where it never does', async () => {
    await late(1000);
    const report = await propose(world.connected, async () => [saying('shop', '1.2.0')], world.options);
    expect(messages(report)).toEqual([
      'staging/shop kept changing while it was written (its pull request does not show its newest commit yet). Run it again: it picks up where it stopped.',
    ]);
    expect(world.writes()).toEqual([]);
  });

  test('does not keep a refusal from being said', async () => {
    await late(1000);
    const error = new Error('It cannot be told.');
    const refused = saying('shop', '1.2.0', { plan: async () => ({ state: 'refused', error }) });
    const report = await propose(world.connected, async () => [refused], world.options);
    expect(messages(report)).toEqual([error.message]);
  });

  test('does not keep a commit from being made directly', async () => {
    await late(1000);
    const options = { ...world.options, direct: true };
    const report = await propose(world.connected, async () => [saying('shop', '1.2.0')], options);
    expect(told(report)).toEqual(['staging/shop: committed']);
    expect(await world.ops.read(BRANCH, 'settings.yaml')).toBe('replicas: 3\n');
  });

  test('is rehearsed as it is', async () => {
    await late();
    const options = { ...world.options, dryRun: true };
    const report = await propose(world.connected, async () => [saying('shop', '1.2.0')], options);
    expect([told(report), messages(report), world.writes()]).toEqual([['staging/shop: updated'], [], []]);
  });
});

describe('commits that are made directly', () => {
  test('are one on top of the other, in order', async () => {
    const report = await propose(
      world.connected,
      async () => [saying('shop', '1.1.0'), saying('cart', '1.2.0'), saying('blog', '1.0.0')],
      { ...world.options, direct: true },
    );
    expect(told(report)).toEqual(['staging/shop: committed', 'staging/cart: committed', 'staging/blog: unchanged']);
    expect(await world.heads()).toEqual(['cart 1.2.0 -> staging', 'shop 1.1.0 -> staging', 'Initial commit']);
    const [newest, before] = await world.ops.log('main');
    expect(report.results.map(({ commit }) => commit)).toEqual([before?.sha, newest?.sha, '']);
    expect(report.results[0]).toMatchObject({
      ...{ number: null, url: `${world.stage.serverUrl}/acme/ops/commit/${before?.sha}`, reason: '' },
    });
    expect(world.writes()).toEqual(['CommitProposal', 'CommitProposal']);
  });

  test('are more than there are rounds for one', async () => {
    const wanted = ['shop', 'cart', 'blog'].flatMap((app) =>
      [1, 2, 3].map((number) => saying(app, `1.${number}.0`, { subject: `${app} 1.${number}.0` })),
    );
    const report = await propose(world.connected, async () => wanted, { ...world.options, direct: true });
    expect(report.results.map(({ action }) => action)).toEqual(wanted.map(() => 'committed'));
  });

  test('are planned again where the branch moved', async () => {
    justBefore(world.stage, 'CommitProposal', () => world.push('main', { [overlayPath('staging', 'cart')]: null }));
    const report = await propose(world.connected, async () => [saying('shop', '1.1.0'), saying('cart', '1.1.0')], {
      ...world.options,
      direct: true,
    });
    expect(told(report)).toEqual(['staging/shop: committed', 'staging/cart: skipped']);
    expect(await world.heads()).toEqual(['shop 1.1.0 -> staging', 'by hand', 'Initial commit']);
  });
});

describe('commits that are to be made directly where rules guard the branch', () => {
  const GATE: Ruleset = {
    ...{ target: 'branch', include: ['~DEFAULT_BRANCH'], bypass: ['ostack[bot]'] },
    rules: { requiredChecks: ['oStack / gate'] },
  };
  const direct = () =>
    propose(world.connected, async () => [saying('shop', '1.1.0', { labels: ['ostack'] })], {
      ...world.options,
      direct: true,
    });
  const urgent = {
    ...{ number: 1, action: 'created', mergesByItself: true },
    reason: 'rules guard main, so it comes by a pull request; merges by itself when its checks allow',
  };

  test('are an urgent pull request that merges by itself, and stay one', async () => {
    world.ops.protect('main', { requiredChecks: ['validate'] });
    expect((await direct()).results).toMatchObject([urgent]);
    expect(await world.pulls()).toMatchObject([{ number: 1, labels: ['ostack', 'urgent'], autoMerge: true }]);
    expect(world.writes()).toEqual(['CommitProposal', 'WriteProposals', 'FinishProposals']);
    expect((await direct()).results).toMatchObject([{ number: 1, action: 'unchanged', mergesByItself: true }]);
  });

  test('are not even tried where the gate is required, by whoever may get past it', async () => {
    world.ops.ruleset('gate', GATE);
    expect((await direct()).results).toMatchObject([urgent]);
    expect(world.writes()).toEqual(['WriteProposals', 'FinishProposals']);
    expect(await world.heads()).toEqual(['Initial commit']);
  });

  test.each<[string, Ruleset['rules'], string]>([
    ['the gate is required', { requiredChecks: ['oStack / gate'] }, 'created'],
    ['any check is required', { requiredChecks: ['validate'] }, 'created'],
    ['no rule keeps a commit away', { nonFastForward: true }, 'committed'],
  ])('are told by a dry run where %s', async (_what, rules, action) => {
    world.ops.ruleset('gate', { ...GATE, rules });
    const options = { ...world.options, direct: true, dryRun: true };
    const { results } = await propose(world.connected, async () => [saying('shop', '1.1.0')], options);
    expect(results).toMatchObject([{ action, rehearsed: true }]);
  });
});

describe('auto-merge of a pull request whose app is held by now', () => {
  const held: Proposal['plan'] = async () => ({ state: 'left', action: 'held', reason: 'it is held' });

  test.each([
    ['is turned off', 'held', false],
    ['stays on where the app is only not there', 'skipped', true],
  ] as const)('%s', async (_what, action, stays) => {
    world.ops.protect('main', { requiredChecks: ['validate'] });
    await world.opened(saying('shop', '1.1.0', { merges: true }));
    expect(await world.pulls()).toMatchObject([{ autoMerge: true }]);
    const plan: Proposal['plan'] = async () => ({ state: 'left', action, reason: 'as it is' });
    const report = await propose(world.connected, async () => [saying('shop', '1.1.0', { plan })], world.options);
    expect(told(report)).toEqual([`staging/shop: ${action}`]);
    expect(await world.pulls()).toMatchObject([{ state: 'open', autoMerge: stays }]);
  });

  test('stays on in a dry run', async () => {
    world.ops.protect('main', { requiredChecks: ['validate'] });
    await world.opened(saying('shop', '1.1.0', { merges: true }));
    const options = { ...world.options, dryRun: true };
    const report = await propose(world.connected, async () => [saying('shop', '1.1.0', { plan: held })], options);
    expect([told(report), world.writes()]).toEqual([['staging/shop: held'], []]);
    expect(await world.pulls()).toMatchObject([{ autoMerge: true }]);
  });
});
