import { describe, expect, test } from '@jest/globals';
import { setVersions } from '../../../src/ops/carriers/set-version.js';
import { APP, BASE, NEW, set, WORKER } from './support.js';

describe('a name with letters that are written as their codes', () => {
  test.each([
    ['image:\n  repository: "ghcr.io/acme/my-\\x61pp"\n  tag: 1.3.0\n'],
    ['image: { repository: "ghcr.io/acme/\\u006dy-app", tag: 1.3.0 }\n'],
  ])('is the name that it spells: %j', (text) => {
    const [file] = setVersions([{ path: 'apps/values.yaml', text }], [APP], 'apps').files;
    expect(file?.text).toContain('1.4.0');
  });
});

describe('nothing to set', () => {
  test('shows what to add to a kustomization, and what looks alike', () => {
    const text = 'resources: []\nimages:\n- name: docker.io/acme/my-app\n  newTag: "1"\n';
    expect(() =>
      setVersions([{ path: 'overlays/staging/my-app/kustomization.yaml', text }], [APP], 'overlays/staging/my-app'),
    ).toThrow(`Nothing in overlays/staging/my-app carries the version of ghcr.io/acme/my-app (looked at overlays/staging/my-app/kustomization.yaml). Of the same name but another repository: docker.io/acme/my-app (overlays/staging/my-app/kustomization.yaml:3).
Add to the list "images" in overlays/staging/my-app/kustomization.yaml:

- name: ghcr.io/acme/my-app
  newTag: "1.4.0"
  digest: ${NEW}
`);
  });

  test.each([
    [
      'apps/values-staging.yaml',
      'replicas: 1\n',
      'Add to the values in apps/values-staging.yaml:\n\nimage:\n  repository: ghcr.io/acme/my-app\n  tag: "1.4.0"\n',
    ],
    [
      'apps/app.yaml',
      'kind: Application\n',
      "Add to the Application's source in apps/app.yaml:\n\nkustomize:\n  images:\n  - ghcr.io/acme/my-app:1.4.0@",
    ],
    [
      'apps/deploy.yaml',
      'kind: Deployment\n',
      'Add to apps/kustomization.yaml:\n\nimages:\n- name: ghcr.io/acme/my-app\n',
    ],
  ])('shows what to add to %s', (path, text, advice) => {
    expect(() => setVersions([{ path, text }], [APP], 'apps')).toThrow(advice);
  });

  test('of one target among others is reported as missing', () => {
    const text = 'image: ghcr.io/acme/my-app:1.3.0\n';
    const { missing, carriers } = setVersions([{ path: 'a.yaml', text }], [APP, WORKER, BASE], 'apps');
    expect(missing).toEqual([WORKER, BASE]);
    expect(carriers.map(({ kind, current }) => ({ kind, current }))).toEqual([
      { kind: 'image', current: { repository: 'ghcr.io/acme/my-app', tag: '1.3.0', digest: undefined } },
    ]);
  });

  test('in a file that is no YAML and names no target does not matter', () => {
    const files = [
      { path: 'k.yaml', text: 'image: ghcr.io/acme/my-app:1.3.0\n' },
      { path: 'template.yaml', text: '{{ if .x }}\na: 1\n{{ end }}\n' },
    ];
    expect(setVersions(files, [APP], 'o').files.map((file) => file.path)).toEqual(['k.yaml']);
  });

  test.each([
    [{ ...APP, tag: 'feature/x' }, '"feature/x" is no image tag of ghcr.io/acme/my-app'],
    [{ ...APP, tag: '1.0\nevil: true' }, 'is no image tag of ghcr.io/acme/my-app'],
    [{ ...APP, digest: 'sha256:12' }, '"sha256:12" is no digest of ghcr.io/acme/my-app:1.4.0'],
  ])('of a target that is none', (target, message) => {
    expect(() => set('image: ghcr.io/acme/my-app:1.3.0\n', target)).toThrow(message);
  });

  test('in broken YAML names the place', () => {
    expect(() => set('images: [ghcr.io/acme/my-app:1\n')).toThrow(/^kustomization\.yaml:\d+:\d+: not valid YAML/);
  });
});
