import { describe, expect, test } from '@jest/globals';
import { setVersion } from '../../../../src/ops/carriers/set-version.js';
import { NEW, OLD, set, TAG_ONLY } from '../support.js';

describe('an image field', () => {
  const deployment = `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      initContainers:
        - name: migrate
          image: "ghcr.io/acme/my-app:1.3.0"
      containers:
        - name: proxy
          image: envoyproxy/envoy:v1.31.0
        - name: web
          image: ghcr.io/acme/my-app:1.3.0@${OLD} # web
---
kind: CronJob
spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: x, image: 'ghcr.io/acme/my-app:1.3.0'}]}}}}}
`;

  test('of every container and job is set, with its digest', () => {
    expect(set(deployment)).toBe(
      deployment.replace(`:1.3.0@${OLD}`, ':1.3.0').replaceAll('my-app:1.3.0', `my-app:1.4.0@${NEW}`),
    );
  });

  test('keeps how the repository is spelled', () => {
    expect(set('image: acme/app:1\n', { ...TAG_ONLY, repository: 'docker.io/acme/app', image: 'app' })).toBe(
      'image: acme/app:1.4.0\n',
    );
  });

  test('without a version is left to the images entry of the overlay', () => {
    const text = 'image: ghcr.io/acme/my-app\n';
    expect(set(`${text}images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0\n`, TAG_ONLY)).toBe(
      `${text}images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n`,
    );
    expect(set(text)).toBe(`image: ghcr.io/acme/my-app:1.4.0@${NEW}\n`);
  });

  test('of another image with a longer name is another image', () => {
    expect(() => set('image: ghcr.io/acme/my-app-worker:1.3.0\n')).toThrow('Nothing in kustomization.yaml carries');
  });
});

describe('inline patches', () => {
  const kustomization = `patches:
  - patch: |-
      # canary
      - op: test
        path: /spec/template/spec/containers/0/image
        value: ghcr.io/acme/my-app:1.3.0
      - op: replace
        path: /spec/template/spec/containers/0/image
        value: ghcr.io/acme/my-app:1.3.0   # now
    target:
      kind: Deployment
  - patch: |
      kind: Deployment
      spec:
        template:
          spec:
            containers:
              - name: web
                image: ghcr.io/acme/my-app:1.3.0
patchesStrategicMerge:
  - |-
    kind: Job
    spec: {image: ghcr.io/acme/my-app:1.3.0}
  - replicas.yaml
patchesJson6902:
  - patch: '[{"op": "add", "path": "/spec/image", "value": "ghcr.io/acme/my-app:1.3.0"}]'
`;

  test('are set where they write an image, and a test of the old one stays', () => {
    const { text, changes } = setVersion(kustomization, 'k.yaml', TAG_ONLY);
    expect(text).toBe(
      kustomization
        .replaceAll(':1.3.0', ':1.4.0')
        .replace('value: ghcr.io/acme/my-app:1.4.0\n', 'value: ghcr.io/acme/my-app:1.3.0\n'),
    );
    expect(changes.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '9 patches[0].patch » [1].value',
      '19 patches[1].patch » spec.template.spec.containers[0].image',
      '23 patchesStrategicMerge[0] » spec.image',
      '26 patchesJson6902[0].patch » [0].value',
    ]);
  });
});
