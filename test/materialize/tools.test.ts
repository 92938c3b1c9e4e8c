import { expect, test } from '@jest/globals';
import { versionIn } from '../../src/materialize/sources/tools.js';

test.each([
  ['helm', 'v3.19.0+g3d8990f\n', 'v3.19.0+g3d8990f'],
  ['kustomize', 'v5.7.1\n', 'v5.7.1'],
  ['kustomize 4', '{Version:kustomize/v4.5.7 GitCommit:56d82a8 BuildDate:2022-08-02T16:35:54Z GoOs:linux}\n', 'v4.5.7'],
  ['the kustomize in kubectl', 'Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0\n', 'v5.5.0'],
  ["Debian's kustomize", '(devel)\n', '(devel)'],
  ['what prints nothing', '', 'unknown'],
])('the version of %s is told', (_what, printed, version) => {
  expect(versionIn(printed)).toBe(version);
});
