import { expect, test } from '@jest/globals';
import { fixtureFiles } from '../../support/fixture-files.js';
import { mergeAsPerson, opsStage, promote } from './support.js';

const fleet = fixtureFiles('ops-groups');
const at = (environment: string, path: string) => `apps/overlays/${environment}/${path}`;

test('in the layout of groups one region after the other gets the files of its own staging', async () => {
  await using world = await opsStage(fleet);
  const soaking = await promote(world, { apps: 'billing', to: 'production-eu' });
  expect(soaking.error).toMatch(/^billing 0\.7\.0 is in staging-eu since TIME; production-eu takes it after 2h, /);

  const urgent = { apps: 'billing', force: 'true', reason: 'invoices are wrong', merge: 'true' };
  const eu = await promote(world, { ...urgent, to: 'production-eu' });
  expect(eu.error).toBe('');
  expect(eu.promotions).toMatchObject([{ from: 'staging-eu', app: 'billing', previous: '0.6.1', version: '0.7.0' }]);
  // Nobody has approved it, so it waits although its merge is asked for.
  const waits =
    /^> \*\*Not yet:\*\* billing 0\.7\.0 is in .* on\. 0 of 1 approval: waits for acme\S*operations\. It says that it is forced: /m;
  expect((await world.pulls())[0]).toMatchObject({ state: 'OPEN', body: expect.stringMatching(waits) });
  await mergeAsPerson(world, 1);
  const read = (path: string) => world.ops.read('main', path);
  expect(await read(at('production-eu', 'billing/version.yaml'))).toBe(fleet[at('staging-eu', 'billing/version.yaml')]);
  expect(await read(at('production-eu', 'billing/settings.yaml'))).toBe(
    fleet[at('staging-eu', 'billing/settings.yaml')],
  );
  expect(await read(at('production-eu', 'billing/_replicas.yaml'))).toBe(
    fleet[at('production-eu', 'billing/_replicas.yaml')],
  );
  expect(await read(at('production-us', 'billing/version.yaml'))).toBe(
    fleet[at('production-us', 'billing/version.yaml')],
  );
  const [commit] = await world.ops.log('main');
  expect(commit?.message).toMatch(/Ostack-Reason: invoices are wrong/);
  expect(commit?.message).toMatch(/Ostack-Forced-By: ada/);

  const us = await promote(world, { ...urgent, to: 'production-us' });
  expect(us.promotions).toMatchObject([{ from: 'staging-us', version: '0.7.0' }]);
  await mergeAsPerson(world, 2);
  const again = await promote(world, { ...urgent, to: 'production-eu, production-us' });
  expect(again.promotions).toMatchObject([{ state: 'there' }, { state: 'there' }]);
  expect(await world.pulls()).toMatchObject([{ state: 'MERGED' }, { state: 'MERGED' }]);
});
