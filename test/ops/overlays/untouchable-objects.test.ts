import { describe, expect, test } from '@jest/globals';
import { application, both, OWN, setOf } from '../../shapes/reconciler-objects.js';
import {
  annotated,
  argo,
  bump,
  CHARTS,
  type Files,
  flux,
  helm,
  images,
  indent,
  OVERLAYS,
  promote,
  rooted,
} from './deployed-repositories.js';

describe('what cannot be set for one environment is refused by name', () => {
  const set = (more: string, path = 'overlays/{{env}}/web') =>
    setOf(
      '  - list:\n      elements:\n      - { app: web, env: staging, tag: 1.1.0 }\n      - { app: web, env: production, tag: 1.0.0 }',
      path,
    ).replace('      destination:', `${indent(more, 8)}      destination:`);

  test.each([
    [
      'an image in the template of an ApplicationSet',
      { ...OVERLAYS, 'argocd/all.yaml': set('kustomize:\n  images:\n  - ghcr.io/acme/web:1.0.9\n') },
      'argocd/all.yaml:21 has the version of ghcr.io/acme/web: an ApplicationSet makes several Applications of it',
    ],
    [
      'an image for the root, which takes in several environments',
      rooted('./', 'overlays/staging/web', 'overlays/production/web'),
      'clusters/hub/all.yaml:14 has the version of ghcr.io/acme/web: Kustomization/all (clusters/hub/all.yaml) deploys the whole repository, ' +
        'with several environments in it',
    ],
    [
      'an image for the root, of which Flux takes everything',
      rooted('./'),
      'Kustomization/all (clusters/hub/all.yaml) deploys the whole repository, with several environments in it',
    ],
    [
      'a root that is deployed of a tag, with everything that is there',
      {
        ...OVERLAYS,
        'argocd/root.yaml': application('root', '.').replace('HEAD', 'v1.0.0'),
        'kustomization.yaml': 'resources: [overlays/staging/web, overlays/production/web]\n',
      },
      'Application/root (argocd/root.yaml) deploys the whole repository of v1.0.0, which is no branch',
    ],
    [
      'an image that a generator fills in',
      { ...OVERLAYS, 'argocd/all.yaml': set("kustomize:\n  images:\n  - 'ghcr.io/acme/web:{{tag}}'\n") },
      'argocd/all.yaml:21 sets the version of ghcr.io/acme/web to {{tag}}, which a generator fills in',
    ],
    [
      'a parameter that a generator fills in',
      {
        ...CHARTS,
        'argocd/all.yaml': setOf(
          '  - list:\n      elements:\n      - { app: web, env: staging, tag: 1.1.0 }\n      - { app: web, env: production, tag: 1.0.0 }',
          'charts/web',
        ).replace(
          '      destination:',
          "        helm:\n          valueFiles: ['values-{{env}}.yaml']\n          parameters:\n          - { name: image.tag, value: '{{tag}}' }\n      destination:",
        ),
      },
      'argocd/all.yaml:22 has "{{tag}}" at spec.template.spec.source.helm.parameters[0].value',
    ],
    [
      'a later file of values that another environment takes too',
      {
        ...CHARTS,
        'charts/web/hotfix.yaml': 'image: { tag: 1.0.9 }\n',
        'argocd/web.yaml': `${helm('staging', 'values-staging.yaml, hotfix.yaml')}---\n${helm('production', 'values-production.yaml, hotfix.yaml')}`,
      },
      'charts/web/hotfix.yaml:1 has the version of ghcr.io/acme/web: Application/web-staging (argocd/web.yaml) takes that file too',
    ],
    [
      'an image of which an annotation tells an updater',
      { ...OVERLAYS, 'argocd/web.yaml': annotated(argo('production'), 'web=ghcr.io/acme/web:1.x') },
      'Argo CD Image Updater sets ghcr.io/acme/web: argocd/web.yaml:7',
    ],
    [
      'an image of which an ImageUpdater tells',
      {
        ...OVERLAYS,
        'argocd/web.yaml': argo('production'),
        'argocd/updater.yaml':
          'apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nmetadata: { name: all }\nspec:\n  applicationRefs:\n  - namePattern: "web-*"\n    images:\n    - { alias: web, imageName: "ghcr.io/acme/web:1.x" }\n',
      },
      'Argo CD Image Updater sets ghcr.io/acme/web: argocd/updater.yaml:8',
    ],
    [
      "an image of the object that Flux's automation writes",
      {
        ...OVERLAYS,
        'clusters/production/web.yaml': flux('production', images('1.0.9 # {"$imagepolicy": "flux-system:web:tag"}')),
      },
      `clusters/production/web.yaml:15 is written by Flux's image automation, by its policy flux-system:web:tag`,
    ],
    [
      'an overlay that is deployed of a tag',
      { ...OVERLAYS, 'argocd/web.yaml': argo('production').replace('HEAD', 'v1.0.0') },
      'Application/web-production (argocd/web.yaml) deploys overlays/production/web of v1.0.0, which is no branch',
    ],
    [
      'an overlay that is deployed of a commit',
      { ...OVERLAYS, 'argocd/web.yaml': argo('production').replace('HEAD', '3f2a1bc') },
      'deploys overlays/production/web of 3f2a1bc, which is no branch',
    ],
    [
      'an overlay that is deployed of another branch',
      { ...OVERLAYS, 'argocd/web.yaml': argo('production').replace('HEAD', 'production') },
      'deploys overlays/production/web of production, and not of main',
    ],
    [
      'an overlay that a GitRepository of Flux has of a tag',
      {
        ...OVERLAYS,
        'clusters/production/web.yaml': flux('production'),
        ...both((environment) => ({
          [`clusters/${environment}/flux-system/gotk-sync.yaml`]: `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: flux-system }\nspec:\n  ref: { ${environment === 'production' ? 'tag: v1.0.0' : 'branch: main'} }\n  url: ${OWN}\n`,
        })),
      },
      'Kustomization/web (clusters/production/web.yaml) deploys overlays/production/web of v1.0.0, which is no branch',
    ],
  ])('%s', async (_, files: Files, message) => {
    expect((await bump(files, 'production', 'main')).problem).toContain(message);
  });

  test.each(['main', 'refs/heads/main', 'HEAD'])(
    'and what follows the branch that is written is not: %s',
    async (name) => {
      const files = { ...OVERLAYS, 'argocd/web.yaml': argo('production').replace('HEAD', name) };
      expect((await bump(files, 'production', 'main')).problem).toBeUndefined();
    },
  );

  test('and neither is what one cluster of several has of a tag', async () => {
    const pinned = argo('production').replace('HEAD', 'v1.0.0').replace('web-production', 'web-production-us');
    const files = { ...OVERLAYS, 'argocd/web.yaml': `${argo('production')}---\n${pinned}` };
    expect((await bump(files, 'production', 'main')).problem).toBeUndefined();
  });

  /** Each with what its advice says to remove. */
  const GENERATED: [string, files: Files, removed: RegExp][] = [
    [
      'an image of kustomize',
      { ...OVERLAYS, 'argocd/all.yaml': set("kustomize:\n  images:\n  - 'ghcr.io/acme/web:{{tag}}'\n") },
      / {10}- 'ghcr.*\n/,
    ],
    ...(
      [
        ['a parameter', "parameters:\n- { name: image.tag, value: '{{tag}}' }\n", /'?\n {10}- \{ name: image.tag.*/],
        [
          'an object of values',
          "valuesObject:\n  image:\n    tag: '{{tag}}'\n    pullPolicy: Always\n",
          /\n {14}tag: .*/,
        ],
        ['a text of values', "values: |\n  image:\n    tag: '{{tag}}'\n    pullPolicy: Always\n", /\n {14}tag: .*/],
      ] as const
    ).map(([name, more, removed]): [string, Files, RegExp] => [
      name,
      {
        ...CHARTS,
        'argocd/all.yaml': set(`helm:\n  valueFiles: ['values-{{env}}.yaml']\n${indent(more, 2)}`, 'charts/web'),
      },
      removed,
    ]),
  ];

  test.each(GENERATED)(
    'what a generator fills in is removed as is said, and the next run succeeds: %s',
    async (_, files, removed) => {
      const { problem } = await bump(files, 'production');
      expect(problem).toMatch(/^argocd\/all\.yaml:\d+ .*(Take that image out of|Remove that value)/);
      const { plan } = await promote(files);
      expect(plan.failed.map(({ error }) => error.message)).toEqual([
        expect.stringMatching(/argocd\/all\.yaml:\d+ .*(Take that image out of|Remove that value)/),
      ]);
      const text = (files['argocd/all.yaml'] ?? '').replace(removed, '');
      expect(text).not.toContain('{{tag}}');
      const mended = { ...files, 'argocd/all.yaml': text };
      expect((await bump(mended, 'production')).problem).toBeUndefined();
      expect((await promote(mended)).version).toBe('1.1.0');
    },
  );

  test('a version that is not known here is not promoted', async () => {
    const files = { ...OVERLAYS, 'argocd/web.yaml': argo('staging').replace('HEAD', 'v1.0.0') };
    expect((await promote(files)).plan.failed[0]?.error.message).toContain(
      'Which version of web staging has is not known here: Application/web-staging (argocd/web.yaml) deploys',
    );
  });
});
