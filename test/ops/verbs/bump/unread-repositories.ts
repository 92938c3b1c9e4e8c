import { base, entry, type LayeredRepository, old, overlay, release, workload } from './layered-repositories.js';

/** Of these, something that staging is built from is not read, or may be such a thing. */
export const UNREAD: readonly LayeredRepository[] = [
  {
    name: 'the base is one of another repository',
    files: overlay(entry('1.1.0'), '- https://github.com/acme/web//deploy?ref=v1\n'),
    outcome: 'set',
    before: '1.1.0',
    unproved:
      /^Not proved: no container that runs ghcr\.io\/acme\/web was seen, .* the remote https:\/\/github\.com\/acme\/web\/\/deploy\?ref=v1 \(overlays\/staging\/web\/kustomization\.yaml:2\)\.$/,
  },
  {
    name: 'the base of the base is one of another repository',
    files: {
      'bases/web/kustomization.yaml': 'resources: ["github.com/acme/web//deploy?ref=v1"]\n',
      ...overlay(entry('1.1.0')),
    },
    outcome: 'set',
    before: '1.1.0',
    unproved: /the remote github\.com\/acme\/web\/\/deploy\?ref=v1 \(bases\/web\/kustomization\.yaml:1\)/,
  },
  {
    name: 'beside a base of another repository is a container that is seen',
    files: {
      ...old,
      ...overlay(entry('1.1.0'), '- ../../../bases/web\n- https://github.com/acme/db//deploy?ref=v1\n'),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'beside a base of another repository is a container of another image',
    files: {
      ...base('name: db, image: "ghcr.io/acme/db:1.0.0"'),
      ...overlay(entry('1.1.0'), '- ../../../bases/web\n- https://github.com/acme/web//deploy?ref=v1\n'),
    },
    outcome: 'set',
    before: '1.1.0',
    unproved: /the remote https/,
  },
  {
    name: 'a patch of what another repository has',
    files: {
      ...overlay('patches:\n- path: version.yaml\n', '- https://github.com/acme/web//deploy?ref=v1\n'),
      'overlays/staging/web/version.yaml': workload('name: web, image: "ghcr.io/acme/web:1.1.0"'),
    },
    outcome: 'set',
    before: '1.1.0',
    unproved: /the remote https/,
  },
  {
    name: 'the values of a HelmRelease beside a base of another repository',
    files: {
      ...overlay('', '- https://github.com/acme/db//deploy?ref=v1\n- web.yaml\n'),
      'overlays/staging/web/web.yaml': release('    image: {repository: ghcr.io/acme/web, tag: 1.1.0}\n'),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'a chart of kustomize, whose containers are not seen',
    files: overlay(
      `helmCharts:\n- {name: web, repo: "https://charts.acme.dev", version: 3.0.0}\n${entry('1.1.0')}`,
      '',
    ),
    outcome: 'set',
    before: '1.1.0',
    unproved: /"helmCharts" \(overlays\/staging\/web\/kustomization\.yaml:1\)/,
  },
  {
    name: 'a component of another repository',
    files: overlay(`components:\n- https://github.com/acme/web//deploy?ref=v1\n${entry('1.1.0')}`, ''),
    outcome: 'set',
    before: '1.1.0',
    unproved: /the component https/,
  },
  {
    name: 'configurations that say nothing of images',
    files: {
      ...old,
      'common/names.yaml': 'nameReference:\n- kind: Secret\n  fieldSpecs: [{path: spec/secret, kind: Web}]\n',
      ...overlay(`configurations: [../../../common/names.yaml]\n${entry('1.1.0')}`),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'configurations that say nothing of images, and an entry that sets nothing',
    files: {
      ...base('name: web, image: "registry.acme.dev/web:0.9.0"'),
      'common/names.yaml': 'nameReference:\n- kind: Secret\n  fieldSpecs: [{path: spec/secret, kind: Web}]\n',
      ...overlay(`configurations: [../../../common/names.yaml]\n${entry('1.1.0')}`),
    },
    outcome: /sets nothing: no container/,
    before: '0.9.0',
  },
  {
    name: 'configurations by which an object without containers has an image',
    files: {
      'bases/web/kustomization.yaml': 'resources: [web.yaml]\n',
      'bases/web/web.yaml':
        'apiVersion: acme.dev/v1\nkind: Web\nmetadata: {name: web}\nspec: {image: "ghcr.io/acme/web:0.9.0"}\n',
      'common/images.yaml': 'images:\n- path: spec/image\n  kind: Web\n',
      ...overlay(`configurations: [../../../common/images.yaml]\n${entry('1.1.0')}`),
    },
    outcome: 'set',
    before: '1.1.0',
    unproved: /the fields of images in the configuration \.\.\/\.\.\/\.\.\/common\/images\.yaml/,
  },
];
