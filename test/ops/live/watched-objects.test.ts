import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { watchedObjects } from '../../../src/ops/live/watched-objects.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const kustomization = (name: string, path: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { path: ./${path}, sourceRef: { kind: GitRepository, name: flux-system } }\n`;
const application = (name: string, path: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec: { source: { repoURL: https://github.com/acme/ops, path: ${path} }, destination: { namespace: web } }\n`;
const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: web, namespace: argocd }
spec:
  generators: [{ list: { elements: [{ env: staging }, { env: production }] } }]
  template:
    metadata: { name: 'web-{{env}}' }
    spec: { source: { repoURL: https://github.com/acme/ops, path: 'overlays/{{env}}/web' }, destination: { namespace: web } }
`;

const overlay = 'images: [{ name: ghcr.io/acme/web, newTag: 1.0.0 }]\n';
const OVERLAYS = Object.fromEntries(
  ['staging', 'production'].flatMap((name) =>
    ['web', 'api'].map((app) => [`overlays/${name}/${app}/kustomization.yaml`, overlay]),
  ),
);

/** What reports that staging is live, with the folders that are watched and the apps. */
async function watched(files: Record<string, string>, ready = 'creators: [flux]', production = 'after: staging') {
  const policy = readPolicy(`environments: { staging: { ready: { ${ready} } }, production: { ${production} } }`);
  const layout = await locateOverlays(objectTree({ ...OVERLAYS, 'bases/web/a.yaml': '', ...files }), policy);
  const rules = environmentPolicy(policy, 'staging').ready;
  return rules === undefined ? [] : watchedObjects(layout, 'staging', rules);
}

const brief = (all: Awaited<ReturnType<typeof watched>>) =>
  all.map(({ name, apps, folders }) => `${name}: ${apps === 'all' ? 'all' : apps.join('+')} in ${folders.join('+')}`);

describe('what has to report', () => {
  test.each<[string, Record<string, string>, string | undefined, string[]]>([
    ['nothing, where no object is known', {}, undefined, []],
    [
      'the Flux Kustomization of each app',
      {
        'clusters/staging/web.yaml': kustomization('web-staging', 'overlays/staging/web'),
        'clusters/staging/api.yaml': kustomization('api', 'overlays/staging/api'),
        'clusters/production/web.yaml': kustomization('web-production', 'overlays/production/web'),
      },
      undefined,
      ['kustomization/api: api in overlays/staging/api', 'kustomization/web-staging: web in overlays/staging/web'],
    ],
    [
      'the one of a whole environment',
      { 'clusters/staging/apps.yaml': kustomization('apps', 'overlays/staging') },
      undefined,
      ['kustomization/apps: all in overlays/staging'],
    ],
    [
      'an Application',
      { 'argocd/staging.yaml': application('web-staging', 'overlays/staging/web') },
      undefined,
      ['continuous-delivery/web-staging: web in overlays/staging/web'],
    ],
    [
      'the Applications that a list generates, by the names that they get',
      { 'argocd/web.yaml': set },
      undefined,
      ['continuous-delivery/web-staging: web in overlays/staging/web'],
    ],
    [
      'of two reconcilers the one that the policy names',
      {
        'argocd/staging.yaml': application('web-staging', 'overlays/staging/web'),
        'clusters/staging/api.yaml': kustomization('api', 'overlays/staging/api'),
      },
      'creators: [flux], from: argocd',
      ['continuous-delivery/web-staging: web in overlays/staging/web'],
    ],
    [
      'what the policy names, whatever objects there are',
      { 'clusters/staging/api.yaml': kustomization('api', 'overlays/staging/api') },
      'creators: [flux], contexts: ["flux/flux-system/*"]',
      ['flux/flux-system/*: all in overlays/staging/api'],
    ],
  ])('%s', async (_, files, ready, expected) => {
    expect(brief(await watched(files, ready)).sort()).toEqual(expected);
  });

  test.each<[string, boolean]>([
    [captured('github-2-success.json'), true],
    ['kustomization/web-staging/77aa00bb', true],
    ['Kustomization/Web-Staging/77aa00bb', true],
    ['kustomization/web-staging', true],
    ['kustomization/web-staging-2/3921d3b4', false],
    ['kustomization/web/web-staging-2', false],
    ['helmrelease/web-staging/3921d3b4', false],
    ['continuous-delivery/web-staging', false],
    ['web-staging', false],
    ['ci/web-staging', false],
  ])('%s', async (context, isReport) => {
    const [one] = await watched({ 'clusters/staging/web.yaml': kustomization('web-staging', 'overlays/staging/web') });
    expect(one?.isReport(context)).toBe(isReport);
  });

  describe('where an object of another environment has the same name', () => {
    const both = {
      'clusters/staging/apps.yaml': kustomization('apps', 'overlays/staging'),
      'clusters/production/apps.yaml': kustomization('apps', 'overlays/production'),
    };
    test.each<[string, Record<string, string>, string, string, (readonly string[] | undefined)[]]>([
      ['nobody tells whose its report is', both, 'creators: [flux]', 'after: staging', [['production']]],
      [
        'nor where that has the same creator',
        both,
        'creators: [a, b]',
        'ready: { creators: [B, c] }',
        [['production']],
      ],
      ['who posts it tells, where others do', both, 'creators: [a]', 'ready: { creators: [b] }', [[]]],
      ['the policy tells', both, 'creators: [a], contexts: [kustomization/apps/1]', 'after: staging', [undefined]],
      [
        'an object of another kind is another one',
        { ...both, 'clusters/production/apps.yaml': application('apps', 'overlays/production') },
        'creators: [flux]',
        'after: staging',
        [[]],
      ],
    ])('%s', async (_, files, ready, production, expected) => {
      expect((await watched(files, ready, production)).map(({ alike }) => alike)).toEqual(expected);
    });
  });

  test('objects of one name that deploy different folders of an environment are in different clusters', async () => {
    const one = await watched({
      'clusters/eu/apps.yaml': kustomization('apps', 'overlays/staging/web'),
      'clusters/us/apps.yaml': kustomization('apps', 'overlays/staging/api'),
    });
    expect(one.map(({ name, copies }) => [name, copies])).toEqual([['kustomization/apps', 2]]);
  });

  test('a context that an expression of the Provider makes is named by the policy', async () => {
    const [one] = await watched({}, 'creators: [flux], contexts: ["flux/*/web-staging"]');
    expect(one?.isReport(captured('github-2-success-context-by-expression.json'))).toBe(true);
    expect(one?.isReport('flux/flux-system/web-production')).toBe(false);
  });
});

/** The context of a request as the notification controller sent it. */
function captured(file: string): string {
  const text = readFileSync(new URL(`../../fixtures/flux/${file}`, import.meta.url), 'utf8');
  return /"context": "([^"]+)"/.exec(text)?.[1] ?? '';
}
