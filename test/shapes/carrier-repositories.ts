import { base, entry, release, values } from './files.js';
import { application, both, kustomization } from './reconciler-objects.js';
import type { ToldRepository } from './told-repositories.js';

const odd: Readonly<Record<string, string>> = { staging: 'staging-eu', production: 'prod-eu' };

/** Ops repositories whose reconcilers' objects carry the versions. */
export const WITH_CARRIERS: readonly ToldRepository[] = [
  {
    name: 'Applications with images of their own, of a folder that environments share',
    files: {
      ...base('services/web', 'web'),
      ...base('services/api', 'api'),
      ...both((environment, { web, api }) => ({
        [`argocd/web-${environment}.yaml`]: application(`web-${environment}`, 'services/web', {
          more: `    kustomize:\n      images:\n      - ghcr.io/acme/web:${web}\n`,
        }),
        [`argocd/api-${environment}.yaml`]: application(`api-${environment}`, 'services/api', {
          more: `    kustomize:\n      images:\n      - ghcr.io/acme/api:${api}\n`,
        }),
      })),
    },
    carrier: (environment) => `argocd/web-${environment}.yaml`,
  },
  {
    name: 'Applications of another repository, with its images, in the folder of a cluster',
    files: both((environment, { web, api }) => ({
      [`clusters/${environment}/web.yaml`]: application('web', 'deploy', {
        url: 'https://github.com/acme/web',
        more: `    kustomize:\n      images:\n      - ghcr.io/acme/web:${web}\n`,
      }),
      [`clusters/${environment}/api.yaml`]: application('api', 'deploy', {
        url: 'https://github.com/acme/api',
        more: `    kustomize:\n      images:\n      - ghcr.io/acme/api:${api}\n`,
      }),
      [`clusters/${environment}/apps.yaml`]: application('root', `clusters/${environment}`),
    })),
    carrier: (environment) => `clusters/${environment}/web.yaml`,
  },
  ...(
    [
      ['valuesObject', (text: string) => `      valuesObject:\n${text}`],
      ['values', (text: string) => `      values: |\n${text}`],
    ] as const
  ).map(
    ([key, block]): ToldRepository => ({
      name: `Applications of charts, with versions in ${key}`,
      files: both((environment, { web, api }) => ({
        [`argocd/apps/${environment}/web.yaml`]: application('web', '.', {
          url: 'https://charts.acme.dev',
          more: `    helm:\n${block(values('web', web, '        '))}`,
        }).replace('path: .', 'chart: web'),
        [`argocd/apps/${environment}/api.yaml`]: application('api', '.', {
          url: 'https://charts.acme.dev',
          more: `    helm:\n${block(values('api', api, '        '))}`,
        }).replace('path: .', 'chart: api'),
      })),
      carrier: (environment) => `argocd/apps/${environment}/web.yaml`,
    }),
  ),
  {
    name: 'Applications whose parameters have the version',
    files: both((environment, { web, api }) =>
      Object.fromEntries(
        Object.entries({ web, api }).map(([app, version]) => [
          `apps/${environment}/${app}.yaml`,
          application(app, `charts/${app}`, {
            more: `    helm:\n      parameters:\n      - name: image.repository\n        value: ghcr.io/acme/${app}\n      - name: image.tag\n        value: ${version}\n`,
          }),
        ]),
      ),
    ),
    carrier: (environment) => `apps/${environment}/web.yaml`,
  },
  {
    name: 'Flux Kustomizations with images of a folder that clusters share',
    files: {
      ...base('services/web', 'web'),
      ...base('services/api', 'api'),
      ...both((environment, { web, api }) => ({
        [`clusters/${environment}/web.yaml`]: kustomization(
          'web',
          './services/web',
          'flux-system',
          `  images:\n  - name: ghcr.io/acme/web\n    newTag: ${web}\n`,
        ),
        [`clusters/${environment}/api.yaml`]: kustomization(
          'api',
          './services/api',
          'flux-system',
          `  patches:\n  - target: { kind: Deployment }\n    patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: api }\n      spec:\n        template:\n          spec:\n            containers:\n            - name: api\n              image: ghcr.io/acme/api:${api}\n`,
        ),
      })),
    },
    carrier: (environment) => `clusters/${environment}/web.yaml`,
  },
  {
    name: 'HelmReleases beside the Flux Kustomizations of a cluster',
    files: {
      ...base('base/api', 'api'),
      ...both((environment, { web, api }) => ({
        [`clusters/${environment}/web.yaml`]: release('web', web),
        [`clusters/${environment}/api.yaml`]: kustomization('api', `./deploy/${odd[environment]}`),
        [`deploy/${odd[environment]}/kustomization.yaml`]: `resources:\n- ../../base/api\nimages:\n${entry('api', api)}`,
      })),
    },
    carrier: (environment) => `clusters/${environment}/web.yaml`,
  },
];
