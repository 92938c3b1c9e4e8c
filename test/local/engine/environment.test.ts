import { describe, expect, test } from '@jest/globals';
import { engineEnvironment, standInEnvironment } from '../../../src/local/engine/environment.js';

describe('the engine that a stage uses', () => {
  test('is the stand-in, announced, on a machine without any', async () => {
    const chosen = await engineEnvironment({ PATH: '' });
    expect(chosen).toEqual(await standInEnvironment());
    expect(chosen.announced).toBe('No build engine here: a stand-in makes one-layer images of the build contexts.');
  });

  test('can be decided', async () => {
    expect(await engineEnvironment({ PATH: '', OSTACK_ENGINE: 'real' })).toEqual({ path: [], env: {} });
    expect(await engineEnvironment({ OSTACK_ENGINE: 'stand-in' })).toEqual(await standInEnvironment());
  });
});
