import { describe, expect, test } from '@jest/globals';
import { findStage } from '../../../src/local/commands/stage-file.js';

describe('a stage that is named with --stage', () => {
  test('may be the line itself', async () => {
    const address = { serverUrl: 'http://127.0.0.1:1', token: 't' };
    expect(await findStage(JSON.stringify(address), {})).toEqual(address);
  });

  test.each([import.meta.dirname, '/no/such/file'])('says what is expected where %s is no file', async (given) => {
    await expect(findStage(given, {})).rejects.toThrow(
      `--stage is "${given}", which is no file that can be read. Expected the line that "npm run local" prints, or a file with it.`,
    );
  });
});
