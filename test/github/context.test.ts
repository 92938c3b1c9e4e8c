import { describe, expect, test } from '@jest/globals';
import { parseRepository, readContext } from '../../src/github/context.js';

const env = {
  GITHUB_REPOSITORY: 'acme/apps',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SERVER_URL: 'https://github.example/',
  GITHUB_API_URL: 'https://github.example/api/v3',
  GITHUB_GRAPHQL_URL: 'https://github.example/api/graphql',
  GITHUB_RUN_ID: '42',
  GITHUB_ACTOR: 'ada',
};

describe('readContext', () => {
  test('gives the page of the run', () => {
    expect(readContext(env).runUrl).toBe('https://github.example/acme/apps/actions/runs/42');
  });

  test.each([
    ['GITHUB_REPOSITORY', 'apps', 'GITHUB_REPOSITORY is "apps": expected owner/name.'],
    ['GITHUB_SHA', 'main', 'GITHUB_SHA is "main": expected a full commit id.'],
  ])('names a malformed %s', (name, value, message) => {
    expect(() => readContext({ ...env, [name]: value })).toThrow(message);
  });

  test('names a missing variable', () => {
    expect(() => readContext({ ...env, GITHUB_API_URL: undefined })).toThrow(
      'GITHUB_API_URL is not set. GitHub Actions sets it; set it yourself when you run an action by hand.',
    );
  });
});

describe('parseRepository', () => {
  test('splits owner and name', () => {
    expect(parseRepository('octo_acme/my.ops-1', 'Input')).toEqual({ owner: 'octo_acme', name: 'my.ops-1' });
  });

  test.each(['ops', 'a/b/c', '/ops', 'acme/', 'acme/o ps', 'acme/../x', 'acme/..', ''])('refuses "%s"', (text) => {
    expect(() => parseRepository(text, 'Input "ops-repository"')).toThrow('expected owner/name');
  });
});
