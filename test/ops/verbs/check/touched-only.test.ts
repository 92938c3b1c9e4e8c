import { describe, expect, test } from '@jest/globals';
import { inspect } from '../../../../src/ops/verbs/check/inspect.js';
import { referenceProblems } from '../../../../src/ops/verbs/check/references.js';
import { comparisonOf } from './support.js';

const POLICY = 'environments: { staging: {}, production: { after: staging } }\n';
const overlay = (tag: string) =>
  `resources: [../../../bases/shop]\nimages: [{ name: ghcr.io/acme/shop, newTag: ${tag} }]\n`;
const FILES = {
  'ostack.yaml': POLICY,
  'bases/shop/kustomization.yaml': 'resources: [a.yaml]\n',
  'bases/shop/a.yaml': 'kind: Job\nmetadata: { name: a }\nspec: { containers: [{ image: ghcr.io/acme/shop }] }\n',
  'overlays/staging/shop/kustomization.yaml': overlay('1.0.0'),
  'overlays/production/shop/kustomization.yaml': overlay('1.0.0'),
};
const BROKEN = 'resources: [\n';
const LOST = 'resources: [lost.yaml]\n';

type Files = Record<string, string>;

/** What is wrong with a change, by the files that are named. */
async function told(base: Files, head: Files): Promise<string[]> {
  const comparison = comparisonOf({ ...FILES, ...base }, { ...FILES, ...head });
  const { problems, roots, layout } = await inspect(comparison);
  return [...problems, ...referenceProblems(roots, layout, comparison.changed)].map(
    ({ level, file }) => `${level} ${file}`,
  );
}

const MAIL = 'overlays/staging/mail/kustomization.yaml';
const SHOP = { 'overlays/staging/shop/kustomization.yaml': overlay('1.1.0') };

describe('a change is told only of what it touches', () => {
  test.each<[what: string, base: Files, head: Files, expected: string[]]>([
    ['a broken file elsewhere is somebody else’s', { [MAIL]: BROKEN }, { [MAIL]: BROKEN, ...SHOP }, []],
    [
      'what it begins to refer to has to be in order',
      { 'bases/mail/kustomization.yaml': BROKEN, [MAIL]: 'resources: []\n' },
      { 'bases/mail/kustomization.yaml': BROKEN, [MAIL]: 'resources: [../../../bases/mail]\n' },
      ['error bases/mail/kustomization.yaml'],
    ],
    ['a reference to nothing that was there before is not its own', { [MAIL]: LOST }, { [MAIL]: LOST, ...SHOP }, []],
    [
      'a reference to nothing in a base that it does not change is not its own',
      { 'bases/shop/kustomization.yaml': 'resources: [a.yaml, lost.yaml]\n' },
      { 'bases/shop/kustomization.yaml': 'resources: [a.yaml, lost.yaml]\n', ...SHOP },
      [],
    ],
    [
      'a reference to nothing that it adds is its own',
      { [MAIL]: 'resources: []\n' },
      { [MAIL]: LOST },
      [`error ${MAIL}`],
    ],
    [
      'a reference that it takes the file away from is its own',
      { [MAIL]: LOST, 'overlays/staging/mail/lost.yaml': '' },
      { [MAIL]: LOST },
      [`error ${MAIL}`],
    ],
    ['a repair says nothing', { [MAIL]: BROKEN }, { [MAIL]: 'resources: []\n' }, []],
  ])('%s', async (_what, base, head, expected) => {
    expect(await told(base, head)).toEqual(expected);
  });

  test.each<[what: string, base: Files, head: Files]>([
    ['a file that it breaks', {}, { [MAIL]: BROKEN }],
    [
      'a folder that it works in, and that does not build',
      { [MAIL]: BROKEN, 'overlays/staging/mail/a.yaml': '' },
      { [MAIL]: BROKEN, 'overlays/staging/mail/a.yaml': 'a: 1\n' },
    ],
  ])('%s stops it, because nobody can tell which versions it brings', async (_what, base, head) => {
    await expect(told(base, head)).rejects.toThrow(`${MAIL}:2:1: not valid YAML`);
  });

  test('a broken file that it leaves alone does not hide where the overlays are', async () => {
    const shared = (name: string) => `apps/${name}/kustomization.yaml`;
    const files = {
      'ostack.yaml': POLICY,
      'apps/base/web/kustomization.yaml': '',
      [shared('staging')]: BROKEN,
      [shared('production')]: 'resources: [../base/web]\nimages: [{ name: acme/web, newTag: 1.0.0 }]\n',
    };
    const next = { ...files, [shared('production')]: files[shared('production')]?.replace('1.0.0', '2.0.0') ?? '' };
    const { problems, layout } = await inspect(comparisonOf(files, next));
    expect([problems, layout.templates]).toEqual([[], ['apps/{environment}']]);
  });

  test('a version that only a base names moves where the base changes', async () => {
    const bare = 'resources: [../../../bases/shop]\n';
    const files = {
      ...FILES,
      'overlays/staging/shop/kustomization.yaml': bare,
      'bases/shop/a.yaml': FILES['bases/shop/a.yaml'].replace('acme/shop', 'acme/shop:1.0.0'),
    };
    const next = { ...files, 'bases/shop/a.yaml': files['bases/shop/a.yaml'].replace('1.0.0', '2.0.0') };
    const { held } = await inspect(comparisonOf(files, next));
    expect(held.map(({ environment, version, moves }) => [environment, version, moves]).sort()).toEqual([
      ['production', '1.0.0', false],
      ['staging', '2.0.0', true],
    ]);
  });
});
