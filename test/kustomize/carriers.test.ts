import { expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { bumpOf } from '../ops/verbs/bump/bump-of.js';
import { WorkCopy } from './support.js';

const OLD = `sha256:${'b'.repeat(64)}`;
const NEW = `sha256:${'a'.repeat(64)}`;
const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0', digest: NEW };
const FOLDER = 'overlays/staging/web';

const deployment = (...containers: string[]) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n${containers.map((each) => `      - ${each}\n`).join('')}`;

interface Case {
  name: string;
  files: Record<string, string>;
  policy?: string;
  /** What the build has before, and what it has instead afterwards. */
  from: string;
  to: string;
}

const CASES: Case[] = [
  {
    name: 'a tag in newName',
    files: {
      'kustomization.yaml': 'resources: [web.yaml]\nimages: [{name: web, newName: "ghcr.io/acme/web:1.1.0"}]\n',
      'web.yaml': deployment('{name: web, image: web}', '{name: db, image: "postgres:15"}'),
    },
    from: 'ghcr.io/acme/web:1.1.0',
    to: `ghcr.io/acme/web:2.0.0@${NEW}`,
  },
  {
    name: 'a digest alone',
    files: {
      'kustomization.yaml': `resources: [web.yaml]\nimages: [{name: ghcr.io/acme/web, digest: "${OLD}"}]\n`,
      'web.yaml': deployment('{name: web, image: ghcr.io/acme/web}'),
    },
    from: OLD,
    to: NEW,
  },
  {
    name: 'an ImageTagTransformer',
    files: {
      'kustomization.yaml': 'resources: [web.yaml]\ntransformers: [images.yaml]\n',
      'images.yaml':
        'apiVersion: builtin\nkind: ImageTagTransformer\nmetadata: {name: web}\nimageTag: {name: ghcr.io/acme/web, newTag: 1.1.0}\nfieldSpecs: [{path: "spec/template/spec/containers[]/image"}]\n',
      'web.yaml': deployment('{name: web, image: ghcr.io/acme/web}'),
    },
    from: 'ghcr.io/acme/web:1.1.0',
    to: `ghcr.io/acme/web:2.0.0@${NEW}`,
  },
  {
    name: 'variables, arguments, literals and files of variables',
    files: {
      'kustomization.yaml':
        'resources: [web.yaml]\ngeneratorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator:\n- name: a\n  literals: [JOB=ghcr.io/acme/web:1.1.0]\n- name: b\n  envs: [web.env]\n',
      'web.env': 'JOB=ghcr.io/acme/web:1.1.0\nOTHER=ghcr.io/acme/web-other:1.1.1\n',
      'web.yaml': deployment(
        '{name: web, image: "ghcr.io/acme/web:1.1.0", env: [{name: JOB_IMAGE, value: "ghcr.io/acme/web:1.1.0"}], args: ["--job=ghcr.io/acme/web:1.1.0"]}',
      ),
    },
    from: 'ghcr.io/acme/web:1.1.0',
    to: `ghcr.io/acme/web:2.0.0@${NEW}`,
  },
  {
    name: 'two containers with different tags',
    files: {
      'kustomization.yaml': 'resources: [web.yaml]\n',
      'web.yaml': deployment(
        '{name: web, image: "ghcr.io/acme/web:1.1.0"}',
        '{name: debug, image: "ghcr.io/acme/web:1.1.1-debug"}',
      ),
    },
    from: 'ghcr.io/acme/web:1.1.0',
    to: `ghcr.io/acme/web:2.0.0@${NEW}`,
  },
  {
    name: 'the source of replacements, named by the policy',
    files: {
      'kustomization.yaml':
        'resources: [web.yaml]\ngeneratorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator:\n- name: versions\n  literals: [web=1.1.0]\nreplacements:\n- source: {kind: ConfigMap, name: versions, fieldPath: data.web}\n' +
        '  targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.0.image"]\n    options: {delimiter: ":", index: 1}\n',
      'web.yaml': deployment('{name: web, image: "ghcr.io/acme/web:0.0.0"}'),
    },
    policy:
      'carriers:\n  - file: overlays/{environment}/web/kustomization.yaml\n    path: configMapGenerator[0].literals[0]\n    image: ghcr.io/acme/web\n',
    from: '1.1.0',
    to: '2.0.0',
  },
];

test.each(CASES)('$name: a release changes what runs, and nothing else', async ({ files, policy, from, to }) => {
  await using copy = await WorkCopy.of(undefined);
  const all = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]));
  await copy.write(Object.entries(all));
  const before = JSON.stringify(await copy.build(FOLDER));
  const tree = objectTree({ 'bases/x/kustomization.yaml': '', ...all });
  const layout = await locateOverlays(tree, readPolicy(policy));
  const bump = bumpOf('staging', WEB);
  const { plan, problem } = await planOverlay(tree, layout, bump, [WEB]);
  expect(problem).toBeUndefined();
  await copy.apply(plan?.change ?? { files: new Map() });
  expect(before).toContain(from);
  expect(JSON.stringify(await copy.build(FOLDER))).toBe(before.replaceAll(from, to));
});
