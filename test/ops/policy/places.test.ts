import { describe, expect, test } from '@jest/globals';
import { liveApart, livesAt, placeKey, placeName, placeOf } from '../../../src/ops/policy/places.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';

const policy = (environments: string, more = '') => readPolicy(`environments:\n${environments}\n${more}`);
const named = (text: string, name: string) => policy(text).environments.find((each) => each.name === name);

describe('where an environment lives', () => {
  test.each<[what: string, environment: string, app: string, place: string]>([
    ['by default with the policy', '{}', 'shop', 'the default branch'],
    ['on a branch', '{ branch: env/prod }', 'shop', 'the branch env/prod'],
    ['in a repository', '{ repository: acme/prod }', 'shop', 'the default branch of acme/prod'],
    ['on a branch of it', '{ branch: prod, repository: acme/prod }', '', 'the branch prod of acme/prod'],
    ['in that of each app', '{ branch: prod, repository: "acme/{app}-x" }', 'shop', 'the branch prod of acme/shop-x'],
  ])('%s', (_what, text, app, place) => {
    expect(placeName(placeOf(named(`  prod: ${text}`, 'prod'), app))).toBe(place);
  });

  test('is with the policy for one that it does not name', () => {
    expect(placeKey(placeOf(undefined, 'shop'))).toBe(placeKey({}));
  });

  test('is not told of all apps where each has a repository of its own', () => {
    const prod = named('  prod: { repository: "acme/{app}" }', 'prod');
    expect(() => placeOf(prod, '')).toThrow(
      'Every app of prod has a repository of its own (acme/{app} in ostack.yaml), and none is named',
    );
    expect(prod !== undefined && livesAt(prod, placeOf(prod, 'shop'))).toBe(true);
    expect(prod !== undefined && livesAt(prod, { repository: 'acme/other', branch: 'x' })).toBe(false);
  });

  test.each<[what: string, environments: string, apart: boolean]>([
    ['none away', '  dev: {}\n  prod: {}', false],
    ['one away', '  dev: {}\n  prod: { branch: prod }', true],
    ['two on one branch', '  dev: { branch: x }\n  prod: { branch: x }', false],
    ['two with the policy, one away', '  dev: {}\n  stage: {}\n  prod: { branch: prod }', false],
  ])('tells environments apart, or not: %s', (_what, environments, apart) => {
    expect(liveApart(policy(environments).environments)).toBe(apart);
    const read = () => policy(environments, 'overlays: ["apps/{app}"]\n').overlays;
    if (apart) {
      expect(read()).toEqual(['apps/{app}']);
    } else {
      expect(read).toThrow('expected {environment} once');
    }
  });

  test.each<[what: string, environments: string, more: string, error: string]>([
    [
      'a branch of ours',
      '  prod: { branch: ostack/prod/shop }',
      '',
      'ostack.yaml:2:19: environments.prod.branch: ostack/prod/shop is called as',
    ],
    ['another of ours', '  prod: { branch: ostack-promote/prod }', '', 'is called as branches of our actions are'],
    ['a name that git takes for something else', '  prod: { branch: "-prod" }', '', 'expected the name of a branch'],
    ['a repository without an owner', '  prod: { repository: ops }', '', 'expected a repository as owner/name'],
    ['a host of previews', '  dev: { branch: dev }', 'previews: { host: dev }\n', 'dev is the host of previews'],
    [
      'the branch of previews',
      '  dev: { branch: x/previews }',
      'previews: { host: dev, branch: x/previews }\n',
      'dev is the host of previews',
    ],
    [
      'the branch of previews, of another host',
      '  dev: {}\n  prod: { branch: x/previews }',
      'previews: { host: dev, branch: x/previews }\n',
      'x/previews is the branch of previews',
    ],
    [
      'previews where no path names an environment',
      '  dev: {}\n  prod: { branch: prod }',
      'overlays: ["apps/{app}"]\npreviews: { host: dev }\n',
      'a preview is made beside its host, and "apps/{app}" in "overlays" names no environment',
    ],
    ['a merge from nowhere', '  prod: { branch: prod, promotion: merge }', '', 'expected one environment in "after"'],
    [
      'a merge of the default branch',
      '  dev: {}\n  prod: { branch: prod, after: dev, promotion: merge }',
      '',
      'expected one environment in "after"',
    ],
    [
      'a merge from another repository',
      '  dev: { branch: dev, repository: acme/dev }\n  prod: { branch: prod, after: dev, promotion: merge }',
      '',
      'expected one environment in "after"',
    ],
  ])('is refused: %s', (_what, environments, more, error) => {
    expect(() => policy(environments, more)).toThrow(error);
  });

  test('may be merged from the branch of the environment before it', () => {
    const text = '  dev: { branch: dev }\n  stage: { branch: stage, after: dev, promotion: merge }';
    expect(named(text, 'stage')).toMatchObject({ promotion: 'merge', after: ['dev'] });
  });
});
