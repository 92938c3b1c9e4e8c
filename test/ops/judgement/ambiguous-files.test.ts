/** Files that kustomize, Flux or Argo CD read otherwise than they look; seen with the real kustomize 5.5. */
import { describe, expect, test } from '@jest/globals';
import { type Edits, FILES, HELPER, HELPERS, problems, VALUES } from './chart.js';
import { APPROVED, ops, POLICY, PRODUCTION, productionOf, web } from './production.js';
import type { Files } from './support.js';

const KUSTOMIZATION = web('1.5.0');
const EVIL = '[{ name: ghcr.io/acme/web, newTag: 6.6.6 }]';
const instead = (from: string | RegExp, to: string) => KUSTOMIZATION.replace(from, to);

describe.each<[string, string, string]>([
  [
    'a sign that ends a line for Go, in a comment',
    `${KUSTOMIZATION}# x\u0085images: ${EVIL}\n`,
    'U+0085 ends the line',
  ],
  ['a separator of lines', `${KUSTOMIZATION}# x\u2028images: ${EVIL}\n`, 'U+2028 ends the line'],
  ['a separator of paragraphs', `${KUSTOMIZATION}# x\u2029images: ${EVIL}\n`, 'U+2029 ends the line'],
  ['a carriage return alone', `${KUSTOMIZATION}# x\rimages: ${EVIL}\n`, 'U+000D ends the line'],
  ['another encoding', Buffer.from(`\uFEFF${web('6.6.6')}`, 'utf16le').toString('utf8'), 'it is no UTF-8'],
  ['a tag in small letters', instead('newTag: "1.5.0"', 'newtag: "6.6.6"'), '"newtag" is taken for newTag'],
  ['images in a large letter', instead('images:', 'Images:'), '"Images" is taken for images'],
  ['images with a long s', instead('images:', 'image\u017f:'), 'is taken for images'],
  ['a name in a large letter', instead('- name:', '- Name:'), '"Name" is taken for name'],
  [
    'components in large letters',
    `${KUSTOMIZATION}COMPONENTS: [../../staging/web]\n`,
    '"COMPONENTS" is taken for components',
  ],
  ['an older word', instead('images:', 'imageTags:'), '"imageTags" is an older word'],
  ['a tag that is merged over another', `${KUSTOMIZATION}  <<: { newTag: 6.6.6 }\n`, '"<<" merges values'],
  ['images that are merged', `${KUSTOMIZATION}<<: { images: ${EVIL} }\n`, '"<<" merges values'],
  [
    'a list that is merged',
    instead('  newTag: "1.5.0"', '  <<: [{ newTag: 6.6.6 }, { newTag: 1.5.0 }]'),
    '"<<" merges values',
  ],
  ['a suffix of the tag', `${KUSTOMIZATION}  tagSuffix: "-6"\n`, '"tagSuffix" makes another tag'],
  [
    'a version that goes',
    instead(/images:[\s\S]*/, ''),
    'Nobody can tell which version of web production holds after it',
  ],
])('%s', (_name, text, reason) => {
  test('is a failure', async () => {
    const verdict = await productionOf(ops(POLICY), { [PRODUCTION]: text });
    expect(verdict).toContain('failure');
    expect(verdict).toContain(reason);
  });
});

describe.each<[string, Files, Edits, string]>([
  [
    'values that are merged over others',
    FILES,
    { [VALUES]: `${FILES[VALUES]}x: { a: 1, <<: { a: 2 } }\n` },
    '"<<" merges values',
  ],
  [
    'a dependency in other letters',
    FILES,
    { 'charts/w/Chart.yaml': `${FILES['charts/w/Chart.yaml']}Dependencies: []\n` },
    '"Dependencies" is taken for dependencies',
  ],
  ['a helper with such a sign', FILES, { [HELPER]: `${HELPERS}# x\u2028\n` }, 'U+2028 ends the line'],
])('%s', (_name, before, edits, reason) => {
  test('is a problem', async () => expect(await problems(before, edits)).toContain(reason));
});

describe.each<[string, Files, Edits]>([
  ['defaults that are merged first', FILES, { [VALUES]: `${FILES[VALUES]}x: { <<: { a: 1 }, a: 2 }\n` }],
  ['lines that end as in Windows', FILES, { [VALUES]: (FILES[VALUES] ?? '').replaceAll('\n', '\r\n') }],
  ['such a sign in an escape', FILES, { [VALUES]: `${FILES[VALUES]}x: "\\u2028"\n` }],
  [
    'labels in other letters',
    FILES,
    { 'clusters/production/kustomization.yaml': 'resources: [w.yaml]\nlabels: [{ pairs: { Images: x } }]\n' },
  ],
  [
    'what was there before',
    { ...FILES, [VALUES]: `${FILES[VALUES]}x: { a: 1, <<: { a: 2 } }\n` },
    { [VALUES]: `${FILES[VALUES]}# ours\nx: { a: 1, <<: { a: 2 } }\n` },
  ],
  ['a picture', FILES, { 'charts/w/x.png': '\u0000\uFFFD' }],
])('%s', (_name, before, edits) => {
  test('is taken', async () => expect(await problems(before, edits)).toBe(''));
});

test('an app that leaves an environment leaves no doubt', async () => {
  expect(await productionOf(ops(APPROVED), { [PRODUCTION]: undefined })).toContain('0 of 1 approval');
});
