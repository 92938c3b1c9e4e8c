import { describe, expect, test } from '@jest/globals';
import { PARTS } from '../../../src/materialize/manifests/remote-parts.js';
import type { Target } from '../../../src/ops/carriers/carrier.js';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import { deployedSince } from '../../../src/ops/ledger/ledger.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { type HeldOnce, orderRefusal } from '../../../src/ops/policy/rules.js';
import { APP, BEGIN, type Row, renderedWorld, Story, told } from './rendered-story.js';

const world = renderedWorld();

/** Stage runs chart 1.0.0, and 2.0.0 is written. */
async function written(story: Story): Promise<{ source: string }> {
  await story.source({ chart: '1.0.0' });
  await story.render();
  world.later();
  return { source: `acme/ops@${await story.source({ chart: '2.0.0' })}` };
}

const claim = (source: string) => ({ [PARTS]: `${JSON.stringify({ source, parts: ['web 2.0.0'] })}\n` });
const untold = (why: string) => [
  expect.stringMatching(
    new RegExp(
      `^Nobody can tell which charts and remote bases stage runs \\(${why}\\): run Materialize with the gate's App, and with \`force: true\``,
    ),
  ),
];

describe('to the gate counts what the ops App rendered, and not', () => {
  test.each<Row>([
    [
      'what somebody pushes, whatever it claims',
      async (story) => {
        const { source } = await written(story);
        await world.main.commit('env/stage', claim(source), `materialize\n\nOstack-Source: ${source}`);
      },
      untold('[0-9a-f]{7} was pushed by octocat, and not by ostack-local'),
    ],
    [
      'what somebody pushes under the name of the App',
      async (story) => {
        const { source } = await written(story);
        const author = { name: 'ostack-local[bot]', email: '1+ostack-local[bot]@users.noreply.github.com' };
        await world.main.commit('env/stage', claim(source), 'materialize', author);
      },
      untold('[0-9a-f]{7} was pushed by octocat, and not by ostack-local'),
    ],
    [
      'what the token of a workflow pushes',
      async (story) => {
        await story.source({ chart: '1.0.0' });
        await story.render('commit', world.stage.github.issueToken({ actor: 'github-actions[bot]' }));
      },
      untold('[0-9a-f]{7} was pushed by github-actions\\[bot\\], and not by ostack-local'),
    ],
    [
      'what somebody proposes, from a branch of its name',
      async (story) => {
        await written(story);
        const { pullRequest } = await story.render('pull-request', world.stage.token, 'by 2.0.0');
        world.later();
        await story.merge(pullRequest?.number);
      },
      untold('#1 is not of ostack-local alone'),
    ],
    [
      'what the App proposes and somebody pushes to',
      async (story) => {
        const { source } = await written(story);
        const { pullRequest } = await story.render('pull-request', undefined, 'by 2.0.0');
        await world.main.commit('ostack/materialize/env/stage', claim(source), 'more');
        world.later();
        await story.merge(pullRequest?.number, 'squash');
      },
      untold('#1 is not of ostack-local alone'),
    ],
    [
      'what is none of ours',
      async (story) => {
        await written(story);
        await world.main.commit('env/stage', { [PARTS]: '{}\n' }, 'by hand');
      },
      untold(`${PARTS} is none of materialize`),
    ],
    [
      'what somebody pushed before the App put it right, and the time in which it was there',
      async (story) => {
        const { source } = await written(story);
        await world.main.commit('env/stage', claim(source), 'by hand');
        world.later();
        await story.render('commit', undefined, 'by 2.0.0');
      },
      ['2: 2.0.0 (chart 2.0.0)', '1: nothing (), untold', '0: 1.0.0 (chart 1.0.0)'],
    ],
  ])('%s', async (_what, tell, expected) => {
    const story = new Story(world);
    await tell(story);
    expect(told(await story.gate())).toEqual(expected);
  });

  test('where nobody knows the App, what is on the branch counts', async () => {
    const story = new Story(world);
    const { source } = await written(story);
    await world.main.commit('env/stage', claim(source), 'by hand');
    expect(told(await story.verb())).toEqual(['1: 2.0.0 (chart 2.0.0)', '0: 1.0.0 (chart 1.0.0)']);
  });

  test('of a time before, what came later changes nothing', async () => {
    const story = new Story(world);
    const { source } = await written(story);
    const before = world.time;
    world.later();
    await world.main.commit('env/stage', claim(source), 'by hand');
    expect(told(await story.gate(APP, before, true))).toEqual(['0: 1.0.0 (chart 1.0.0)']);
  });
});

const prod = (soak = '0s') => {
  const { environments } = readPolicy(`environments:\n  stage: {}\n  prod: { after: stage, soak: ${soak} }\n`);
  const [, found] = environments;
  return found ?? Promise.reject(new Error('no prod'));
};
const chart = (version: string): Target => ({
  kind: 'chart',
  name: 'web',
  repository: 'https://charts.acme.dev',
  version,
  release: 'web',
});

/** Why prod does not take a chart with an image that stage has. */
async function refusal(held: HeldOnce, version: string, soak?: string): Promise<string> {
  const wanted = { app: 'web', version, targets: [imageTarget('ghcr.io/acme/web', '5.0.0'), chart(version)] };
  return orderRefusal(await prod(soak), wanted, new Map([['stage', held]]), world.time)?.fact ?? 'taken';
}

test('an environment takes a chart once it is rendered in the one before, and for as long as the soak time asks', async () => {
  const story = new Story(world);
  await story.source({ chart: '1.0.0', tag: '5.0.0' });
  await story.render();
  world.later(5);
  await story.source({ chart: '2.0.0', tag: '5.0.0' });
  world.later(5);
  expect(await refusal(await story.gate(), '2.0.0')).toBe(
    'prod takes web 2.0.0 only once it is in stage, which runs 5.0.0.',
  );
  expect(await refusal(await story.gate(), '1.0.0', '9h')).toBe('taken');
  await story.render();
  world.later();
  expect(await refusal(await story.gate(), '2.0.0', '2h')).toMatch(
    /^web 2\.0\.0 is in stage since 2026-11-20T10:00:00Z; prod takes/,
  );
  world.later();
  expect(await refusal(await story.gate(), '2.0.0', '2h')).toBe('taken');
  expect(deployedSince(await story.verb(), '5.0.0')).toEqual(BEGIN);
  // The image alone says nothing of the chart beside it.
  await world.main.commit('env/stage', { [PARTS]: '{}\n' }, 'by hand');
  expect(await refusal(await story.gate(), '2.0.0')).toMatch(
    /which runs 5\.0\.0 and was taken back from it\.|which runs 5\.0\.0\. Nobody can tell which charts and remote bases stage runs/,
  );
  story.force = true;
  world.later();
  await story.render();
  expect(await refusal(await story.gate(), '2.0.0')).toBe('taken');
  expect(await refusal(await story.gate(), '2.0.0', '3h')).toMatch(
    /^web 2\.0\.0 is in stage since 2026-11-20T13:00:00Z/,
  );
});
