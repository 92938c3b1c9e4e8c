// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Flux are spelled like that.

import { describe, expect, test } from '@jest/globals';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { changeOf, type Files, POLICY } from './support.js';

const deployment = (name: string, image: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { template: { spec: { containers: [{ name: ${name}, image: "${image}" }] } } }\n`;
const web = (tag: string) =>
  `resources: [../../../bases/web]\nimages:\n- name: ghcr.io/acme/web\n  newTag: ${tag}\n- name: docker.io/library/redis\n  newTag: 7.0.0\n`;
const flux = (spec: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: web, namespace: flux-system }\nspec: ${spec}\n`;
const source = (kind: string, spec: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: { name: other }\nspec: ${spec}\n`;
const release = (version: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: podinfo }\nspec: { chart: { spec: { chart: podinfo, version: "${version}", sourceRef: { kind: HelmRepository, name: podinfo } } } }\n`;
const application = (source: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec: { source: ${source}, destination: { name: large, namespace: web } }\n`;

const OPS: Files = {
  'ostack.yaml': POLICY,
  'bases/web/kustomization.yaml': 'resources: [web.yaml, redis.yaml, proxy.yaml]\n',
  'bases/web/web.yaml': deployment('web', 'ghcr.io/acme/web:1.0.0'),
  'bases/web/redis.yaml': deployment('redis', 'docker.io/library/redis:6.0.0'),
  'bases/web/proxy.yaml': deployment('proxy', 'docker.io/library/nginx:1.27.0'),
  'overlays/staging/web/kustomization.yaml': web('1.5.0'),
  'overlays/production/web/kustomization.yaml': web('1.4.0'),
  'clusters/production/web.yaml': flux('{ path: ./overlays/production/web }'),
  'clusters/production/podinfo.yaml': release('6.5.0'),
};

async function problemsOf(edits: Record<string, string | undefined>, before: Files = OPS): Promise<string[]> {
  const { problems } = await inspectChange(changeOf(before, edits), 'acme/ops');
  expect([...problems.keys()]).toEqual(['production']);
  return problems.get('production')?.map(({ message }) => message) ?? [];
}

const nothing: string[] = [];
const says = (text: string): unknown[] => [expect.stringContaining(text)];

describe('A version that changes in production', () => {
  test.each<[string, Record<string, string | undefined>, unknown[]]>([
    ['is judged as its app’s', { 'overlays/production/web/kustomization.yaml': web('1.5.0') }, nothing],
    ['is nobody’s business in staging', { 'overlays/staging/web/kustomization.yaml': web('1.6.0') }, nothing],
    [
      'and is no app’s is a problem',
      { 'clusters/production/podinfo.yaml': release('6.6.0') },
      says('chart podinfo 6.6.0 comes into production, and no app has it'),
    ],
    [
      'and comes with another folder is a problem',
      { 'clusters/production/web.yaml': flux('{ path: ./overlays/staging/web }') },
      says('ghcr.io/acme/web:1.5.0 comes into production, and no app has it'),
    ],
    [
      'and is set by the object that deploys the folder is judged as its app’s',
      {
        'clusters/production/web.yaml': flux(
          '{ path: ./overlays/production/web, images: [{ name: ghcr.io/acme/web, newTag: 1.6.0 }] }',
        ),
      },
      nothing,
    ],
    [
      'and is set by a patch in that object is a problem',
      {
        'clusters/production/web.yaml': flux(
          `{ path: ./overlays/production/web, patches: [{ patch: ${JSON.stringify(deployment('web', 'ghcr.io/acme/web:1.6.0'))} }] }`,
        ),
      },
      says('ghcr.io/acme/web:1.6.0 comes into production, and no app has it'),
    ],
    [
      'and is in its app’s base is judged as its app’s, too',
      { 'bases/web/proxy.yaml': deployment('proxy', 'docker.io/library/nginx:1.28.0') },
      nothing,
    ],
    [
      'and comes with a workload of its own is a problem',
      {
        'clusters/production/miner.yaml': deployment('miner', 'docker.io/eve/miner:1.0.0'),
      },
      says('docker.io/eve/miner:1.0.0 comes into production, and no app has it'),
    ],
    [
      'and comes by digest alone is a problem',
      {
        'clusters/production/miner.yaml': deployment('miner', `docker.io/eve/miner@sha256:${'a'.repeat(64)}`),
      },
      says('docker.io/eve/miner@sha256:aaaa'),
    ],
    ...[
      ['//deploy', '//deploy'],
      ['//deploy/production', '//deploy/production'],
      ['//apps/web/deploy', '//apps/web/deploy'],
      ['', ''],
    ].map(([folder, said]): [string, Record<string, string>, unknown[]] => [
      `and is of a base with${folder === '' ? 'out a folder' : ` the folder ${folder}`} is a problem that names it`,
      {
        'clusters/production/kustomization.yaml': `resources: ["https://github.com/eve/base${folder}?ref=v1.2.3"]\n`,
      },
      says(`: eve/base${said}?ref=v1.2.3 comes into production`.slice(2)),
    ]),
  ])('%s', async (_, edits, expected) => {
    expect(await problemsOf(edits)).toEqual(expected);
  });

  test('and that the overlay replaces is said, and refused nowhere', async () => {
    const edits = { 'bases/web/redis.yaml': deployment('redis', 'docker.io/library/redis:6.1.0') };
    const { problems, notes } = await inspectChange(changeOf(OPS, edits), 'acme/ops');
    expect(problems.get('production')).toEqual([]);
    expect(notes).toEqual(says('docker.io/library/redis:6.1.0 is rendered nowhere in production'));
  });

  test('and is a variable’s value is a problem', async () => {
    const before: Files = {
      ...OPS,
      'bases/web/proxy.yaml': deployment('proxy', 'docker.io/library/nginx:${NGINX}'),
      'clusters/production/web.yaml': flux(
        '{ path: ./overlays/production/web, postBuild: { substitute: { NGINX: 1.27.0 } } }',
      ),
    };
    const edits = {
      'clusters/production/web.yaml': flux(
        '{ path: ./overlays/production/web, postBuild: { substitute: { NGINX: 1.28.0 } } }',
      ),
    };
    expect(await problemsOf(edits, before)).toEqual(says('the variable NGINX becomes 1.28.0 in production'));
  });
});

describe('What production comes to take in from elsewhere', () => {
  const kustomization = (resource: string) => ({
    'overlays/production/more/kustomization.yaml': `resources: ["${resource}"]\n`,
  });
  const SHA = 'a'.repeat(40);
  test.each<[string, Record<string, string>, boolean]>([
    ['a base of a branch', kustomization('https://github.com/acme/base//deploy?ref=main'), false],
    ['a base of nothing', kustomization('https://github.com/acme/base//deploy'), false],
    ['a base of a commit', kustomization(`https://github.com/acme/base//deploy?ref=${SHA}`), true],
    ['a file of a branch', kustomization('https://raw.githubusercontent.com/acme/base/main/a.yaml'), false],
    ['a file of a release', kustomization('https://github.com/acme/base/releases/download/v1.2.3/a.yaml'), true],
    [
      'a repository at a branch',
      {
        'clusters/production/s.yaml': source(
          'GitRepository',
          '{ url: https://github.com/acme/base, ref: { branch: main } }',
        ),
      },
      false,
    ],
    [
      'a repository at a tag',
      {
        'clusters/production/s.yaml': source(
          'GitRepository',
          '{ url: https://github.com/acme/base, ref: { tag: v1.2.3 } }',
        ),
      },
      true,
    ],
    [
      'this repository at a branch',
      {
        'clusters/production/s.yaml': source(
          'GitRepository',
          '{ url: https://github.com/Acme/ops.git, ref: { branch: main } }',
        ),
      },
      true,
    ],
    [
      'an artifact at a range',
      { 'clusters/production/s.yaml': source('OCIRepository', '{ url: oci://ghcr.io/acme/x, ref: { semver: 1.x } }') },
      false,
    ],
    [
      'an artifact at a digest',
      {
        'clusters/production/s.yaml': source(
          'OCIRepository',
          '{ url: oci://ghcr.io/acme/x, ref: { digest: "sha256:ab" } }',
        ),
      },
      true,
    ],
    [
      'another repository at its head',
      {
        'clusters/production/s.yaml': application(
          '{ repoURL: https://github.com/acme/base, targetRevision: HEAD, path: x }',
        ),
      },
      false,
    ],
    [
      'this repository at its head',
      {
        'clusters/production/s.yaml': application(
          '{ repoURL: https://github.com/acme/ops, targetRevision: HEAD, path: overlays/production/web }',
        ),
      },
      true,
    ],
    ['a chart at a range', { 'clusters/production/podinfo.yaml': release('6.x') }, false],
  ])('as %s', async (_, edits, isExact) => {
    const found = await problemsOf(edits);
    expect(found.some((message) => message.includes('at no exact version'))).toBe(!isExact);
  });

  test('before the change is left alone', async () => {
    const before = { ...OPS, ...kustomization('https://github.com/acme/base//deploy?ref=main') };
    const path = 'overlays/production/more/kustomization.yaml';
    expect(await problemsOf({ [path]: `${before[path]}namePrefix: a-\n` }, before)).toEqual(nothing);
  });
});

describe('What cannot be judged', () => {
  test('is a file of production that is no YAML', async () => {
    expect(await problemsOf({ 'clusters/production/web.yaml': 'a: [\n' })).toEqual(says('not valid YAML'));
  });
  test('is a policy that is none', async () => {
    expect(await problemsOf({ 'ostack.yaml': 'environmens: {}\n' })).toEqual(says('unknown key "environmens"'));
  });
  test('are holds that are none', async () => {
    expect(await problemsOf({ '.ostack/holds.yaml': '{}\n' })).not.toEqual(nothing);
  });
  test('is a symbolic link', async () => {
    const change = changeOf(OPS, { 'overlays/production/web/extra': 'x\n' });
    const head = { ...change.head, links: ['overlays/production/web/extra'] };
    const { problems } = await inspectChange({ ...change, head }, 'acme/ops');
    expect(problems.get('production')?.map(({ message }) => message)).toEqual(
      says('is a symbolic link or a submodule'),
    );
  });
  test('is not what staging has, which has no rules', async () => {
    expect(await problemsOf({ 'overlays/staging/web/x.yaml': 'a: [\n' })).toEqual(nothing);
  });
});
