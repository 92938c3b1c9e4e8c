import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';
import { DIGEST, type OpsStage, opsStage, stageEnv } from '../../actions/bump-ops-overlay/support.js';
import { record } from '../table.js';
import { EVERYTHING, LINES, ONE_LINE } from './values.js';
import { watched } from './watch.js';

const ACTIONS = join(import.meta.dirname, '..', '..', '..', 'actions');

const actionSchema = v.object({ inputs: v.record(v.string(), v.unknown()), runs: v.object({ using: v.string() }) });

/** Inputs that let an action come as far as it can, whatever one of them is replaced by. */
const GOOD: Record<string, string> = {
  ...{ app: 'my-app', apps: 'my-app', environment: 'staging', environments: 'staging', to: 'production', reason: 'x' },
  ...{ image: 'ghcr.io/acme/my-app', tag: '1.4.0', digest: DIGEST, intent: 'replicas', allowed: 'dev -> main' },
  ...{ releases: '[]', 'dry-run': 'true', 'ops-repository': 'acme/ops', 'poll-interval': '0s' },
};

/** What each action is given besides, or not. */
const OWN: Record<string, Record<string, string>> = {
  'bump-ops-overlay': { releases: '' },
  'build-push-image': { releases: '', image: '' },
};

const all = process.env.OSTACK_TORTURE === 'all';

/** Every text input of every action; `npm test` takes one of each action. */
const CASES = readdirSync(ACTIONS).flatMap((action, row) => {
  const { inputs, runs } = v.parse(actionSchema, parse(readFileSync(join(ACTIONS, action, 'action.yml'), 'utf8')));
  const names = Object.keys(inputs).filter((name) => !/token|password/.test(name));
  const texts = [EVERYTHING, row % 2 === 0 ? ONE_LINE : (LINES[row % LINES.length]?.value ?? '')];
  if (runs.using === 'composite') {
    return [];
  }
  return all
    ? names.flatMap((input) => texts.map((value) => ({ action, input, value })))
    : [{ action, input: names[row % names.length] ?? '', value: texts[row % texts.length] ?? '' }];
});

let world: OpsStage;
beforeAll(async () => {
  world = await opsStage();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function act(action: string, inputs: Record<string, string>, secrets: readonly string[]) {
  const { stage } = world;
  return watched({
    action,
    inputs: { ...GOOD, ...OWN[action], token: stage.token, 'github-token': stage.token, ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/ops', GITHUB_ACTOR: 'ada', GITHUB_EVENT_NAME: 'push' },
    secrets,
    servers: [stage.serverUrl],
    leaves: ['ostack-check-ops'],
  });
}

test.each(CASES)(
  '$action does nothing that it should not with a hostile "$input"',
  async ({ action, input, value }) => {
    const before = await world.ops.refs();
    const run = await act(action, { [input]: value }, [world.stage.token]);
    // Some inputs decide whether anything is written; what a text may not do is write something else.
    const moved = input === 'dry-run' ? [] : Object.keys(await world.ops.refs()).filter((ref) => !(ref in before));
    const violations = [...run.violations, ...moved.map((ref) => `a new ref: ${ref}`)];
    record({ scenario: `hostile input: ${action}`, tried: 1, survived: violations.length === 0 ? 1 : 0 });
    expect(violations).toEqual([]);
  },
);

test('what is watched for is seen', async () => {
  const run = await act('find-ops-repository', {}, [world.stage.token, 'The ops repository']);
  expect(run.violations).toEqual(['a secret in stdout']);
});
