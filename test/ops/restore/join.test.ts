import { describe, expect, test } from '@jest/globals';
import { joinEnvironment } from '../../../src/ops/restore/join.js';
import { draftedIn, partsOf } from './parts.js';
import { lines } from './support.js';

const source = (name: string) => `overlays/staging/shop/${name}`;
const target = (name: string) => `overlays/production/shop/${name}`;
const kustomization = (...more: string[]) => lines(...more, 'resources:', '- ../../../bases/shop');

async function joined(files: Record<string, string>) {
  const parts = await partsOf(files, 'shop');
  const notes = joinEnvironment(parts.draft, parts.source, parts.target);
  return { notes, files: draftedIn(parts.draft) };
}

describe('an app that comes into an environment', () => {
  test('brings its files but those that stay, and no references to these', async () => {
    expect(
      await joined({
        [source('kustomization.yaml')]: lines('resources:', '- ../../../bases/shop', '- _host.yaml', '- a.yaml'),
        [source('a.yaml')]: 'kind: Deployment\n',
        [source('_host.yaml')]: 'kind: Ingress\n',
      }),
    ).toEqual({
      notes: [],
      files: {
        [target('kustomization.yaml')]: lines('resources:', '- ../../../bases/shop', '- a.yaml'),
        [target('a.yaml')]: 'kind: Deployment\n',
      },
    });
  });

  test.each<[what: string, from: string[], to: string[], notes: string[]]>([
    ['is that of the environment', ['namespace: staging'], ['namespace: production'], []],
    ['has its name as a part', ['namespace: shop-staging'], ['namespace: shop-production'], []],
    ['has its name as the first part', ['namespace: staging-shop'], ['namespace: production-shop'], []],
    ['is none', [], [], []],
    [
      'only looks like it and stays, which is told',
      ['namespace: mystaging'],
      ['namespace: mystaging'],
      ['overlays/production/shop/kustomization.yaml keeps the namespace mystaging of staging.'],
    ],
  ])('gets the namespace of it, where that %s', async (_what, from, to, notes) => {
    const found = await joined({ [source('kustomization.yaml')]: kustomization(...from) });
    expect(found).toEqual({ files: { [target('kustomization.yaml')]: kustomization(...to) }, notes });
  });

  const SHOP = { [source('kustomization.yaml')]: kustomization() };
  const root = 'overlays/production/kustomization.yaml';
  test.each<[what: string, before: string, after: string | undefined]>([
    ['gets a reference where it lists apps', lines('resources:', '- cart'), lines('resources:', '- cart', '- shop')],
    ['stays where it lists none', lines('namespace: production'), undefined],
    ['stays where it has it already', lines('resources:', '- shop'), undefined],
  ])('in an environment whose own kustomization %s', async (_what, before, after) => {
    const { files } = await joined({ ...SHOP, [root]: before });
    expect(files[root]).toBe(after);
  });

  test.each<[what: string, reference: string, notes: string[]]>([
    [
      'leads into a folder of the environment it comes from is told',
      '../shared',
      ['It refers to ../shared, which is a folder of staging.'],
    ],
    ['leads to a base is nothing to tell', '../../../bases/staging-tools', []],
    ['is one of its own is nothing to tell', './extra', []],
    ['is remote is nothing to tell', 'https://github.com/acme/apps//staging?ref=v1', []],
  ])('with a reference that %s', async (_what, reference, notes) => {
    const files = { [source('kustomization.yaml')]: lines('resources:', `- ${reference}`) };
    expect((await joined(files)).notes).toEqual(notes);
  });
});
