import { expect, test } from '@jest/globals';
import { heldRoot } from '../../../src/infra/apply/held-root.js';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { infraFiles } from '../support/infra-files.js';

const POLICY =
  'roots: { net: { path: net, environment: production }, all: { path: all } }\nenvironments: { staging: {}, production: {} }\n';
const NOW = new Date('2026-11-20T12:00:00Z');
const hold = (environment: string, app: string, more = '') =>
  `- { environment: "${environment}", app: "${app}", since: 2026-11-20T10:00:00Z, by: ada, reason: audit${more} }\n`;

function held(name: string, holds: string | undefined, policy = POLICY): string | undefined {
  const config = readInfraConfig(policy);
  const files = {
    'net/main.tf': 'terraform {}\n',
    'all/main.tf': 'terraform {}\n',
    'deep/in/main.tf': 'terraform {}\n',
  };
  const root = findRoots(infraFiles(files), config).roots.find((each) => each.name === name);
  return root && heldRoot(root, config, holds, NOW);
}

test.each<[string, string, string | undefined, boolean]>([
  ['by its name in its environment', 'net', hold('production', 'net'), true],
  ['by its environment', 'net', hold('production', '*'), true],
  ['by its name everywhere', 'net', hold('*', 'net'), true],
  ['with everything', 'net', hold('*', '*'), true],
  ['not by another environment', 'net', hold('staging', '*'), false],
  ['not by another root', 'net', hold('production', 'all'), false],
  ['by any environment, where it names none', 'all', hold('staging', 'all'), true],
  ['not after the end of the hold', 'net', hold('*', '*', ', until: 2026-11-20T11:00:00Z'), false],
  ['where nobody can tell', 'net', 'net: held\n', true],
  ['not without any hold', 'net', undefined, false],
])('A root is held %s', (_how, name, holds, isHeld) => {
  expect(held(name, holds) !== undefined).toBe(isHeld);
});

test('A root without environments is held by the name of its folder, however deep', () => {
  expect(held('deep/in', hold('*', 'deep/in'), '')).toBe(
    'It is held in every environment since 2026-11-20T10:00:00Z by ada: audit. Lift-hold with the environment "*" and the app "deep/in" lifts that.',
  );
});
