import { describe, expect, test } from '@jest/globals';
import { setVersion, setVersions } from '../../../../src/ops/carriers/set-version.js';
import { APP, BASE, NEW, set, TAG_ONLY, WORKER } from '../support.js';

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
