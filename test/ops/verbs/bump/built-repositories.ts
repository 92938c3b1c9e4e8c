import type { LayeredRepository } from './layered-repositories.js';
import { base, overlay, release } from './layered-repositories.js';

const COMPONENT = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';
const image = (tag: string) => `    image: {repository: ghcr.io/acme/web, tag: ${tag}}\n`;
const based = { ...base(), 'bases/web/web.yaml': release(image('0.9.0')) };
const PATCH = 'overlays/staging/web/values.yaml';
const patched = { ...based, ...overlay('patches:\n- path: values.yaml\n'), [PATCH]: release(image('1.1.0')) };

/** Of these, kustomize builds a HelmRelease from several files, which gives the values of web. */
export const BUILT: readonly LayeredRepository[] = [
  {
    name: 'the folder has two kustomizations, so that kustomize builds neither',
    files: {
      ...based,
      'overlays/staging/web/kustomization.yml': 'resources: [../../../bases/web]\n',
      ...overlay(`patches:\n- path: values.yaml\n`),
      [PATCH]: release(image('1.1.0')),
    },
    outcome:
      /^Kustomize builds nothing of overlays\/staging\/web\/kustomization\.yaml and overlays\/staging\/web\/kustomization\.yml, /,
    before: '1.1.0',
  },
  {
    name: 'a patch of the environment over the values of the base',
    files: patched,
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'a later patch says the tag alone',
    files: {
      ...patched,
      ...overlay('patches:\n- path: values.yaml\n- path: pin.yaml\n'),
      'overlays/staging/web/pin.yaml': release('    image: {tag: 1.0.5}\n'),
    },
    outcome:
      /^HelmRelease web would still have ghcr\.io\/acme\/web at 1\.0\.5 \(overlays\/staging\/web\/pin\.yaml:7\), whatever/,
    before: '1.0.5',
  },
  {
    name: 'an earlier patch says the tag too',
    files: {
      ...patched,
      ...overlay('patches:\n- path: pin.yaml\n- path: values.yaml\n'),
      'overlays/staging/web/pin.yaml': release('    image: {tag: 1.0.5}\n'),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'a component says the tag over a patch of a folder inside',
    files: {
      ...based,
      'components/pin/kustomization.yaml': `${COMPONENT}patches:\n- path: pin.yaml\n`,
      'components/pin/pin.yaml': release('    image: {tag: 1.0.7}\n'),
      ...overlay('components:\n- ../../../components/pin\n', '- inner\n'),
      'overlays/staging/web/inner/kustomization.yaml':
        'resources: [../../../../bases/web]\npatches:\n- path: values.yaml\n',
      'overlays/staging/web/inner/values.yaml': release(image('1.1.0')),
    },
    outcome: /would still have ghcr\.io\/acme\/web at 1\.0\.7 \(components\/pin\/pin\.yaml:7\)/,
    before: '1.0.7',
  },
  {
    name: 'the kustomization above patches every release',
    files: {
      ...patched,
      'overlays/staging/kustomization.yaml':
        'resources: [web]\npatches:\n- target: {kind: HelmRelease}\n  patch: |-\n    - op: replace\n      path: /spec/values/image/tag\n      value: 1.0.4\n',
    },
    outcome: /would still have ghcr\.io\/acme\/web at 1\.0\.4 \(overlays\/staging\/kustomization\.yaml:7\)/,
    before: '1.0.4',
  },
  {
    name: 'the values of the base come over a ConfigMap of the environment',
    files: {
      ...based,
      'bases/web/web.yaml': release('    image: {tag: 0.8.0}\n').replace(
        '  values:\n',
        '  valuesFrom: [{kind: ConfigMap, name: values}]\n  values:\n',
      ),
      ...overlay('configMapGenerator:\n- name: values\n  files: [values.yaml]\n'),
      [PATCH]: 'image:\n  repository: ghcr.io/acme/web\n  tag: 1.1.0\n',
    },
    outcome: /would still have ghcr\.io\/acme\/web at 0\.8\.0 \(bases\/web\/web\.yaml:8\)/,
    before: '0.8.0',
  },
  {
    name: 'the ConfigMap of the environment is all that says the tag',
    files: {
      ...based,
      'bases/web/web.yaml': release('    replicas: 2\n').replace(
        '  values:\n',
        '  valuesFrom: [{kind: ConfigMap, name: values}]\n  values:\n',
      ),
      ...overlay('configMapGenerator:\n- name: values\n  files: [values.yaml]\n'),
      [PATCH]: 'image:\n  repository: ghcr.io/acme/web\n  tag: 1.1.0\n',
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'the base has another variant of the image beside it',
    files: {
      ...patched,
      'bases/web/web.yaml': release(
        `${image('0.9.0')}    debug: {image: {repository: ghcr.io/acme/web, tag: 0.9.0-debug}}\n`,
      ),
    },
    outcome: 'set',
    before: '1.1.0',
  },
];
