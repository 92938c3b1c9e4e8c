import { describe, expect, test } from '@jest/globals';
import { ruledEnvironments, touchedEnvironments } from '../../../src/ops/judgement/touched.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';

const ENVIRONMENTS = ['staging', 'production'];
const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, approvers: [grace] }\n';

test('a folder of a cluster that has an environment’s name is the environment’s', () => {
  const paths = ['clusters/production/shop.yaml', 'bases/shop/staging.yaml', 'production.yaml'];
  expect([...touchedEnvironments(paths, [], ENVIRONMENTS, { templates: [] })]).toEqual(['production']);
});

describe('the rules of an environment', () => {
  test.each<[string, string | undefined, string[]]>([
    ['stay as they are', `${POLICY}previews: { host: staging, limit: 3 }\n`, []],
    ['lose their approvers', POLICY.replace(', approvers: [grace]', ''), ['production']],
    ['go with the environment', 'environments:\n  staging: {}\n', ['production']],
    ['go with the file', undefined, ['production']],
    ['are about other overlays', `${POLICY}overlay: apps/{app}/{environment}\n`, ENVIRONMENTS],
    ['cannot be read', 'environments: [', ENVIRONMENTS],
  ])('%s', (_, text, expected) => {
    expect([...ruledEnvironments(readPolicy(POLICY), text, ENVIRONMENTS)]).toEqual(expected);
  });
});
