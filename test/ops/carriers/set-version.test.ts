import { describe, expect, test } from '@jest/globals';
import type { BaseTarget, ImageTarget, Target } from '../../../src/ops/carriers/carrier.js';
import { setVersion, setVersions } from '../../../src/ops/carriers/set-version.js';

const OLD = `sha256:${'0'.repeat(64)}`;
const NEW = `sha256:${'1'.repeat(64)}`;

const APP: ImageTarget = {
  kind: 'image',
  repository: 'ghcr.io/acme/my-app',
  image: 'my-app',
  tag: '1.4.0',
  digest: NEW,
};
const TAG_ONLY: ImageTarget = { ...APP, digest: undefined };
const WORKER: ImageTarget = { ...APP, repository: 'ghcr.io/acme/my-app-worker', image: 'my-app-worker' };
const BASE: BaseTarget = { kind: 'base', repository: 'acme/apps', appPath: 'apps/my-app', gitTag: 'my-app-v1.4.0' };

function set(text: string, target: Target = APP): string {
  const once = setVersion(text, 'kustomization.yaml', target).text;
  expect(setVersion(once, 'kustomization.yaml', target)).toEqual({ text: once, changes: [] });
  return once;
}

describe('an entry of images', () => {
  test('gets tag and digest', () => {
    expect(
      set(`images:
  - name: ghcr.io/acme/other
    newTag: 1.3.0
  - name: ghcr.io/acme/my-app # ours
    newTag: 1.3.0 # x-release
    digest: ${OLD}
`),
    ).toBe(`images:
  - name: ghcr.io/acme/other
    newTag: 1.3.0
  - name: ghcr.io/acme/my-app # ours
    newTag: 1.4.0 # x-release
    digest: ${NEW}
`);
  });

  test('gets a digest beside its tag where it had none', () => {
    expect(set('images:\n- newTag: "1.3.0"\n  name: ghcr.io/acme/my-app\n')).toBe(
      `images:\n- newTag: "1.4.0"\n  digest: ${NEW}\n  name: ghcr.io/acme/my-app\n`,
    );
  });

  test('gets a tag where it had only a digest', () => {
    expect(set(`images:\n- name: ghcr.io/acme/my-app\n  digest: ${OLD}\n`)).toBe(
      `images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n  digest: ${NEW}\n`,
    );
  });

  test('loses a digest that would decide over the new tag', () => {
    expect(set(`images:\n- name: ghcr.io/acme/my-app\n  digest: ${OLD}\n  newTag: 1.3.0\n`, TAG_ONLY)).toBe(
      'images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n',
    );
  });

  test('with the digest inside its tag gets both apart', () => {
    expect(set(`images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0@${OLD}\n`)).toBe(
      `images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n  digest: ${NEW}\n`,
    );
  });

  test('is found by newName', () => {
    expect(set('images:\n- name: app\n  newName: ghcr.io/acme/my-app\n  newTag: 1.3.0\n', TAG_ONLY)).toBe(
      'images:\n- name: app\n  newName: ghcr.io/acme/my-app\n  newTag: 1.4.0\n',
    );
  });

  test('that sends the image to a mirror keeps the mirror', () => {
    expect(
      set('images:\n- name: ghcr.io/acme/my-app\n  newName: mirror.corp/my-app\n  newTag: 1.3.0\n', TAG_ONLY),
    ).toBe('images:\n- name: ghcr.io/acme/my-app\n  newName: mirror.corp/my-app\n  newTag: 1.4.0\n');
  });

  test('with the bare name as placeholder gets the repository too', () => {
    expect(set('images:\n- name: my-app\n  newTag: 1.3.0\n')).toBe(
      `images:\n- name: my-app\n  newName: ghcr.io/acme/my-app\n  newTag: 1.4.0\n  digest: ${NEW}\n`,
    );
  });

  test('with a bare name is left alone where another entry names the repository', () => {
    expect(set('images:\n- name: my-app\n  newTag: 7\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0\n', TAG_ONLY)).toBe(
      'images:\n- name: my-app\n  newTag: 7\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n',
    );
  });

  test('in flow style stays in flow style', () => {
    expect(set('images: [{name: ghcr.io/acme/my-app, newTag: 1.3.0}, {name: x, newTag: y}]\n')).toBe(
      `images: [{name: ghcr.io/acme/my-app, newTag: 1.4.0, digest: ${NEW}}, {name: x, newTag: y}]\n`,
    );
  });

  test('of a Flux Kustomization is set', () => {
    const text = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
spec:
  images:
    - name: ghcr.io/acme/my-app
      newTag: 1.3.0
`;
    expect(set(text, TAG_ONLY)).toBe(text.replace('1.3.0', '1.4.0'));
  });
});

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

describe('a remote base', () => {
  test.each([
    'https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0',
    'https://github.com/acme/apps.git//apps/my-app/deploy/?timeout=90s&ref=my-app-v1.3.0&submodules=false',
    'github.com/acme/apps//apps/my-app?ref=my-app-v1.3.0',
    'github.com/acme/apps/apps/my-app/deploy?ref=my-app-v1.3.0',
    'git@github.com:acme/apps.git//apps/my-app/deploy?ref=my-app-v1.3.0',
    'ssh://git@github.acme.dev:2222/Acme/Apps//apps/my-app/deploy?version=my-app-v1.3.0',
    'git::https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0',
  ])('%s gets the release tag', (url) => {
    expect(set(`resources:\n- ../base\n- ${url} # app\n`, BASE)).toBe(
      `resources:\n- ../base\n- ${url.replace('v1.3.0', 'v1.4.0')} # app\n`,
    );
  });

  test.each([
    'https://github.com/acme/apps//apps/my-app-two/deploy?ref=my-app-two-v1.3.0',
    'https://github.com/acme/apps//apps/my-app-two/deploy?ref=main',
    'https://github.com/acme/other//apps/my-app/deploy?ref=my-app-v1.3.0',
    './apps/my-app?ref=1.0.0',
    '../../../bases/my-app',
    'acme/apps/apps/my-app',
    'v1.2/acme/apps//apps/my-app',
  ])('%s is not ours', (url) => {
    expect(() => set(`resources:\n- ${url}\n`, BASE)).toThrow('carries the version of the base acme/apps//apps/my-app');
  });

  test('in a folder that is not the usual one is told by the tags of the app, where nothing is surer', () => {
    const moved = '- https://github.com/acme/apps//services/my-app/deploy?ref=my-app-v1.3.0\n';
    const usual = '- https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0\n';
    expect(set(`resources:\n${moved}`, BASE)).toBe(`resources:\n${moved.replace('1.3', '1.4')}`);
    expect(set(`resources:\n${moved}${usual}`, BASE)).toBe(`resources:\n${moved}${usual.replace('1.3', '1.4')}`);
  });

  test('that follows a branch is left alone where another is pinned, and pinned where it is the only one', () => {
    const branch = '- https://github.com/acme/apps//apps/my-app/crds?ref=main\n';
    const pinned = '- https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0\n';
    expect(set(`resources:\n${branch}${pinned}`, BASE)).toBe(`resources:\n${branch}${pinned.replace('1.3', '1.4')}`);
    expect(set(`resources:\n${branch}`, BASE)).toBe(`resources:\n${branch.replace('main', 'my-app-v1.4.0')}`);
    expect(set('resources:\n- https://github.com/acme/apps//apps/my-app\n', BASE)).toBe(
      'resources:\n- https://github.com/acme/apps//apps/my-app?ref=my-app-v1.4.0\n',
    );
  });

  test('of a repository that is one app is found in any folder, and odd tags are encoded', () => {
    expect(
      set('components: ["https://github.com/acme/my-app//deploy?ref=v1.3.0"]\n', {
        kind: 'base',
        repository: 'acme/my-app',
        appPath: '.',
        gitTag: 'rel/v1.4.0+a',
      }),
    ).toBe('components: ["https://github.com/acme/my-app//deploy?ref=rel%2Fv1.4.0%2Ba"]\n');
  });
});

describe('Helm values', () => {
  test.each([
    [
      'repository and tag',
      'image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.3.0\n',
      'image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.4.0\n',
    ],
    [
      'registry apart, with a digest',
      `web:\n  image:\n    registry: ghcr.io\n    repository: acme/my-app\n    tag: "1.3.0"\n    digest: ""\n`,
      `web:\n  image:\n    registry: ghcr.io\n    repository: acme/my-app\n    tag: "1.4.0"\n    digest: "${NEW}"\n`,
    ],
    [
      'the digest behind the tag',
      `image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.3.0@${OLD}\n`,
      `image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.4.0@${NEW}\n`,
    ],
    [
      'the repository only',
      'image: {repository: ghcr.io/acme/my-app}\n',
      'image: {repository: ghcr.io/acme/my-app, tag: 1.4.0}\n',
    ],
    ['the name as image', 'image: ghcr.io/acme/my-app\ntag: 1.3.0\n', 'image: ghcr.io/acme/my-app\ntag: 1.4.0\n'],
    [
      'the name as image and a tag for it',
      'image: ghcr.io/acme/my-app\nimageTag: 1.3.0\n',
      'image: ghcr.io/acme/my-app\nimageTag: 1.4.0\n',
    ],
    ['a name', 'image: {name: ghcr.io/acme/my-app, tag: v1.3.0}\n', 'image: {name: ghcr.io/acme/my-app, tag: 1.4.0}\n'],
    [
      'a tag that YAML reads as a number',
      'image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.10\n',
      'image:\n  repository: ghcr.io/acme/my-app\n  tag: 1.4.0\n',
    ],
  ])('with %s are set', (_, before, after) => {
    expect(set(before)).toBe(after);
  });

  test('without a digest for the target have their digest emptied', () => {
    const text = `image: {repository: ghcr.io/acme/my-app, tag: 1.3.0, digest: "${OLD}"}\n`;
    expect(set(text, TAG_ONLY)).toBe('image: {repository: ghcr.io/acme/my-app, tag: 1.4.0, digest: ""}\n');
  });

  test('of a HelmRelease and in a ConfigMap are set', () => {
    const text = `kind: HelmRelease
spec:
  chart: {spec: {chart: app, version: 1.3.0}}
  values:
    image:
      repository: ghcr.io/acme/my-app
      tag: 1.3.0
---
kind: ConfigMap
data:
  values.yaml: |
    image:
      repository: ghcr.io/acme/my-app

      tag: 1.3.0
  run.sh: |
    echo "image: ghcr.io/acme/my-app:1.3.0"
`;
    expect(set(text)).toBe(text.replaceAll(' tag: 1.3.0', ' tag: 1.4.0'));
  });

  test('several images of an app are each found by their own repository', () => {
    const text = `web: {image: {repository: ghcr.io/acme/my-app, tag: 1.3.0}}
worker: {image: {repository: ghcr.io/acme/my-app-worker, tag: 1.3.0}}
db: {image: {repository: postgres, tag: 1.3.0}}
`;
    const { files, changes, missing } = setVersions(
      [{ path: 'v.yaml', text }],
      [APP, { ...WORKER, tag: '2.0.0' }],
      'o',
    );
    expect(files[0]?.text).toBe(text.replace('1.3.0', '1.4.0').replace('worker, tag: 1.3.0', 'worker, tag: 2.0.0'));
    expect(changes).toEqual([
      { file: 'v.yaml', line: 1, path: 'web.image.tag', before: '1.3.0', after: '1.4.0' },
      { file: 'v.yaml', line: 2, path: 'worker.image.tag', before: '1.3.0', after: '2.0.0' },
    ]);
    expect(missing).toEqual([]);
  });

  test('that merge their repository from elsewhere are found', () => {
    const text = `defaults: &image {repository: ghcr.io/acme/my-app, tag: 1.2.0}
web: {image: {<<: *image, tag: 1.3.0}}
job: {image: {<<: *image}}
`;
    expect(set(text)).toBe(text.replace('1.2.0', '1.4.0').replace('1.3.0', '1.4.0'));
  });

  test('that share a tag by an anchor are changed at the anchor', () => {
    const text = `web: {image: {repository: ghcr.io/acme/my-app, tag: &v 1.3.0}}
job: {image: {repository: ghcr.io/acme/my-app, tag: *v}}
`;
    expect(set(text)).toBe(text.replace('1.3.0', '1.4.0'));
  });
});

describe('an Argo CD Application', () => {
  const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: my-app-staging}
spec:
  sources:
    - repoURL: https://github.com/acme/apps.git
      path: apps/my-app/deploy
      targetRevision: my-app-v1.3.0
      kustomize:
        images:
          - my-app=ghcr.io/acme/my-app:1.3.0
          - ghcr.io/acme/other:1.3.0
    - repoURL: https://charts.acme.dev
      chart: app
      targetRevision: 1.3.0
      helm:
        parameters:
          - name: web.image.repository
            value: ghcr.io/acme/my-app
          - name: web.image.tag
            value: 1.3.0
          - {name: db.image.tag, value: 1.3.0}
        valuesObject:
          image: {repository: ghcr.io/acme/my-app, tag: 1.3.0}
        values: |
          image:
            repository: ghcr.io/acme/my-app
            tag: 1.3.0
`;

  test('has its images, parameters and values set', () => {
    const { text, changes } = setVersion(application, 'app.yaml', APP);
    expect(changes.map(({ path, after }) => `${path} = ${after}`)).toEqual([
      `spec.sources[0].kustomize.images[0] = my-app=ghcr.io/acme/my-app:1.4.0@${NEW}`,
      'spec.sources[1].helm.parameters[1].value = 1.4.0',
      'spec.sources[1].helm.valuesObject.image.tag = 1.4.0',
      'spec.sources[1].helm.values » image.tag = 1.4.0',
    ]);
    expect(text.match(/1\.3\.0/g)).toHaveLength(4);
  });

  test('has the revision of its own source set', () => {
    expect(set(application, BASE)).toBe(application.replace('my-app-v1.3.0', 'my-app-v1.4.0'));
  });

  test('has the name written apart where tag and digest are both given', () => {
    const text = 'spec: {source: {kustomize: {images: ["ghcr.io/acme/my-app:1.3.0"]}}}\n';
    expect(set(text, TAG_ONLY)).toBe(text.replace('1.3.0', '1.4.0'));
    expect(set(text)).toBe(
      text.replace('ghcr.io/acme/my-app:1.3.0', `ghcr.io/acme/my-app=ghcr.io/acme/my-app:1.4.0@${NEW}`),
    );
  });

  test('with one nameless image parameter has that set, unless two images could be meant', () => {
    const text = 'spec: {source: {helm: {parameters: [{name: image.tag, value: 1.3.0}]}}}\n';
    expect(set(text)).toBe(text.replace('1.3.0', '1.4.0'));
    expect(() => setVersions([{ path: 'a.yaml', text }], [APP, WORKER], 'overlay')).toThrow(
      'Nothing in overlay carries',
    );
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

  test('of one target among others is told apart', () => {
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
