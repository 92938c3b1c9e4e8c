import { expect, test } from '@jest/globals';
import { plainReason } from '../../../src/ops/render/run-kustomize.js';

const WAY =
  "accumulating resources: accumulation err='accumulating resources from '../../../bases/shop': 'bases/shop' must resolve to a file': recursed accumulation of path 'bases/shop': ";

test.each([
  [
    'Error: invalid Kustomization: json: unknown field "resource"',
    'invalid Kustomization: json: unknown field "resource"',
  ],
  [`${WAY}${WAY}no resource matches`, 'no resource matches'],
  [
    `E1121 16:28:50.444022 22317 run.go:72] "command failed" err="${WAY}accumulating resources: accumulation err='accumulating resources from 'web.yaml': missing \\"name\\"': must build at directory: 'bases/shop/web.yaml': file is not directory"`,
    `accumulating resources from 'web.yaml': missing "name"`,
  ],
])('what kustomize says comes without the way there %#', (said, reason) => {
  expect(plainReason(said)).toBe(reason);
});
