import { expect, test } from '@jest/globals';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { previewSources, sourceProblem } from '../../../src/ops/policy/preview-sources.js';

const RULE = '{ match: "ghcr.io/acme/*", from: acme/apps, workflow: .github/workflows/release.yml }';

const table: [policy: string, sources: string[]][] = [
  ['{}', []],
  ['previews: { host: staging }', []],
  ['previews: { host: staging, from: [acme/apps] }', ['acme/apps']],
  ['guests: { growth: acme/growth-apps }', ['acme/growth-apps']],
  ['guests: [growth]', []],
  [`images: [${RULE}]`, ['acme/apps']],
  [`environments: { staging: { images: [${RULE}] } }`, ['acme/apps']],
  [`guests: { growth: Acme/Apps }\nimages: [${RULE}]`, ['acme/apps']],
  [`images: [${RULE}]\npreviews: { host: staging, from: [] }`, []],
];

test.each(table)('of %j, who may ask for previews', (policy, sources) => {
  expect(previewSources(readPolicy(policy))).toEqual(sources);
});

test('whoever is not named is told the line that names it', () => {
  const policy = readPolicy('previews: { host: staging, from: [acme/apps] }');
  expect(sourceProblem(policy, 'ACME/apps')).toBeUndefined();
  expect(sourceProblem(policy, 'acme/other')).toBe(
    'acme/other may ask for no preview: the policy names acme/apps. Add it to ostack.yaml of the ops repository: ' +
      '"previews: { host: staging, from: [acme/apps, acme/other] }".',
  );
});

test('a pattern of images that would fit registries of others is refused', () => {
  expect(() => readPolicy('previews: { host: staging, images: ["gh*.io/acme/*"] }')).toThrow('fit registries of others');
});
