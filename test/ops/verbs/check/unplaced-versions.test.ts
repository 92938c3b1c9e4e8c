import { describe, expect, test } from '@jest/globals';
import { inspect } from '../../../../src/ops/verbs/check/inspect.js';
import { unplacedProblems } from '../../../../src/ops/verbs/check/unplaced-versions.js';
import { comparisonOf } from './support.js';

type Files = Record<string, string>;

const POLICY = 'environments: { staging: {}, production: { after: staging } }\n';
const overlay = (tag: string) => `resources: [../../../bases/web]\nimages: [{ name: acme/web, newTag: ${tag} }]\n`;
const job = (image: string) => `kind: Job\nmetadata: { name: a }\nspec: { containers: [{ image: "${image}" }] }\n`;
const chart = (range: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: dns }\nspec: { chart: { spec: { chart: dns, version: "${range}", sourceRef: { kind: HelmRepository, name: dns } } } }\n`;
const BASE = 'bases/web/a.yaml';
const VALUES = 'charts/shop/staging-values.yaml';
const FILES: Files = {
  'ostack.yaml': POLICY,
  'bases/web/kustomization.yaml': 'resources: [a.yaml]\n',
  [BASE]: job('acme/web'),
  'overlays/staging/web/kustomization.yaml': overlay('1.0.0'),
  'overlays/production/web/kustomization.yaml': overlay('1.0.0'),
};

async function told(before: Files, after: Files): Promise<string[]> {
  const problems = await unplacedProblems(await inspect(comparisonOf({ ...FILES, ...before }, { ...FILES, ...after })));
  return problems.map(({ level, file, message }) => `${level} ${file}: ${message}`);
}

const one = (file: string, before: string, after: string): [Files, Files] => [{ [file]: before }, { [file]: after }];
const untied = (file: string, what: string) =>
  `warning ${file}: It says ${what}, and nothing ties this file to an app in an environment, so no rule was asked.`;

describe('a version that changes in a file', () => {
  test.each<[what: string, change: [Files, Files], expected: string | undefined]>([
    [
      'of an overlay is that of its app',
      one('overlays/staging/web/kustomization.yaml', overlay('1.0.0'), overlay('1.1.0')),
      undefined,
    ],
    [
      'of values that nothing ties to an environment is told',
      one(VALUES, 'image: { tag: 1.0.0 }\n', 'image: { tag: 1.1.0 }\n'),
      untied(VALUES, 'image 1.1.0'),
    ],
    [
      'of such values with an image is told',
      one(VALUES, 'image: { repository: acme/shop, tag: 1.0.0 }\n', 'image: { repository: acme/shop, tag: 1.1.0 }\n'),
      untied(VALUES, 'acme/shop:1.1.0'),
    ],
    [
      'is told where it goes from there',
      one(VALUES, 'a: 1\nimage: { tag: 1.0.0 }\n', 'a: 1\n'),
      untied(VALUES, 'image 1.0.0, which goes'),
    ],
    ['is not told where it stays', one(VALUES, 'image: { tag: 1.0.0 }\n', 'a: 2\nimage: { tag: 1.0.0 }\n'), undefined],
    [
      'of a file that comes in, and that nothing takes in, is told',
      [{}, { 'bases/mail/a.yaml': job('acme/mail:1.0.0') }],
      untied('bases/mail/a.yaml', 'acme/mail:1.0.0'),
    ],
    [
      'of a chart that is in no environment is told',
      one('infrastructure/dns.yaml', chart('1.0.0'), chart('1.1.0')),
      untied('infrastructure/dns.yaml', 'chart dns 1.1.0'),
    ],
    [
      'of a chart that follows a range is told too',
      one('infrastructure/dns.yaml', chart('1.x'), chart('2.x')),
      untied('infrastructure/dns.yaml', 'chart dns 2.x'),
    ],
    [
      'of a base is told where the overlays set another one',
      one(BASE, job('acme/web:0.1.0'), job('acme/web:0.2.0')),
      `warning ${BASE}: It says acme/web:0.2.0, and no app in production and staging gets that from it: what takes it in sets another version, or runs nothing of it.`,
    ],
    [
      'of a base is not told where that is what they run',
      one(BASE, job('acme/web:0.1.0'), job('acme/web:1.0.0')),
      undefined,
    ],
    ['of a workflow deploys nothing', one('.github/workflows/a.yaml', job('a:1'), job('a:2')), undefined],
    ['of a template is not read', one('a/templates/b.yaml', 'a: {{ x }}\n', 'image: {{ y }}\n'), undefined],
    ['of a file that is broken is told as that', one(VALUES, 'a: 1\n', 'image: {\n'), undefined],
    [
      'of another file is not its own',
      [{ [VALUES]: 'image: { tag: 1 }\n' }, { [VALUES]: 'image: { tag: 1 }\n', 'a.yaml': '' }],
      undefined,
    ],
  ])('%s', async (_what, [before, after], expected) => {
    const found = await told(before, after);
    expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  });

  test('is its app’s once the policy says where that app is, as it is told', async () => {
    const policy = `${POLICY}apps: { shop: { overlay: "charts/shop/{environment}-values.yaml" } }\n`;
    const values = (tag: string) => ({ 'ostack.yaml': policy, [VALUES]: `image: { tag: ${tag} }\n` });
    expect(await told(values('1.0.0'), values('1.1.0'))).toEqual([]);
  });

  test('of a base that runs in two environments is that of both', async () => {
    const bare = 'resources: [../../../bases/web]\n';
    const overlays = Object.fromEntries(
      ['staging', 'production'].map((name) => [`overlays/${name}/web/kustomization.yaml`, bare]),
    );
    expect(
      await told({ ...overlays, [BASE]: job('acme/web:1.0.0') }, { ...overlays, [BASE]: job('acme/web:2.0.0') }),
    ).toEqual([]);
  });

  test('is told of an overlay that is renamed only where no environment has it', async () => {
    const path = 'overlays/staging/web/kustomization.yaml';
    const { [path]: text = '', ...others } = FILES;
    const change = (next: string) => comparisonOf(FILES, { ...others, [next]: text });
    const files = async (next: string) => (await unplacedProblems(await inspect(change(next)))).map(({ file }) => file);
    expect(await files('overlays/staging/site/kustomization.yaml')).toEqual([]);
    expect(await files('attic/web/kustomization.yaml')).toEqual(['attic/web/kustomization.yaml']);
  });

  test('is told of many files in one line for what is left', async () => {
    const many = Object.fromEntries(
      [...Array(25).keys()].map((index) => [`a/${index}.yaml`, 'image: { tag: 1.0.0 }\n']),
    );
    const found = await told({}, many);
    expect([found.length, found.at(-1)]).toEqual([21, expect.stringContaining('5 more files')]);
  });
});
