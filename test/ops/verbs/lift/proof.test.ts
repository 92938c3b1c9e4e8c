import { describe, expect, test } from '@jest/globals';
import type { ResourceChange } from '../../../../src/ops/render/compare-resources.js';
import { differenceIn } from '../../../../src/ops/verbs/lift/proof.js';

function changed(name: string, diff: string): ResourceChange {
  return {
    ...{
      action: 'changed',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name,
      namespace: '',
      app: '',
      previousName: undefined,
    },
    ...{ diff, flag: undefined },
  };
}

const DIFF = '@@ -1 +1 @@\n-replicas: 2\n+replicas: 3\n';

describe('folders that are to stay as they are', () => {
  test('do so where nothing of them changes', () => {
    expect(differenceIn([{ folder: 'overlays/staging', changes: [] }])).toBeUndefined();
  });

  test('are named where they do not, with what changes apart from why', () => {
    const found = differenceIn([
      { folder: 'overlays/staging', changes: [changed('shop', DIFF)] },
      { folder: 'overlays/dev', changes: [] },
    ]);
    expect(found?.reason).toBe('Moving it into the base would change what overlays/staging renders to, so it stays:');
    expect(found?.diff).toBe(`overlays/staging: Deployment shop changed\n${DIFF.trimEnd()}`);
    expect(found?.message).toBe(`${found?.reason}\n${found?.diff}`);
  });

  test('are told to 30 lines', () => {
    const long = `@@ -1,40 +1,40 @@\n${'-a\n'.repeat(40)}`;
    const lines = differenceIn([{ folder: 'x', changes: [changed('shop', long)] }])?.diff.split('\n') ?? [];
    expect(lines).toHaveLength(31);
    expect(lines.at(-1)).toBe('… and 12 more lines');
  });
});
