import { type App, application, base, deployment, entry, inBoth, own, release, shared, values } from './files.js';
import type { Repository } from './repository.js';

/** The folders of an environment, where production alone has clusters. */
const placesIn = (environment: string) =>
  environment === 'production' ? ['production/eu-1', 'production/us-1'] : [environment];
const first = (environment: string) => placesIn(environment)[0] ?? '';

/** The files of both apps in each of those folders. */
const inClusters = (files: (folder: string, app: App, version: string) => Record<string, string>) =>
  inBoth((environment, versions) =>
    Object.assign(
      {},
      ...placesIn(environment).flatMap((folder) =>
        (['web', 'api'] as const).map((app) => files(folder, app, versions[app])),
      ),
    ),
  );

/** Folders of clusters whose names say nothing, each with both apps. */
const unnamed = (name: string, place: (environment: string, cluster: string) => string): Repository => ({
  name,
  group: 'alpha',
  files: {
    ...base('base/web', 'web'),
    ...base('base/api', 'api'),
    ...Object.assign(
      {},
      ...['alpha', 'blue-whale'].map((cluster) =>
        own(
          (environment, app) => `${place(environment, cluster)}/${app}`,
          (app) => `${'../'.repeat(place('staging', cluster).split('/').length + 1)}base/${app}`,
        ),
      ),
    ),
  },
  templates: ['alpha', 'blue-whale'].map((cluster) => `${place('{environment}', cluster)}/{app}`),
  requests: 5,
  isToldByApps: true,
  carrier: (environment) => `${place(environment, 'alpha')}/web/kustomization.yaml`,
  built: (environment) =>
    ['alpha', 'blue-whale'].flatMap((cluster) => [
      `${place(environment, cluster)}/web`,
      `${place(environment, cluster)}/api`,
    ]),
});

const UNNAMED: readonly Repository[] = [
  unnamed('envs/<env>/clusters/<cluster>/<app>', (environment, cluster) => `envs/${environment}/clusters/${cluster}`),
  unnamed('overlays/<env>/<cluster>/<app>', (environment, cluster) => `overlays/${environment}/${cluster}`),
];

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
    group: 'apps',
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
    group: 'eu-1',
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
  {
    name: '<env>/<app>, and <env>/<region>/<app> in production',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...inClusters((folder, app, version) => ({
        [`${folder}/${app}/kustomization.yaml`]: `resources:\n- ${folder === 'staging' ? '' : '../'}../../base/${app}\nimages:\n${entry(app, version)}`,
      })),
    },
    templates: ['{environment}/{app}', '{environment}/eu-1/{app}', '{environment}/us-1/{app}'],
    requests: 3,
    carrier: (environment) => `${first(environment)}/web/kustomization.yaml`,
    built: (environment) => placesIn(environment).flatMap((folder) => [`${folder}/web`, `${folder}/api`]),
  },
  {
    name: 'envs/<env>, and envs/<env>/<region> in production',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...Object.fromEntries(
        ['staging', 'production/eu-1', 'production/us-1'].map((folder) => {
          const up = folder === 'staging' ? '../..' : '../../..';
          const [web, api] = folder === 'staging' ? ['1.1.0', '5.1.0'] : ['1.0.0', '5.0.0'];
          return [
            `envs/${folder}/kustomization.yaml`,
            `resources:\n- ${up}/base/web\n- ${up}/base/api\nimages:\n${entry('web', web ?? '')}${entry('api', api ?? '')}`,
          ];
        }),
      ),
    },
    templates: ['envs/{environment}', 'envs/{environment}/eu-1', 'envs/{environment}/us-1'],
    requests: 3,
    carrier: (environment) => `envs/${first(environment)}/kustomization.yaml`,
    built: (environment) => placesIn(environment).map((folder) => `envs/${folder}`),
  },
  {
    name: 'clusters/<env>/<app>.yaml, and clusters/<env>/<region>/<app>.yaml in production, with HelmReleases',
    files: inClusters((folder, app, version) => ({ [`clusters/${folder}/${app}.yaml`]: release(app, version) })),
    templates: [
      'clusters/{environment}/{app}.yaml',
      'clusters/{environment}/eu-1/{app}.yaml',
      'clusters/{environment}/us-1/{app}.yaml',
    ],
    requests: 4,
    carrier: (environment) => `clusters/${first(environment)}/web.yaml`,
  },
  {
    name: '<env>/<region>/<app>.yaml with HelmReleases',
    group: 'eu-1',
    files: inBoth((environment, { web, api }) => ({
      [`${environment}/eu-1/web.yaml`]: release('web', web),
      [`${environment}/us-1/web.yaml`]: release('web', web),
      [`${environment}/us-1/api.yaml`]: release('api', api),
    })),
    templates: ['{environment}/eu-1/{app}.yaml', '{environment}/us-1/{app}.yaml'],
    requests: 4,
    carrier: (environment) => `${environment}/eu-1/web.yaml`,
  },
  {
    name: 'environments/<env>/<region>/<app>-values.yaml',
    group: 'eu-1',
    files: inBoth((environment, { web, api }) => ({
      [`environments/${environment}/eu-1/web-values.yaml`]: values('web', web),
      [`environments/${environment}/eu-1/api-values.yaml`]: values('api', api),
      [`environments/${environment}/us-1/web-values.yaml`]: values('web', web),
    })),
    templates: [
      'environments/{environment}/eu-1/{app}-values.yaml',
      'environments/{environment}/us-1/{app}-values.yaml',
    ],
    requests: 3,
    carrier: (environment) => `environments/${environment}/eu-1/web-values.yaml`,
  },
  {
    name: 'apps/<app>/overlays/<env>/<region>',
    group: 'eu-1',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...own(
        (environment, app) => `apps/${app}/overlays/${environment}/eu-1`,
        (app) => `../../../../../base/${app}`,
      ),
      ...own(
        (environment) => `apps/web/overlays/${environment}/us-1`,
        () => '../../../../../base/web',
        ['web'],
      ),
    },
    templates: ['apps/{app}/overlays/{environment}/eu-1', 'apps/{app}/overlays/{environment}/us-1'],
    requests: 4,
    carrier: (environment) => `apps/web/overlays/${environment}/us-1/kustomization.yaml`,
    built: (environment) => [`apps/web/overlays/${environment}/eu-1`, `apps/web/overlays/${environment}/us-1`],
  },
  {
    name: 'apps/<app>/<env>/<region>',
    group: 'eu-1',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...own(
        (environment, app) => `apps/${app}/${environment}/eu-1`,
        (app) => `../../../../base/${app}`,
      ),
      ...own(
        (environment) => `apps/web/${environment}/us-1`,
        () => '../../../../base/web',
        ['web'],
      ),
    },
    templates: ['apps/{app}/{environment}/eu-1', 'apps/{app}/{environment}/us-1'],
    requests: 4,
    carrier: (environment) => `apps/web/${environment}/us-1/kustomization.yaml`,
    built: (environment) => [`apps/web/${environment}/eu-1`, `apps/web/${environment}/us-1`],
  },
  ...UNNAMED,
];
