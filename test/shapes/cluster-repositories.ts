import { application, base, deployment, inBoth, own, release, shared } from './files.js';
import type { Repository } from './repository.js';

/** Shapes with folders of clusters, or with regions above environments. */
export const CLUSTERS: readonly Repository[] = [
  {
    name: 'clusters/<env>/<app>.yaml with HelmReleases',
    files: inBoth((environment, { web, api }) => ({
      [`clusters/${environment}/flux-system/gotk-sync.yaml`]: 'kind: GitRepository\n',
      [`clusters/${environment}/web.yaml`]: release('web', web),
      [`clusters/${environment}/api.yaml`]: release('api', api),
    })),
    templates: ['clusters/{environment}/{app}.yaml'],
    requests: 3,
    carrier: (environment) => `clusters/${environment}/web.yaml`,
  },
  {
    name: 'clusters/<env>/<app>.yaml with Applications',
    files: inBoth((environment, { web, api }) => ({
      [`clusters/${environment}/web.yaml`]: application('web', web),
      [`clusters/${environment}/api.yaml`]: application('api', api),
    })),
    templates: ['clusters/{environment}/{app}.yaml'],
    requests: 3,
    carrier: (environment) => `clusters/${environment}/web.yaml`,
  },
  {
    name: 'clusters/<env>/<app> with plain manifests',
    files: inBoth((environment, { web, api }) => ({
      [`clusters/${environment}/web/deployment.yaml`]: deployment('web', `:${web}`),
      [`clusters/${environment}/api/deployment.yaml`]: deployment('api', `:${api}`),
    })),
    templates: ['clusters/{environment}/{app}'],
    requests: 3,
    carrier: (environment) => `clusters/${environment}/web/deployment.yaml`,
  },
  {
    name: 'clusters/<env>/apps over manifests that clusters share',
    files: {
      ...base('deploy/web', 'web'),
      ...base('deploy/api', 'api'),
      ...shared((environment) => `clusters/${environment}/apps`, '../../../deploy'),
      ...inBoth((environment) => ({
        [`clusters/${environment}/infra-configs/kustomization.yaml`]: 'resources:\n- ../../../deploy/issuers\n',
      })),
      'deploy/issuers/kustomization.yaml': 'resources: []\n',
    },
    templates: ['clusters/{environment}/apps', 'clusters/{environment}/infra-configs'],
    requests: 3,
    carrier: (environment) => `clusters/${environment}/apps/kustomization.yaml`,
    built: (environment) => [`clusters/${environment}/apps`],
  },
  {
    name: '<region>/<env>/<app>',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...own(
        (environment, app) => `eu-1/${environment}/${app}`,
        (app) => `../../../base/${app}`,
      ),
      ...own(
        (environment, app) => `us-1/${environment}/${app}`,
        (app) => `../../../base/${app}`,
      ),
    },
    templates: ['eu-1/{environment}/{app}', 'us-1/{environment}/{app}'],
    carrier: (environment) => `eu-1/${environment}/web/kustomization.yaml`,
    built: (environment) =>
      ['eu-1', 'us-1'].flatMap((region) => [`${region}/${environment}/web`, `${region}/${environment}/api`]),
  },
  {
    name: 'clusters/<region>/<env>/<app>',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...own(
        (environment, app) => `clusters/eu-1/${environment}/${app}`,
        (app) => `../../../../base/${app}`,
      ),
    },
    templates: ['clusters/eu-1/{environment}/{app}'],
    requests: 3,
    carrier: (environment) => `clusters/eu-1/${environment}/web/kustomization.yaml`,
    built: (environment) => [`clusters/eu-1/${environment}/web`, `clusters/eu-1/${environment}/api`],
  },
];
