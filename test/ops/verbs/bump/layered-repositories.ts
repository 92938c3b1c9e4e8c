/** Small ops repositories in which several layers of kustomize say what `web` runs in staging. */
export interface LayeredRepository {
  name: string;
  files: Record<string, string>;
  /** `set`: the release comes to run; `newer`: what runs is newer; else what the refusal says. */
  outcome: 'set' | 'newer' | RegExp;
  /** What to make of a refusal: put what it says to paste into the kustomization, or into `ostack.yaml`. */
  paste?: 'kustomization' | 'policy';
  /** The version that staging has of it before, as people read it. */
  before: string | null;
  /** What keeps it open whether something runs the release; nothing where it is missing. */
  unproved?: RegExp;
  /** What is in the files afterwards, where it is newer and nobody runs it. */
  left?: string;
}

export const KUSTOMIZATION = 'overlays/staging/web/kustomization.yaml';
const COMPONENT = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';
const BUILTIN = (kind: string, more: string) => `apiVersion: builtin\nkind: ${kind}\nmetadata: {name: x}\n${more}`;

export const workload = (...containers: string[]) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n${containers.map((each) => `      - {${each}}\n`).join('')}`;
export const base = (...containers: string[]) => ({
  'bases/web/kustomization.yaml': 'resources: [web.yaml]\n',
  'bases/web/web.yaml': workload(...containers),
});
export const entry = (tag: string, name = 'ghcr.io/acme/web') => `images:\n- name: ${name}\n  newTag: ${tag}\n`;
export const overlay = (more: string, resources = '- ../../../bases/web\n') => ({
  [KUSTOMIZATION]: `resources:\n${resources}${more}`,
});
export const old = base('name: web, image: "ghcr.io/acme/web:0.9.0"');
const REPLACEMENT =
  'source: {kind: ConfigMap, name: v, fieldPath: data.tag}\ntargets:\n- select: {kind: Deployment}\n  fieldPaths: [FIELD]\n  options: {delimiter: ":", index: 1}\n';
const replacing = (field: string) => REPLACEMENT.replace('FIELD', field);
const listed = (text: string) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`;
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: v}\ndata: {tag: 1.0.9}\n';
export const release = (values: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: apps}\nspec:\n  chart: {spec: {chart: web, version: 3.0.0, sourceRef: {kind: HelmRepository, name: acme}}}\n  values:\n${values}`;

export const LAYERED: readonly LayeredRepository[] = [
  {
    name: 'the entry of the environment is for what the base runs',
    files: { ...old, ...overlay(entry('1.1.0')) },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'the base gives the image its name, and the entry of the environment is for the old one',
    files: {
      ...base('name: web, image: "web:dev"'),
      'bases/web/kustomization.yaml':
        'resources: [web.yaml]\nimages:\n- name: web\n  newName: ghcr.io/acme/web\n  newTag: 1.0.0\n',
      ...overlay(entry('1.1.0', 'web')),
    },
    outcome: 'set',
    before: '1.0.0',
  },
  {
    name: 'the base gives the image its name, and the entry of the environment is for that',
    files: {
      ...base('name: web, image: "web:dev"'),
      'bases/web/kustomization.yaml':
        'resources: [web.yaml]\nimages:\n- name: web\n  newName: ghcr.io/acme/web\n  newTag: 1.0.0\n',
      ...overlay(entry('1.1.0')),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'the environment gives the image the name of a mirror',
    files: {
      ...old,
      ...overlay('images:\n- name: ghcr.io/acme/web\n  newName: mirror.acme.dev/web\n  newTag: 1.1.0\n'),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'an entry gives a name only after the entry for that name',
    files: {
      ...base('name: web, image: "web:1.0.0"'),
      ...overlay(`${entry('1.1.0')}- name: web\n  newName: ghcr.io/acme/web\n`),
    },
    outcome: 'set',
    before: '1.0.0',
  },
  {
    name: 'the base has the image from another registry',
    files: { ...base('name: web, image: "registry.acme.dev/web:0.9.0"'), ...overlay(entry('1.1.0')) },
    outcome: /sets nothing: no container .* They run registry\.acme\.dev\/web\./s,
    paste: 'kustomization',
    before: '0.9.0',
  },
  {
    name: 'no container of the base is of that name',
    files: {
      ...base('name: a, image: "ghcr.io/acme/a:1.0.0"', 'name: b, image: "ghcr.io/acme/b:1.0.0"'),
      ...overlay(entry('1.1.0')),
    },
    outcome: /sets nothing: .* They run ghcr\.io\/acme\/a, ghcr\.io\/acme\/b\. Write the name/s,
    before: '1.0.0',
  },
  {
    name: 'the base is a HelmRelease, which images of kustomize do not reach',
    files: {
      ...base(),
      'bases/web/web.yaml': release('    image: {repository: ghcr.io/acme/web, tag: 0.9.0}\n'),
      ...overlay(entry('1.1.0')),
    },
    outcome: /does not reach the values of HelmRelease web/,
    paste: 'kustomization',
    before: '0.9.0',
  },
  {
    name: 'the base is an Application of Argo CD with values',
    files: {
      ...base(),
      'bases/web/web.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source:\n    helm:\n      valuesObject:\n        image: {repository: ghcr.io/acme/web, tag: 0.9.0}\n',
      ...overlay(entry('1.1.0')),
    },
    outcome: /does not reach the values of Application web/,
    paste: 'kustomization',
    before: '0.9.0',
  },
  {
    name: 'only a variable of a container has the image in the environment',
    files: {
      ...old,
      ...overlay('patches:\n- path: env.yaml\n'),
      'overlays/staging/web/env.yaml': workload('name: web, env: [{name: JOB_IMAGE, value: "ghcr.io/acme/web:1.1.0"}]'),
    },
    outcome: 'set',
    before: '0.9.0',
  },
  {
    name: 'only a file of variables has the image in the environment',
    files: {
      ...old,
      ...overlay('configMapGenerator:\n- name: v\n  envs: [v.env]\n'),
      'overlays/staging/web/v.env': 'IMAGE=ghcr.io/acme/web:1.1.0\n',
    },
    outcome: 'set',
    before: '0.9.0',
  },
  {
    name: 'values that nothing uses have the image in the environment',
    files: {
      ...old,
      ...overlay(''),
      'overlays/staging/web/values.yaml': 'image:\n  repository: ghcr.io/acme/web\n  tag: 1.1.0\n',
    },
    outcome: 'set',
    before: '0.9.0',
  },
  {
    name: 'the environment patches one of two containers',
    files: {
      ...base('name: web, image: "ghcr.io/acme/web:0.9.0"', 'name: migrate, image: "ghcr.io/acme/web:0.9.0"'),
      ...overlay('patches:\n- path: version.yaml\n'),
      'overlays/staging/web/version.yaml': workload('name: web, image: "ghcr.io/acme/web:1.1.0"'),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'a component sets the version',
    files: {
      ...old,
      'components/version/kustomization.yaml': `${COMPONENT}${entry('1.1.0')}`,
      ...overlay('components:\n- ../../../components/version\n'),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'a component of the base patches the image',
    files: {
      ...old,
      'bases/web/kustomization.yaml': 'resources: [web.yaml]\ncomponents: [../version]\n',
      'bases/version/kustomization.yaml': `${COMPONENT}patches:\n- path: version.yaml\n`,
      'bases/version/version.yaml': workload('name: web, image: "ghcr.io/acme/web:1.1.0"'),
      ...overlay(''),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'a component sets a newer version',
    files: {
      ...old,
      'components/version/kustomization.yaml': `${COMPONENT}${entry('3.1.0')}`,
      ...overlay('components:\n- ../../../components/version\n'),
    },
    outcome: 'newer',
    before: '3.1.0',
  },
  {
    name: 'the entry of the environment comes after that of a newer component',
    files: {
      ...old,
      'components/version/kustomization.yaml': `${COMPONENT}${entry('3.1.0')}`,
      ...overlay(`components:\n- ../../../components/version\n${entry('1.1.0')}`),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'a patch of the base has a newer version than its manifest and a variable of the environment',
    files: {
      ...old,
      'bases/web/kustomization.yaml': 'resources: [web.yaml]\npatches:\n- path: version.yaml\n',
      'bases/web/version.yaml': workload('name: web, image: "ghcr.io/acme/web:3.0.0"'),
      ...overlay('patches:\n- path: env.yaml\n'),
      'overlays/staging/web/env.yaml': workload('name: web, env: [{name: JOB, value: "ghcr.io/acme/web:1.1.0"}]'),
    },
    outcome: 'newer',
    before: '3.0.0',
  },
  {
    name: 'a transformer of all environments sets the image after the entry',
    files: {
      ...old,
      'common/images.yaml': BUILTIN('ImageTagTransformer', 'imageTag: {name: ghcr.io/acme/web, newTag: 1.0.7}\n'),
      ...overlay(`${entry('1.1.0')}transformers:\n- ../../../common/images.yaml\n`),
    },
    outcome: /Deployment web, container web would still run ghcr\.io\/acme\/web:1\.0\.7 \(common\/images\.yaml:4\)/,
    before: '1.0.7',
  },
  {
    name: 'an inline transformer sets the image after the entry',
    files: {
      ...old,
      ...overlay(
        `${entry('1.1.0')}transformers:\n- |-\n  ${BUILTIN('ImageTagTransformer', 'imageTag: {name: ghcr.io/acme/web, newTag: 1.0.7}').replaceAll('\n', '\n  ')}\n`,
      ),
    },
    outcome: /would still run ghcr\.io\/acme\/web:1\.0\.7 \(overlays\/staging\/web\/kustomization\.yaml:11\)/,
    before: '1.0.7',
  },
  {
    name: 'a transformer that nobody knows comes after the entry',
    files: {
      ...old,
      'common/plugin.yaml': 'apiVersion: acme.dev/v1\nkind: Sealer\nmetadata: {name: x}\n',
      ...overlay(`${entry('1.1.0')}transformers:\n- ../../../common/plugin.yaml\n`),
    },
    outcome: /common\/plugin\.yaml:1: the transformer Sealer may write the image of Deployment web/,
    paste: 'policy',
    before: '1.1.0',
  },
  {
    name: 'a transformer of labels comes after the entry',
    files: {
      ...old,
      'common/labels.yaml': BUILTIN(
        'LabelTransformer',
        'labels: {a: b}\nfieldSpecs: [{path: metadata/labels, create: true}]\n',
      ),
      ...overlay(`${entry('1.1.0')}transformers:\n- ../../../common/labels.yaml\n`),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'replacements of all environments write the image after the entry',
    files: {
      ...old,
      'common/replace.yaml': replacing('spec.template.spec.containers.0.image'),
      ...overlay(
        `${entry('1.1.0')}replacements:\n- path: ../../../common/replace.yaml\n`,
        '- ../../../bases/web\n- config.yaml\n',
      ),
      'overlays/staging/web/config.yaml': CONFIG,
    },
    outcome: /common\/replace\.yaml:\d: "replacements" may write the image of Deployment web, container web/,
    paste: 'policy',
    before: '1.1.0',
  },
  {
    name: 'replacements write another field',
    files: {
      ...old,
      ...overlay(
        `${entry('1.1.0')}replacements:\n${listed(replacing('spec.template.spec.containers.0.name').replace(/ {2}options.*\n/, ''))}`,
        '- ../../../bases/web\n- config.yaml\n',
      ),
      'overlays/staging/web/config.yaml': CONFIG,
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'the folder above takes in the overlay and sets the image too',
    files: {
      ...old,
      'overlays/staging/kustomization.yaml': `resources: [web]\n${entry('1.0.5')}`,
      ...overlay(entry('1.1.0')),
    },
    outcome: /would still run ghcr\.io\/acme\/web:1\.0\.5 \(overlays\/staging\/kustomization\.yaml:3\)/,
    before: '1.0.5',
  },
  {
    name: 'the folder above takes in the overlay and changes nothing',
    files: {
      ...old,
      'overlays/staging/kustomization.yaml': 'resources: [./web/]\nnamespace: staging\nnamePrefix: s-\n',
      ...overlay(entry('1.1.0')),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'an entry for a variant that another container runs',
    files: {
      ...base('name: web, image: "ghcr.io/acme/web:0.9.0"', 'name: debug, image: "ghcr.io/acme/tools:1.0.0"'),
      ...overlay(entry('1.1.0')),
    },
    outcome: 'set',
    before: '1.1.0',
  },
];
