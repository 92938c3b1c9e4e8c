import { expect, test } from '@jest/globals';
import { builtinInputs } from '../../../src/ops/kustomize/build-inputs.js';

const FAR = 'https://files.test/a.yaml';
const builtin = (rest: string) => `apiVersion: builtin\nkind: X\nmetadata: { name: x }\n${rest}\n`;

test.each<[string, string, [path: string, kind: string, line: number][]]>([
  ['a patch', builtin(`path: ${FAR}`), [[FAR, 'remote', 4]]],
  [
    'patches',
    builtin(`paths: [a.yaml, ${FAR}]`),
    [
      ['a.yaml', 'file', 4],
      [FAR, 'remote', 4],
    ],
  ],
  [
    'files with keys',
    builtin(`files: ["k=${FAR}", b.txt]`),
    [
      [FAR, 'remote', 4],
      ['b.txt', 'file', 4],
    ],
  ],
  ['variables', builtin(`envs: ["${FAR}"]`), [[FAR, 'remote', 4]]],
  ['replacements', builtin(`replacements:\n- path: ${FAR}`), [[FAR, 'remote', 5]]],
  [
    'several documents',
    `${builtin('path: a.yaml')}---\n${builtin('path: b.yaml')}`,
    [
      ['a.yaml', 'file', 4],
      ['b.yaml', 'file', 9],
    ],
  ],
  [
    'an object within a kustomization',
    `resources: []\ntransformers:\n- |\n  apiVersion: builtin\n  path: ${FAR}\n`,
    [[FAR, 'remote', 3]],
  ],
  ['an address that is only written down', builtin(`annotations: { a: "${FAR}" }`), []],
  ['an object of somebody', `apiVersion: v1\npath: ${FAR}\n`, []],
])('what kustomize opens of a generator or transformer with %s', (_what, text, expected) => {
  expect(builtinInputs(text, 'a.yaml').map(({ path, kind, line }) => [path, kind, line])).toEqual(expected);
});
