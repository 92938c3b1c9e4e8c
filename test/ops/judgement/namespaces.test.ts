import { describe, expect, test } from '@jest/globals';
import { type Files, ownersOf, POLICY } from './support.js';

const PLAIN: Files = {
  'ostack.yaml': POLICY,
  'bases/web/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/web/deployment.yaml': 'kind: Deployment\napiVersion: apps/v1\nmetadata: { name: web }\n',
};
const BOTH = 'staging production';

function cases(files: Files, rows: [string, Record<string, string>, string][]): void {
  test.each(rows)('%s', async (_, edits, owners) => {
    expect(Object.values(await ownersOf(files, edits))).toEqual([owners]);
  });
}

describe('Where environments share a cluster and have a namespace each, a changed path is of', () => {
  const built = (namespace: string, more = '') => `namespace: ${namespace}\nresources: [../../../bases/web]\n${more}`;
  const shared: Files = {
    ...PLAIN,
    'overlays/staging/web/kustomization.yaml': built('web-staging'),
    'overlays/production/web/kustomization.yaml': built('web'),
  };
  const staging = 'overlays/staging/web/kustomization.yaml';
  cases(shared, [
    ['the other one, into whose namespace kustomize puts it', { [staging]: built('web') }, BOTH],
    [
      'the other one, into whose namespace a patch puts something',
      {
        [staging]: built(
          'web-staging',
          'patches:\n- target: { kind: Secret }\n  patch: "[{ op: add, path: /metadata/namespace, value: web }]"\n',
        ),
      },
      BOTH,
    ],
    [
      'the other one, in whose namespace an object is',
      { 'overlays/staging/web/extra.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: web }\n' },
      BOTH,
    ],
    [
      'the other one, whose namespace it is',
      { 'overlays/staging/web/extra.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n' },
      BOTH,
    ],
    ['its own environment where nobody has the namespace', { [staging]: built('web-canary') }, 'staging'],
    [
      'its own environment where its namespace stays',
      { [staging]: built('web-staging', 'nameSuffix: -a\n') },
      'staging',
    ],
  ]);
  cases({ ...shared, 'overlays/staging/api/kustomization.yaml': built('web') }, [
    ['its own environment where both have a namespace of that name', { [staging]: built('web') }, 'staging'],
  ]);
});
