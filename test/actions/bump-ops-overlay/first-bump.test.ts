import { expect, test } from '@jest/globals';
import { noDelays } from '../../../src/local/stage.js';
import { normalise, opsStage, requestLines, summaryOf } from './support.js';

test('opens one pull request per environment, merges staging by itself, in five requests', async () => {
  await using world = await opsStage(undefined, undefined, { delays: noDelays });
  const run = await world.bump();
  expect(run.exitCode).toBe(0);
  expect(summaryOf(run)).toEqual(['staging: merged #1', 'production: created #2']);
  expect(requestLines(run).sort()).toEqual([
    'FinishProposals 200',
    'OpenOps 200',
    'ReadOps 200',
    'ReadReleases 200',
    'WriteProposals 200',
  ]);
  const bodies = run.requests.filter(({ operation }) => operation !== 'ReadReleases').map((each) => each.requestBody);
  expect(normalise(JSON.stringify(bodies, null, 2).replaceAll('\\n', '\n'), world.stage)).toMatchSnapshot('requests');
  const [staging, production] = await world.pulls();
  expect(staging).toMatchObject({ state: 'MERGED', title: 'my-app 1.4.0 -> staging', labels: ['ostack'] });
  expect(production).toMatchObject({ state: 'OPEN', title: 'my-app 1.4.0 -> production', labels: ['ostack'] });
  expect(normalise(production?.body ?? '', world.stage)).toMatchSnapshot('body');
  expect(normalise(run.stdout, world.stage)).toMatchSnapshot('log');
  expect(normalise(run.summary, world.stage)).toMatchSnapshot('summary');
  expect(normalise(JSON.stringify(run.outputs, null, 2), world.stage)).toMatchSnapshot('outputs');
});

test('changes the version alone, byte for byte, and writes the ledger into the commit', async () => {
  await using world = await opsStage();
  await world.bump();
  const path = 'overlays/production/my-app/kustomization.yaml';
  expect(normalise((await world.ops.read('ostack/production/my-app', path)) ?? '', world.stage)).toMatchSnapshot(
    'file',
  );
  const [head] = await world.ops.log('ostack/production/my-app');
  expect(normalise(head?.message ?? '', world.stage)).toMatchSnapshot('commit');
  const [merged] = await world.ops.log('main');
  expect(normalise(merged?.message ?? '', world.stage)).toMatchSnapshot('squashed commit');
});

test('does nothing the second time, with reads only', async () => {
  await using world = await opsStage();
  await world.bump();
  const before = await world.ops.refs();
  const run = await world.bump();
  expect(summaryOf(run)).toEqual(['staging: unchanged, 1.4.0 is already in staging', 'production: unchanged #2']);
  expect(requestLines(run).sort()).toEqual(['OpenOps 200', 'ReadOps 200', 'ReadReleases 200']);
  expect(await world.ops.refs()).toEqual(before);
});
