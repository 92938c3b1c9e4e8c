import { expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../../src/infra/config/infra-config.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { rootProblem } from '../../../../src/ops/verbs/hold/known-root.js';

const NAMED =
  'roots: { net: {}, cluster: { environment: production } }\nenvironments: { staging: {}, production: {} }\n';
const TREE = { 'deep/in/main.tf': '', 'tofu/a.tofu': '', 'docs/a.md': '', 'main.tf.json': '{}' };

test.each<[string, string, string, string, string | undefined]>([
  ['a root', NAMED, '*', 'net', undefined],
  ['a root in its environment', NAMED, 'production', 'cluster', undefined],
  ['a root of all environments in one', NAMED, 'staging', 'net', undefined],
  ['an environment', NAMED, 'staging', '*', undefined],
  ['everything', NAMED, '*', '*', undefined],
  [
    'no root in another environment',
    NAMED,
    'staging',
    'cluster',
    'The root "cluster" is in production, and not in staging.',
  ],
  [
    'no unknown root',
    NAMED,
    '*',
    'nett',
    'There is no root "nett". Did you mean "net"? Known: net, cluster; "*" is for all of them.',
  ],
  [
    'no folder beside named roots',
    NAMED,
    '*',
    'deep/in',
    'There is no root "deep/in". Known: net, cluster; "*" is for all of them.',
  ],
  [
    'no unknown environment',
    NAMED,
    'stagin',
    '*',
    'There is no environment "stagin". Did you mean "staging"? Known: staging, production; "*" is for all of them.',
  ],
  ['a folder that is a root', 'tool: tofu\n', '*', 'deep/in', undefined],
  ['a folder of OpenTofu', 'tool: tofu\n', '*', 'tofu', undefined],
  ['the root of the repository', 'tool: tofu\n', '*', '.', undefined],
  [
    'no folder without configuration',
    'tool: tofu\n',
    '*',
    'docs',
    'There is no root "docs". A root is called like its folder, which has files *.tf or *.tofu; "*" is for all of them.',
  ],
  [
    'no environment where there are none',
    'tool: tofu\n',
    'production',
    '*',
    'There is no environment "production". ostack.yaml names none; "*" is for all of them.',
  ],
])('A hold in an infra repository may be of %s', async (_what, policy, environment, app, problem) => {
  expect(await rootProblem(objectTree(TREE), readInfraConfig(policy), { environment, app })).toBe(problem);
});
