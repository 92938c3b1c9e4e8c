/** Versions in files that are of environments, and that nothing leads to. */
import { describe, expect, test } from '@jest/globals';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { ARGO_CD } from '../../attacks/support/argocd.js';
import { at, ROLES } from '../../attacks/support/plain.js';
import { changeOf, type Files } from './support.js';

const FILES: Files = { ...ARGO_CD[0] };
const set = (path: string, url = 'https://github.com/acme/ops', more = '') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: s, namespace: argocd }\nspec:\n  generators: [{ clusters: {} }]\n  template: { metadata: { name: x }, spec: { project: default, destination: { name: "{{name}}", namespace: shop }, source: { repoURL: "${url}", targetRevision: main, path: "${path}"${more} } } }\n`;
const PREVIEWS = '{ pullRequest: { github: { owner: acme, repo: apps } } }';
const deployment = (image: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: w }\nspec: { template: { spec: { containers: [{ name: w, image: "${image}" }] } } }\n`;
const ASSIGNED = { ...FILES, 'ostack.yaml': `${ROLES}paths: { "hack/**": [production] }\n` };

async function problems(before: Files, edits: Record<string, string | undefined>, environment = 'production') {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  return (facts.problems.get(environment) ?? []).map(({ message }) => message).join(' | ');
}

describe.each<[string, Files, Record<string, string>, string]>([
  [
    'an ApplicationSet that deploys everything of a branch of somebody',
    FILES,
    { 'argocd/all.yaml': set('*', 'https://github.com/evil/x') },
    'https://github.com/evil/x at no exact version',
  ],
  [
    'an ApplicationSet that sets an image',
    FILES,
    { 'argocd/all.yaml': set('*', undefined, ', kustomize: { images: ["ghcr.io/acme/shop:6.6.6"] }') },
    '6.6.6',
  ],
  ['an object that nothing deploys yet', FILES, { 'later/w.yaml': deployment('ghcr.io/evil/x:1') }, 'ghcr.io/evil/x:1'],
  [
    'an object in a path that the policy assigns',
    ASSIGNED,
    { 'hack/w.yaml': deployment('ghcr.io/evil/x:1') },
    'ghcr.io/evil/x:1',
  ],
  ['an image in a file of no known form', FILES, { 'later/deploy.sh': 'run ghcr.io/evil/x:1\n' }, 'ghcr.io/evil/x:1'],
  ['an object that cannot be read', FILES, { 'later/w.yaml': 'image: [\n' }, 'later/w.yaml'],
  ['a program', FILES, { 'later/w.jsonnet': '{ image: "ghcr.io" + "/evil/x:1" }' }, 'a program'],
])('%s', (_, before, edits, expected) => {
  test('is a problem of each environment with rules', async () => {
    expect(await problems(before, edits)).toContain(expected);
  });
});

test.each<[string, Files, Record<string, string>]>([
  ['what an app of the environment has', FILES, { 'later/w.yaml': deployment('ghcr.io/acme/shop:1.4.0') }],
  ['an ApplicationSet of this repository', FILES, { 'argocd/all.yaml': set('*') }],
  [
    'what was there before',
    { ...FILES, 'later/w.yaml': deployment('ghcr.io/evil/x:1') },
    { 'later/w.yaml': `# ours\n${deployment('ghcr.io/evil/x:1')}` },
  ],
  ['previews of pull requests', FILES, { 'argocd/previews.yaml': set('*').replace('{ clusters: {} }', PREVIEWS) }],
  ['documentation', FILES, { 'later/README.md': 'ghcr.io/evil/x:1\n', 'docs/w.yaml': deployment('ghcr.io/evil/x:1') }],
  ['a workflow', FILES, { '.github/workflows/x.yaml': 'jobs: { a: { container: "ghcr.io/acme/tools:1" } }\n' }],
])('%s is none', async (_, before, edits) => {
  expect(await problems(before, edits)).toBe('');
});

test('what is of one environment by the policy is no problem of another', async () => {
  expect(await problems(ASSIGNED, { 'hack/w.yaml': deployment('ghcr.io/evil/x:1') }, 'staging')).toBe('');
});

describe.each<[string, Record<string, string>, string]>([
  ['an image in a script', { 'hack/x.sh': 'run ghcr.io/evil/x:1\n' }, 'ghcr.io/evil/x:1'],
  ['an image in an object', { 'hack/w.yaml': deployment('ghcr.io/evil/x:1') }, 'ghcr.io/evil/x:1'],
  [
    'an image in a file with signs of patterns in its name',
    { 'hack/[x] {y}.sh': 'run ghcr.io/evil/x:1\n' },
    'ghcr.io/evil/x:1',
  ],
  ['a program', { 'hack/w.jsonnet': '{ image: "ghcr.io" + "/x:1" }' }, 'a program'],
  ['a pointer of Git LFS', { 'hack/w.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n' }, 'Git LFS'],
  [
    'something that is not pinned',
    { 'hack/kustomization.yaml': 'resources: ["https://github.com/evil/x//deploy"]\n' },
    'at no exact version',
  ],
  ['something that cannot be read', { 'hack/w.yaml': 'image: [\n' }, 'not valid YAML'],
])('what is said of %s that nothing leads to', (_, edits, reason) => {
  const advised = async () => {
    const [, free = '', paths = ''] =
      /"(free: .*?\])" into ostack\.yaml, or, .*?, "(paths: .*?\] \})"/.exec(await problems(FILES, edits)) ?? [];
    return { free, paths };
  };
  const withPolicy = (line: string) => ({ ...FILES, 'ostack.yaml': `${ROLES}${line}\n` });

  test('lets it in as a file that no cluster reads', async () => {
    const { free } = await advised();
    expect(await problems(withPolicy(free), edits)).toBe('');
  });

  test('gives it to one environment', async () => {
    const { paths } = await advised();
    const given = (environment: string) => withPolicy(paths.replace('<environments>', environment));
    expect(await problems(given('staging'), edits)).toBe('');
    expect(await problems(given('production'), edits)).toContain(reason);
  });
});

test('of a file that a cluster takes in, nothing is said of free files', async () => {
  const [path, image] = [at('production', 'shop', 'x.yaml'), 'ghcr.io/evil/x:1'];
  const message = await problems(FILES, { [path]: deployment(image), 'hack/x.sh': `run ${image}\n` });
  expect(message).toContain(image);
  expect(message).toContain('free: ["hack/x.sh"]');
  expect(message).not.toContain(`free: ["${path}"]`);
});
