import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connect } from '../../../../../src/github/client.js';
import { isGuarded } from '../../../../../src/ops/verbs/previews/ask/level.js';
import type { PreviewRunResult } from '../../../../../src/ops/verbs/previews/run/preview-run.js';
import { runPreviews } from '../../../../../src/ops/verbs/previews/run/run-previews.js';
import type { TestPull } from '../../../../actions/create-preview-env/support.js';
import { imageOf, type ServedStage, servedStage } from '../../../../actions/serve-previews/support.js';

const RULESET = 'oStack previews';
const REPOSITORY = { owner: 'acme', name: 'ops' };

let world: ServedStage;
let pull: TestPull;
let restore: () => Promise<void>;
beforeAll(async () => {
  world = await servedStage();
  pull = await world.openPull('change');
  restore = await world.stage.github.checkpoint();
});
beforeEach(() => restore());
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const github = (token: string) => connect({ token, apiUrl: world.stage.apiUrl, graphqlUrl: world.stage.graphqlUrl });

/** A run of the apps repository that asks, for which nobody in ops is there. */
async function ask(): Promise<PreviewRunResult> {
  const { stage, proposer } = world;
  const { number, head } = pull;
  const { app, ...image } = imageOf(pull);
  const subject = { pullRequest: number };
  const requested = { repository: 'acme/apps', subject, head, apps: [{ app, images: [image] }] };
  return runPreviews({
    ...{ ops: { github: github(proposer), repository: REPOSITORY }, apps: () => undefined },
    request: async () => ({ pullRequests: [], requested }),
    message: () => ({ headline: 'previews', body: '' }),
    ask: { request: { repository: 'acme/apps', run: 7, pull_request: number }, timeoutMs: -1, pollMs: 0 },
    ...{ dryRun: false, serverUrl: stage.serverUrl, runUrl: '', wait: undefined },
    own: { name: 'pr-1', repository: 'acme/apps', pullRequest: number, head },
  });
}

test.each([
  ['the ruleset of setup', { update: true, creation: true }, [], true],
  ['one that keeps people from moving it', { update: true }, [], true],
  ['one that keeps people from deleting it', { deletion: true, nonFastForward: true }, [], false],
  ['one of another branch', { update: true }, ['refs/heads/ostack/previews'], false],
])('whether ops alone writes the branch is told by its rules: %s', async (_what, rules, exclude, expected) => {
  world.ops.ruleset(RULESET, { target: 'branch', include: ['refs/heads/ostack/*'], exclude, rules });
  expect(await isGuarded({ github: github(world.proposer), repository: REPOSITORY }, 'ostack/previews')).toBe(expected);
});

test('nothing is guarded where no ruleset is, and where the plan has none', async () => {
  await world.stage.github.createRepository('acme/free', undefined, { private: true, plan: 'free' });
  world.ops.ruleset(RULESET, undefined);
  const found = ['ops', 'free'].map((name) =>
    isGuarded({ github: github(world.stage.token), repository: { owner: 'acme', name } }, 'ostack/previews'),
  );
  expect(await Promise.all(found)).toEqual([false, false]);
});

test('what ops has not written has failed, and is told as what is there', async () => {
  const { previews, asked } = await ask();
  expect(asked).toMatchObject({ tookMs: undefined });
  expect(previews).toMatchObject([{ decision: { name: 'pr-1', action: 'failed', state: 'gone' } }]);
  expect(world.stage.github.requests.filter(({ path }) => path.endsWith('/dispatches'))).toHaveLength(1);
});
