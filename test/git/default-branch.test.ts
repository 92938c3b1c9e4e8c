import { describe, expect, test } from '@jest/globals';
import { readDefaultBranch } from '../../src/git/default-branch.js';
import { openFolder, tempRepository } from '../release/support/temp-repository.js';

describe('the default branch', () => {
  test('is what the event says', async () => {
    const payload = { repository: { default_branch: 'trunk' } };
    expect(await readDefaultBranch(openFolder('/'), { name: 'push', payload })).toBe('trunk');
  });

  test('is what the server says where the event does not', async () => {
    await using server = await tempRepository();
    await server.commit('one');
    const git = openFolder(server.folder, server.folder);
    expect(await readDefaultBranch(git, { name: 'schedule', payload: {} })).toBe('main');
  });

  test('is an error where nobody says it', async () => {
    await using server = await tempRepository();
    const git = openFolder(server.folder, '/nowhere/acme');
    await expect(readDefaultBranch(git, { name: 'schedule', payload: {} })).rejects.toThrow(
      /^Could not find the default branch of acme at file:\/\/\/nowhere\/acme: .* The token needs "contents: read"\.$/,
    );
  });
});
