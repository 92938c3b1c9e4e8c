import { describe, expect, test } from '@jest/globals';
import { errorsOf, fleetStage } from '../actions/single-proposals/support.js';

describe('the fleet', () => {
  test('lifts what all its environments share, once, and says that nothing is deployed by it', async () => {
    await using world = await fleetStage();
    const env = { PATH: process.env.PATH ?? '' };
    const first = await world.run('lift', { app: 'tracking', merge: 'true' }, env);
    // Production wants an approval of what changes its base.
    expect([errorsOf(first), first.outputs.action, first.outputs.number]).toEqual(['', 'created', '1']);
    await world.mergeAsPerson(1);
    expect(await world.fleet.read('main', 'apps/base/tracking/shutdown.yaml')).toContain('90');
    expect(await world.fleet.read('main', 'apps/overlays/test/tracking/shutdown.yaml')).toBeUndefined();
    const second = await world.run('lift', { app: 'tracking', patch: 'shutdown' }, env);
    expect([errorsOf(second), second.outputs.action]).toEqual(['', 'unchanged']);
    const refused = await world.run('lift', { app: 'billing', patch: 'settings' }, env);
    expect(errorsOf(refused)).toBe(
      'The patch "settings" of billing stays in its environments: it is not in production-eu, production-us.',
    );
  });
});
