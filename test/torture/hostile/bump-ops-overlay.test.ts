import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OpsStage, opsStage } from '../../actions/bump-ops-overlay/support.js';

/** Where a command that got through would leave a trace. */
const CANARY = join(tmpdir(), `ostack-hostile-${process.pid}`);

const HOSTILE: [string, string][] = [
  ['a command', `$(touch ${CANARY})`],
  ['a command in backticks', `\`touch ${CANARY}\``],
  ['a second command', `x; touch ${CANARY} #`],
  ['a workflow command', 'x\n::set-output name=pull-requests::stolen\n::add-path::/evil'],
  ['a delimiter of GITHUB_OUTPUT', 'x\nghadelimiter_x\nevil<<E\nyes\nE'],
  ['Markdown and HTML', '@acme/admins [here](https://evil.example) <img src=x onerror=alert(1)>'],
  ['a way out', '../../../.github/workflows/evil'],
  ['a lone surrogate', 'x\ud800y'],
  ['a null byte', 'x%00y'],
  ['a flag', '--upload-pack=evil'],
];

let world: OpsStage;
beforeAll(async () => {
  world = await opsStage();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test.each(
  HOSTILE.flatMap(([what, value]) => ['app', 'tag', 'image', 'environments'].map((input) => ({ what, value, input }))),
)('$what as $input changes nothing, runs nothing and injects nothing', async ({ value, input }) => {
  const before = await world.ops.refs();
  const run = await world.bump({ [input]: value });
  expect(run.exitCode).toBe(1);
  expect(await world.ops.refs()).toEqual(before);
  expect(await world.pulls()).toEqual([]);
  expect(existsSync(CANARY)).toBe(false);
  expect(Object.keys(run.outputs)).not.toContain('evil');
  expect(run.stdout).not.toMatch(/^::(set-output|add-path)/m);
  expect(run.stdout.replaceAll(`::add-mask::${world.stage.token}`, '')).not.toContain(world.stage.token);
  expect(run.summary).not.toContain(world.stage.token);
  expect(run.summary).not.toMatch(/<img|(^|[^`\\])@acme\/admins/);
});
