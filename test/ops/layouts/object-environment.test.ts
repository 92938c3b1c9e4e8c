import { describe, expect, test } from '@jest/globals';
import { environmentOf } from '../../../src/ops/layouts/object-environment.js';

/** The file of an object, what it deploys, its name and other words; the environment, and where the policy names some. */
const OBJECTS: [string, string, string, string[], string | undefined, string | undefined][] = [
  ['clusters/production/apps.yaml', 'apps/production', 'apps', [], 'production', 'production'],
  ['clusters/production/apps.yaml', 'deploy/prod-eu', 'apps', [], 'production', 'production'],
  ['clusters/production/apps.yaml', 'deploy/blue', 'apps', [], 'production', 'production'],
  ['clusters/prod/apps.yaml', 'apps/production', 'apps', [], 'prod', 'production'],
  ['clusters/prod-eu-1/apps.yaml', 'apps/production', 'apps', [], 'production', 'production'],
  ['clusters/production/eu-1/apps.yaml', 'apps/production', 'apps', [], 'production', 'production'],
  ['clusters/eu-1/production/apps.yaml', 'apps', 'apps', [], 'production', 'production'],
  ['clusters/home/apps.yaml', 'apps', 'apps', [], 'home', undefined],
  ['clusters/base/apps.yaml', 'apps', 'apps', [], undefined, undefined],
  ['argocd/web-production.yaml', 'services/web', 'web-production', [], 'production', 'production'],
  ['argocd/web.yaml', 'services/web/prod', 'web', [], 'prod', undefined],
  ['argocd/web.yaml', 'services/web/prod', 'web-production', [], 'prod', 'production'],
  ['argocd/web.yaml', 'services/web/prod-eu', 'web-production', [], 'production', 'production'],
  ['argocd/web.yaml', 'services/web', 'web', ['in-cluster', 'production'], 'production', 'production'],
  ['argocd/production/web.yaml', 'services/web', 'web', [], 'production', 'production'],
  ['argocd/api.yaml', 'apps/api/production', 'test-api', [], 'production', 'production'],
  ['argocd/web.yaml', 'services/web', 'web', [], undefined, undefined],
  ['argocd/web.yaml', 'services/web', 'production-web', [], 'production', 'production'],
  ['apps/prod/web.yaml', '', 'web', [], 'prod', undefined],
];

describe.each(OBJECTS)('%s, which deploys "%s" as %s %j', (file, path, name, words, environment, declared) => {
  test(`is of ${environment ?? 'no environment'}`, () => {
    expect(environmentOf({ file, path, name, words }, undefined, undefined)).toBe(environment);
  });

  test(`is of ${declared ?? 'none'} of those that the policy names`, () => {
    expect(environmentOf({ file, path, name, words }, ['staging', 'production'], undefined)).toBe(declared);
  });
});

test('the only environment that the policy names has what nothing else tells', () => {
  const clues = { file: 'argocd/web.yaml', path: 'services/web', name: 'web', words: [] };
  expect(environmentOf(clues, ['live-1'], undefined)).toBe('live-1');
});

test('a cluster of another name than environments have goes by the shape of the tree', () => {
  const clues = { file: 'clusters/alpha/apps.yaml', path: 'apps/production', name: 'apps', words: [] };
  expect(environmentOf(clues, undefined, 'production')).toBe('production');
  expect(environmentOf(clues, undefined, undefined)).toBe('alpha');
});
