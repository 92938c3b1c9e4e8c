import { describe, expect, test } from '@jest/globals';
import { PARTS } from '../../../src/materialize/manifests/remote-parts.js';
import { type Row, renderedWorld, Story, told } from './rendered-story.js';

const world = renderedWorld();

const ROWS: Row[] = [
  [
    'a chart runs since it is rendered, not since it is written',
    async (story) => {
      await story.source({ chart: '1.0.0', tag: '5.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '2.0.0', tag: '5.0.0' });
      world.later();
      await story.render('commit', undefined, 'by 2.0.0');
    },
    ['2: 5.0.0 (image 5.0.0, chart 2.0.0)', '0: 5.0.0 (image 5.0.0, chart 1.0.0)'],
  ],
  [
    'what is written and not rendered runs nowhere',
    async (story) => {
      await story.source({ chart: '1.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '2.0.0' });
      world.later();
    },
    ['0: 1.0.0 (chart 1.0.0)'],
  ],
  [
    'in a pull request it runs since that is merged',
    async (story) => {
      await story.source({ chart: '1.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '2.0.0' });
      const { pullRequest } = await story.render('pull-request', undefined, 'by 2.0.0');
      world.later();
      await story.merge(pullRequest?.number);
    },
    ['2: 2.0.0 (chart 2.0.0)', '0: 1.0.0 (chart 1.0.0)'],
  ],
  [
    'squashed, too, and of one that a newer commit took the place of',
    async (story) => {
      await story.source({ chart: '1.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '2.0.0' });
      await story.render('pull-request', undefined, 'by 2.0.0');
      world.later();
      await story.source({ chart: '3.0.0' });
      const { pullRequest } = await story.render('pull-request', undefined, 'by 3.0.0');
      world.later();
      await story.merge(pullRequest?.number, 'squash');
    },
    ['3: 3.0.0 (chart 3.0.0)', '0: 1.0.0 (chart 1.0.0)'],
  ],
  [
    'of two changes before one rendering the last one runs, and the other never did',
    async (story) => {
      await story.source({ chart: '1.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '2.0.0' });
      await story.source({ chart: '3.0.0' });
      await story.render('commit', undefined, 'by 3.0.0');
    },
    ['1: 3.0.0 (chart 3.0.0)', '0: 1.0.0 (chart 1.0.0)'],
  ],
  [
    'a chart that comes to the same manifests runs since it was rendered all the same',
    async (story) => {
      await story.source({ chart: '1.0.0', tag: '5.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '2.0.0', tag: '5.0.0' });
      world.later();
      await story.render();
    },
    ['2: 5.0.0 (image 5.0.0, chart 2.0.0)', '0: 5.0.0 (image 5.0.0, chart 1.0.0)'],
  ],
  [
    'manifests that change between leave a chart where it was',
    async (story) => {
      await story.source({ chart: '1.0.0', tag: '5.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '1.0.0', tag: '6.0.0' });
      await story.render();
      world.later();
      await story.render('commit', undefined, 'another text');
    },
    ['1: 6.0.0 (image 6.0.0, chart 1.0.0)', '0: 5.0.0 (image 5.0.0, chart 1.0.0)'],
  ],
  [
    'a rollback of the source takes it back when that is rendered',
    async (story) => {
      await story.source({ chart: '1.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '2.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '1.0.0' });
      world.later();
      await story.render();
    },
    ['3: 1.0.0 (chart 1.0.0)', '1: 2.0.0 (chart 2.0.0)', '0: 1.0.0 (chart 1.0.0)'],
  ],
  [
    'a chart that a manifest says runs as that says it',
    async (story) => {
      story.manifest =
        'kind: HelmRelease\nmetadata: { name: web }\nspec: { chart: { spec: { chart: web, version: 0.9.0 } } }\n';
      await story.source({ chart: '1.0.0', tag: '5.0.0' });
      await story.render();
    },
    ['0: 5.0.0 (chart 0.9.0, image 5.0.0)'],
  ],
  [
    'a remote base counts likewise',
    async (story) => {
      await story.source({ base: 'v1.0.0' });
      await story.render();
      world.later();
      await story.source({ base: 'v1.1.0' });
      world.later();
      await story.render();
    },
    ['2: 1.1.0 (v1.1.0)', '0: 1.0.0 (v1.0.0)'],
  ],
  [
    'a chart that is gone for a while ran in two stretches',
    async (story) => {
      await story.source({ chart: '1.0.0' });
      await story.render();
      world.later();
      await story.source({});
      await story.render();
      world.later();
      await story.source({ chart: '1.0.0' });
      await story.render();
    },
    ['2: 1.0.0 (chart 1.0.0)', '1: nothing ()', '0: 1.0.0 (chart 1.0.0)'],
  ],
  [
    'environments that share a branch have a folder each',
    async (story) => {
      story.policy = 'environments:\n  stage: { branch: env }\n  prod: { branch: env, after: stage }\n';
      story.branch = 'env';
      story.folder = 'stage';
      await story.source({ chart: '1.0.0' });
      await story.render();
      const forged = JSON.stringify({ source: `acme/ops@${await story.source({ chart: '2.0.0' })}`, parts: ['x'] });
      await world.main.commit('env', { [PARTS]: forged, [`prod/${PARTS}`]: forged }, 'of others');
    },
    ['0: 1.0.0 (chart 1.0.0)'],
  ],
  [
    'another repository is read where it is',
    async (story) => {
      story.policy = 'environments:\n  stage: { repository: acme/manifests }\n  prod: { after: stage }\n';
      story.live = world.other;
      story.branch = 'main';
      await story.source({ chart: '1.0.0' });
      await story.render();
      world.later();
      await story.source({ chart: '2.0.0' });
      world.later();
      await story.render();
    },
    ['2: 2.0.0 (chart 2.0.0)', '0: 1.0.0 (chart 1.0.0)'],
  ],
  [
    'a branch without remote parts has its images alone, and says of others what to do',
    async (story) => {
      await story.source({ tag: '5.0.0' });
      await story.render();
    },
    [
      '0: 5.0.0 (image 5.0.0)',
      `Nobody can tell which charts and remote bases stage runs (there is no ${PARTS}): run Materialize with the gate's App, and with \`force: true\` where it has run already.`,
    ],
  ],
  [
    'what is rendered from another repository is of none that anybody knows here',
    async (story) => {
      story.from = world.other;
      await story.source({ chart: '1.0.0' });
      await story.render();
    },
    [
      expect.stringMatching(
        /^Nobody can tell which charts and remote bases stage runs \(it is rendered from acme\/manifests@[0-9a-f]{40}\): run Materialize with the gate's App/,
      ),
    ],
  ],
];

describe('what an environment ran whose branch is rendered', () => {
  test.each<Row>(ROWS)('%s, to the gate and to verbs', async (_what, tell, expected) => {
    const story = new Story(world);
    await tell(story);
    const [gate, verb] = [await story.gate(), await story.verb()];
    expect([told(gate), told(verb)]).toEqual([expected, expected]);
  });
});
