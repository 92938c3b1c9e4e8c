/** What git makes of files as it checks them out. */
import { describe, expect, test } from '@jest/globals';
import { ops, POLICY, productionOf } from './production.js';
import type { Files } from './support.js';

const FILE = '.gitattributes';
const OWN = 'overlays/production/web/.gitattributes';
const FIRST: Files = { [FILE]: '* text=auto\n' };

describe.each<[string, string, string]>([
  ['another encoding', FILE, '*.yaml text working-tree-encoding=UTF-16LE'],
  ['another encoding in the folder of production', OWN, 'kustomization.yaml working-tree-encoding=UTF-7'],
  ['a filter', FILE, '*.yaml filter=evil'],
  ['words that git puts in', FILE, '*.yaml ident'],
  ['words that an archive puts in', FILE, '*.yaml export-subst'],
  ['a macro', FILE, '[attr]text-like working-tree-encoding=UTF-16'],
  ['a macro that is used', FILE, '*.yaml text-like'],
  ['a pattern in quotes', FILE, '"a b.yaml" filter=evil'],
  ['an attribute that nobody knows', FILE, '*.yaml foo'],
])('%s', (_name, path, line) => {
  test('is a failure', async () => {
    const verdict = await productionOf(ops(POLICY, '1.5.0', FIRST), { [path]: `* text=auto\n${line}\n` });
    expect(verdict).toContain('failure');
    expect(verdict).toContain('may be something else than what stands in the files');
  });
});

describe.each<[string, Files, string, string]>([
  ['how lines end', FIRST, FILE, '*.yaml text eol=lf'],
  ['pictures in Git LFS', FIRST, FILE, '*.png filter=lfs diff=lfs merge=lfs -text'],
  ['what is made', FIRST, FILE, 'dist/** linguist-generated=true -diff merge=ours'],
  ['a comment', FIRST, FILE, '# *.yaml filter=evil'],
  ['a filter that was there', { [FILE]: '*.yaml filter=crypt\n' }, FILE, '*.yaml filter=crypt'],
  ['another encoding in the folder of staging', FIRST, 'overlays/staging/web/.gitattributes', '*.yaml filter=evil'],
])('%s', (_name, before, path, line) => {
  test('is taken', async () => {
    const verdict = await productionOf(ops(POLICY, '1.5.0', before), { [path]: `* text=auto\n${line}\n` });
    expect(verdict).toContain('success');
  });
});
