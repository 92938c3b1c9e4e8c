/** Versions under keys that no carrier knows: of generators, of values of charts, of resources of operators; and what is like them. */
import { describe, expect, test } from '@jest/globals';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { ARGO_CD, application } from '../../attacks/support/argocd.js';
import { FLUX } from '../../attacks/support/flux.js';
import { at, FILES, overlay } from '../../attacks/support/plain.js';
import { changeOf, type Files } from './support.js';

type Edits = Record<string, string | undefined>;

const ARGO_FILES: Files = { ...ARGO_CD[0] };
const FLUX_FILES: Files = { ...FLUX[0] };
const FOLDER = 'overlays/production/shop';
const FILE = at('production');
const SET = 'argocd/set.yaml';

const OWN = 'repoURL: "https://github.com/acme/ops", targetRevision: main, path: overlays/production/shop';
const generated = (generators: string, source = OWN): Files => ({
  [SET]: `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: s, namespace: argocd }\nspec:\n  generators: ${generators}\n  template: { metadata: { name: x }, spec: { project: default, destination: { name: production, namespace: shop }, source: { ${source} } } }\n`,
});
const set = (old: string, next: string, source?: string): [Files, Edits] => [
  { ...ARGO_FILES, ...generated(old, source) },
  generated(next, source),
];
const list = (element: string) => `[{ list: { elements: [{ ${element} }] } }]`;
const nested = (kind: string, element: string) =>
  `[{ ${kind}: { generators: [{ clusters: {} }, { list: { elements: [{ ${element} }] } }] } }]`;
const applied = (more: string): Edits => ({ 'argocd/shop-production.yaml': application('production', { more }) });
const GIT =
  '[{ git: { repoURL: "https://github.com/acme/ops", revision: main, files: [{ path: "settings/*.yaml" }] } }]';
const FILED: Files = { ...ARGO_FILES, ...generated(GIT), 'settings/a.yaml': 'app: { tag: 1.0.0, team: a }\n' };
const there = (files: Files): Files => ({ ...FILES, ...files });
const resource = (api: string, kind: string, spec: string): Files => ({
  [FILE]: overlay('1.4.0').replace('bases/shop', 'bases/shop, e.yaml'),
  [`${FOLDER}/e.yaml`]: `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: e }\nspec: ${spec}\n`,
});
const kafka = (spec: string): Files => resource('kafka.strimzi.io/v1beta2', 'Kafka', spec);
const pod = (container: string): Files => ({
  'clusters/production/e.yaml': `apiVersion: v1\nkind: Pod\nmetadata: { name: e }\nspec: { containers: [{ name: a, ${container} }] }\n`,
});

/** A list for two clusters, whose Applications go to that of their element. */
const aimed = (...elements: string[]): Files => {
  const items = elements.map((each) => `{ ${each} }`).join(', ');
  const files = generated(
    `[{ list: { elements: [${items}] } }]`,
    OWN.replace('overlays/production/shop', '"overlays/{{env}}/shop"'),
  );
  return { [SET]: (files[SET] ?? '').replace('name: production', 'name: "{{env}}"') };
};
const TWO: Files = { ...ARGO_FILES, ...aimed('env: staging, tag: 6.6.6', 'env: production, tag: 1.0.0') };

async function problems(before: Files, edits: Edits): Promise<string> {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  return (facts.problems.get('production') ?? []).map(({ message }) => message).join(' | ');
}

const comes = (version: string) => `the version ${version} comes into production`;

describe.each<[string, Files, Edits, string]>([
  ['a tag in a list', ...set(list('tag: 1.0.0'), list('tag: 6.6.6')), comes('6.6.6')],
  ['a tag that is a word', ...set(list('tag: stable'), list('tag: evil')), comes('evil')],
  ['a tag deep in an element', ...set(list('app: { imageTag: a1 }'), list('app: { imageTag: b2 }')), comes('b2')],
  ['a version under any key', ...set(list('a: 1.0.0'), list('a: 6.6.6')), comes('6.6.6')],
  ['a tag in an action of a template', ...set(list('tag: "{{a}}"'), list('tag: \'{{ "evil" }}\'')), 'evil'],
  ['a tag in a matrix', ...set(nested('matrix', 'tag: 1.0.0'), nested('matrix', 'tag: 6.6.6')), comes('6.6.6')],
  ['a tag in a merge', ...set(nested('merge', 'tag: 1.0.0'), nested('merge', 'tag: 6.6.6')), comes('6.6.6')],
  [
    'a value of a generator of clusters',
    ...set('[{ clusters: { values: { tag: a1 } } }]', '[{ clusters: { values: { tag: b2 } } }]'),
    comes('b2'),
  ],
  [
    'elements as a text',
    ...set('[{ list: { elementsYaml: "[{ tag: a1 }]" } }]', '[{ list: { elementsYaml: "[{ tag: b2 }]" } }]'),
    comes('b2'),
  ],
  [
    'a revision of another repository in a list',
    ...set(
      list('revision: v1.0.0'),
      list('revision: evil'),
      'repoURL: "https://github.com/acme/charts", targetRevision: "{{revision}}", path: x',
    ),
    comes('evil'),
  ],
  [
    'the branch main of another repository in a list',
    ...set(
      list('revision: v1.0.0'),
      list('revision: main'),
      'repoURL: "https://github.com/acme/charts", targetRevision: "{{revision}}", path: x',
    ),
    'https://github.com/acme/charts at no exact version',
  ],
  [
    'another branch of this one in a list',
    ...set(list('targetRevision: main'), list('targetRevision: evil')),
    comes('evil'),
  ],
  [
    'a tag of the element of another cluster',
    TWO,
    aimed('env: staging, tag: 6.6.6', 'env: production, tag: 6.6.6'),
    comes('6.6.6'),
  ],
  ['an element that goes to another cluster', TWO, aimed('env: production, tag: 6.6.6'), comes('6.6.6')],
  ['a tag in a file of a generator', FILED, { 'settings/a.yaml': 'app: { tag: evil, team: a }\n' }, comes('evil')],
  ['a new file of a generator', FILED, { 'settings/b.yaml': 'app: { tag: evil, team: a }\n' }, comes('evil')],
  [
    'a file of a generator in JSON',
    { ...FILED, ...generated(GIT.replace('*.yaml', '*.json')) },
    { 'settings/b.json': '{ "tag": "evil" }\n' },
    comes('evil'),
  ],
  [
    'a parameter of a chart',
    ARGO_FILES,
    applied(', helm: { parameters: [{ name: web.version, value: "evil" }] }'),
    comes('evil'),
  ],
  [
    'a parameter of an image of a chart',
    ARGO_FILES,
    applied(', helm: { parameters: [{ name: x.tag, value: "6" }] }'),
    comes('6'),
  ],
  ['values of a chart', ARGO_FILES, applied(', helm: { valuesObject: { a: { version: evil } } }'), comes('evil')],
  ['values of a chart as a text', ARGO_FILES, applied(', helm: { values: "a: { version: evil }" }'), comes('evil')],
  [
    'parameters of a chart in a template',
    { ...ARGO_FILES, ...generated(list('a: b')) },
    generated(list('a: b'), `${OWN}, helm: { parameters: [{ name: web.version, value: "evil" }] }`),
    comes('evil'),
  ],
  ['a version deep in a resource', FILES, kafka('{ kafka: { version: 3.7.0 } }'), comes('3.7.0')],
  ['a tag deep in a resource', FILES, kafka('{ a: [{ tag: evil }] }'), comes('evil')],
  ['the name of an image in a resource', FILES, kafka('{ a: { imageName: "evil:6" } }'), 'evil:6'],
  ['a tag of an image deep in a resource', FILES, kafka('{ a: { initImageTag: evil } }'), comes('evil')],
  ['an image of no tag deep in a resource', FILES, kafka('{ a: { image: evil/x } }'), comes('evil/x')],
  [
    'an image of Docker Hub in arguments',
    FLUX_FILES,
    pod('args: ["--runner-image=evil/x:6"]'),
    'evil/x:6 comes into production',
  ],
  [
    'an image of Docker Hub in an argument of its own',
    FLUX_FILES,
    pod('args: ["--runner", "evil/x:6"]'),
    'evil/x:6 comes into production',
  ],
  [
    'an image of Docker Hub in a variable',
    FLUX_FILES,
    pod('env: [{ name: RUNNER, value: "evil/x:6" }]'),
    'evil/x:6 comes into production',
  ],
  [
    'a fallback of Docker Hub in arguments',
    FLUX_FILES,
    pod('args: ["--fallback-image=evil/x:6"]'),
    'evil/x:6 comes into production',
  ],
  [
    'an image of Docker Hub in a program',
    FLUX_FILES,
    {
      'clusters/production/e.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: e }\ndata: { x.sh: "docker run -d evil/x:6 sh" }\n',
    },
    'evil/x:6 comes into production',
  ],
  [
    'an official image in an argument',
    FLUX_FILES,
    pod('args: ["--runner-image=evil:6"]'),
    'evil:6 comes into production',
  ],
  [
    'an official image in the next argument',
    FLUX_FILES,
    pod('args: ["--runner-image", "evil:6"]'),
    'evil:6 comes into production',
  ],
  [
    'an official image in a variable',
    FLUX_FILES,
    pod('env: [{ name: RUNNER_IMAGE, value: "evil:6" }]'),
    'evil:6 comes into production',
  ],
])('%s', (_name, before, edits, reason) => {
  test('is found', async () => expect(await problems(before, edits)).toContain(reason));
});

describe.each<[string, Files, Edits]>([
  ['a team in a list', ...set(list('team: a'), list('team: b'))],
  ['the branch of this repository in a list', ...set(list('revision: HEAD'), list('revision: main'))],
  ['the version of the app in a list', ...set(list('tag: 1.0.0'), list('tag: 1.4.0'))],
  ['what stays in a list', ...set(list('tag: 6.6.6, team: a'), list('tag: 6.6.6, team: b'))],
  ['elements in another order', TWO, aimed('env: production, tag: 1.0.0', 'env: staging, tag: 6.6.6')],
  ['a team in a file of a generator', FILED, { 'settings/a.yaml': 'app: { tag: 1.0.0, team: b }\n' }],
  [
    'an exact version of another repository in a list',
    ...set(
      list('team: a, chart: 1.0.0'),
      list('team: b, chart: 1.0.0'),
      'repoURL: "https://github.com/acme/charts", targetRevision: "{{chart}}", path: x',
    ),
  ],
  ['a parameter that is none', ARGO_FILES, applied(', helm: { parameters: [{ name: web.replicas, value: "6" }] }')],
  [
    'values that are none',
    ARGO_FILES,
    applied(', helm: { valuesObject: { replicas: 6, tls: { minVersion: "1.3" } } }'),
  ],
  ['a tag that a template fills in', ...set(list('tag: 1.0.0'), list('tag: "v{{a}}"'))],
  [
    'a label deep in a resource',
    FILES,
    resource('networking.istio.io/v1', 'DestinationRule', '{ subsets: [{ labels: { version: v1 } }] }'),
  ],
  [
    'a pattern of a policy',
    FILES,
    resource('kyverno.io/v1', 'ClusterPolicy', '{ rules: [{ validate: { pattern: { image: "!*:latest" } } }] }'),
  ],
  ['a version of an API in a resource', FILES, kafka('{ ref: { apiVersion: v1 } }')],
  [
    'an image deep in a resource that was there',
    there(kafka('{ a: { version: 1.0.0 } }')),
    kafka('{ a: { version: 1.0.0, b: 2 } }'),
  ],
  [
    'an address in arguments',
    FLUX_FILES,
    pod('args: ["--listen=localhost:8080", "--url=http://a/b:80", "/data/a:/data/b"]'),
  ],
  ['an image that the app has in arguments', FLUX_FILES, pod('args: ["--runner-image=ghcr.io/acme/shop:1.4.0"]')],
])('%s', (_name, before, edits) => {
  test('is taken', async () => expect(await problems(before, edits)).toBe(''));
});
