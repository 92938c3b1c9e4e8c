import { base, clusters, inBoth, own, release, shared, values } from './files.js';
import type { Repository } from './repository.js';

/** The shapes of most repositories. */
export const USUAL: readonly Repository[] = [
  {
    name: 'overlays/<env>/<app> with bases',
    files: {
      ...base('bases/web', 'web'),
      ...base('bases/api', 'api'),
      ...own(
        (environment, app) => `overlays/${environment}/${app}`,
        (app) => `../../../bases/${app}`,
      ),
    },
    templates: ['overlays/{environment}/{app}'],
    carrier: (environment) => `overlays/${environment}/web/kustomization.yaml`,
    built: (environment) => [`overlays/${environment}/web`, `overlays/${environment}/api`],
  },
  {
    name: 'overlays/<env>/<app> with a kustomization that gathers the apps',
    files: {
      ...base('manifests/web', 'web'),
      ...base('manifests/api', 'api'),
      ...inBoth((environment) => ({ [`overlays/${environment}/kustomization.yaml`]: 'resources:\n- web\n- ./api\n' })),
      ...own(
        (environment, app) => `overlays/${environment}/${app}`,
        (app) => `../../../manifests/${app}`,
      ),
    },
    templates: ['overlays/{environment}/{app}'],
    carrier: (environment) => `overlays/${environment}/web/kustomization.yaml`,
    built: (environment) => [`overlays/${environment}`],
  },
  {
    name: 'overlays/<env> for all apps',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...shared((environment) => `overlays/${environment}`, '../../base'),
    },
    templates: ['overlays/{environment}'],
    carrier: (environment) => `overlays/${environment}/kustomization.yaml`,
    built: (environment) => [`overlays/${environment}`],
  },
  {
    name: 'overlays/<env> for one app',
    files: {
      ...base('base', 'web'),
      ...own(
        (environment) => `overlays/${environment}`,
        () => '../../base',
        ['web'],
      ),
    },
    templates: ['overlays/{environment}'],
    carrier: (environment) => `overlays/${environment}/kustomization.yaml`,
    apps: ['web'],
    built: (environment) => [`overlays/${environment}`],
  },
  {
    name: '<group>/overlays/<env>',
    files: {
      ...base('apps/base/web', 'web'),
      ...base('apps/base/api', 'api'),
      ...shared((environment) => `apps/overlays/${environment}`, '../../base'),
      'platform/base/kustomization.yaml': 'resources: []\n',
      'docs/readme/a.md': '',
    },
    templates: ['apps/overlays/{environment}'],
    carrier: (environment) => `apps/overlays/${environment}/kustomization.yaml`,
    built: (environment) => [`apps/overlays/${environment}`],
  },
  {
    name: '<group>/overlays/<env>/<app>',
    files: {
      ...base('shop/base/web', 'web'),
      ...base('shop/base/api', 'api'),
      ...own(
        (environment, app) => `shop/overlays/${environment}/${app}`,
        (app) => `../../../base/${app}`,
      ),
    },
    templates: ['shop/overlays/{environment}/{app}'],
    carrier: (environment) => `shop/overlays/${environment}/web/kustomization.yaml`,
    built: (environment) => [`shop/overlays/${environment}/web`, `shop/overlays/${environment}/api`],
  },
  {
    name: 'apps/<env> with apps/base and clusters/<env> (Flux)',
    files: {
      ...base('apps/base/web', 'web'),
      ...base('apps/base/api', 'api'),
      'apps/base/kustomization.yaml': 'resources:\n- web\n- api\n',
      ...shared((environment) => `apps/${environment}`, '../base'),
      'infrastructure/controllers/kustomization.yaml': 'resources: [ingress.yaml]\n',
      'infrastructure/controllers/ingress.yaml': 'kind: HelmRelease\n',
      'infrastructure/configs/kustomization.yaml': 'resources: []\n',
      ...clusters,
    },
    templates: ['apps/{environment}'],
    carrier: (environment) => `apps/${environment}/kustomization.yaml`,
    built: (environment) => [`apps/${environment}`],
  },
  {
    name: 'apps/<env> with HelmReleases in apps/base, patched by a file of each environment (Flux)',
    group: 'apps',
    files: {
      'apps/base/web/kustomization.yaml': 'resources:\n- release.yaml\n',
      'apps/base/web/release.yaml': release('web', '0.0.0'),
      ...inBoth((environment, { web }) => ({
        [`apps/${environment}/kustomization.yaml`]:
          'resources:\n- ../base/web\npatches:\n- path: web-values.yaml\n  target:\n    kind: HelmRelease\n',
        [`apps/${environment}/web-values.yaml`]: release('web', web),
      })),
      ...inBoth((environment) => ({
        [`infrastructure/${environment}/kustomization.yaml`]: 'resources:\n- ../base/ingress\n',
      })),
      'infrastructure/base/ingress/kustomization.yaml': 'resources: []\n',
      ...clusters,
    },
    templates: ['apps/{environment}', 'infrastructure/{environment}'],
    carrier: (environment) => `apps/${environment}/web-values.yaml`,
    apps: ['ingress', 'web'],
    built: (environment) => [`apps/${environment}`],
  },
  {
    name: 'apps/<env>/<app>',
    files: {
      ...base('apps/base/web', 'web'),
      ...base('apps/base/api', 'api'),
      ...own(
        (environment, app) => `apps/${environment}/${app}`,
        (app) => `../../base/${app}`,
      ),
      ...clusters,
    },
    templates: ['apps/{environment}/{app}'],
    carrier: (environment) => `apps/${environment}/web/kustomization.yaml`,
    built: (environment) => [`apps/${environment}/web`, `apps/${environment}/api`],
  },
  ...['apps', 'components', 'services', 'workloads'].map((group) => ({
    name: `${group}/<app>/overlays/<env>`,
    files: {
      ...base(`${group}/web/base`, 'web'),
      ...base(`${group}/api/base`, 'api'),
      ...own(
        (environment, app) => `${group}/${app}/overlays/${environment}`,
        () => '../../base',
      ),
    },
    templates: [`${group}/{app}/overlays/{environment}`],
    carrier: (environment: string) => `${group}/web/overlays/${environment}/kustomization.yaml`,
    built: (environment: string) => [`${group}/web/overlays/${environment}`, `${group}/api/overlays/${environment}`],
  })),
  {
    name: '<app>/overlays/<env>',
    files: {
      ...base('web/base', 'web'),
      ...base('api/base', 'api'),
      ...own(
        (environment, app) => `${app}/overlays/${environment}`,
        () => '../../base',
      ),
      'README.md': '',
    },
    templates: ['{app}/overlays/{environment}'],
    carrier: (environment) => `web/overlays/${environment}/kustomization.yaml`,
    built: (environment) => [`web/overlays/${environment}`, `api/overlays/${environment}`],
  },
  ...['envs', 'environments', 'stages'].flatMap((above) => [
    {
      name: `${above}/<env>/<app>`,
      files: {
        ...base('base/web', 'web'),
        ...base('base/api', 'api'),
        ...own(
          (environment, app) => `${above}/${environment}/${app}`,
          (app) => `../../../base/${app}`,
        ),
      },
      templates: [`${above}/{environment}/{app}`],
      carrier: (environment: string) => `${above}/${environment}/web/kustomization.yaml`,
      built: (environment: string) => [`${above}/${environment}/web`, `${above}/${environment}/api`],
    },
    {
      name: `${above}/<env>`,
      files: {
        ...base('base/web', 'web'),
        ...base('base/api', 'api'),
        ...shared((environment) => `${above}/${environment}`, '../../base'),
      },
      templates: [`${above}/{environment}`],
      carrier: (environment: string) => `${above}/${environment}/kustomization.yaml`,
      built: (environment: string) => [`${above}/${environment}`],
    },
  ]),
  {
    name: '<env>/<app>',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...own(
        (environment, app) => `${environment}/${app}`,
        (app) => `../../base/${app}`,
      ),
      'docs/adr/a.md': '',
      'scripts/a.sh': '',
    },
    templates: ['{environment}/{app}'],
    carrier: (environment) => `${environment}/web/kustomization.yaml`,
    built: (environment) => [`${environment}/web`, `${environment}/api`],
  },
  {
    name: '<app>/<env>',
    files: {
      'scripts/test/a.sh': '',
      ...clusters,
      ...base('web/base', 'web'),
      ...base('api/base', 'api'),
      ...own(
        (environment, app) => `${app}/${environment}`,
        () => '../base',
      ),
    },
    templates: ['{app}/{environment}'],
    carrier: (environment) => `web/${environment}/kustomization.yaml`,
    built: (environment) => [`web/${environment}`, `api/${environment}`],
  },
  {
    name: 'apps/<app>/<env>',
    files: {
      ...base('apps/web/base', 'web'),
      ...base('apps/api/base', 'api'),
      ...own(
        (environment, app) => `apps/${app}/${environment}`,
        () => '../base',
      ),
    },
    templates: ['apps/{app}/{environment}'],
    carrier: (environment) => `apps/web/${environment}/kustomization.yaml`,
    built: (environment) => [`apps/web/${environment}`, `apps/api/${environment}`],
  },
  {
    name: 'charts/<app>/values-<env>.yaml',
    files: {
      'charts/web/Chart.yaml': 'name: web\n',
      'charts/web/values.yaml': values('web', '0.0.0'),
      'charts/web/templates/a.yaml': '{{ .Values.a }}\n',
      'charts/api/Chart.yaml': 'name: api\n',
      ...inBoth((environment, { web, api }) => ({
        [`charts/web/values-${environment}.yaml`]: values('web', web),
        [`charts/api/values-${environment}.yaml`]: values('api', api),
      })),
    },
    templates: ['charts/{app}/values-{environment}.yaml'],
    carrier: (environment) => `charts/web/values-${environment}.yaml`,
  },
  {
    name: '<app>/values-<env>.yaml',
    files: {
      'web/Chart.yaml': 'name: web\n',
      ...inBoth((environment, { web, api }) => ({
        [`web/values-${environment}.yaml`]: values('web', web),
        [`api/values-${environment}.yaml`]: values('api', api),
      })),
    },
    templates: ['{app}/values-{environment}.yaml'],
    carrier: (environment) => `web/values-${environment}.yaml`,
  },
  {
    name: 'environments/<env>/values.yaml',
    files: inBoth((environment, { web, api }) => ({
      [`environments/${environment}/values.yaml`]: `web:\n${values('web', web, '  ')}api:\n${values('api', api, '  ')}`,
    })),
    templates: ['environments/{environment}/values.yaml'],
    carrier: (environment) => `environments/${environment}/values.yaml`,
  },
  {
    name: 'environments/<env>/<app>/values.yaml',
    files: inBoth((environment, { web, api }) => ({
      [`environments/${environment}/web/values.yaml`]: values('web', web),
      [`environments/${environment}/api/values.yaml`]: values('api', api),
    })),
    templates: ['environments/{environment}/{app}'],
    carrier: (environment) => `environments/${environment}/web/values.yaml`,
  },
  {
    name: 'apps/<env>/<app>.yaml',
    files: {
      ...inBoth((environment, { web, api }) => ({
        [`apps/${environment}/web.yaml`]: release('web', web),
        [`apps/${environment}/api.yaml`]: release('api', api),
      })),
      ...clusters,
    },
    templates: ['apps/{environment}/{app}.yaml'],
    requests: 3,
    carrier: (environment) => `apps/${environment}/web.yaml`,
  },
  {
    name: '<env>/<region>/<app>',
    group: 'eu-1',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...own(
        (environment, app) => `${environment}/eu-1/${app}`,
        (app) => `../../../base/${app}`,
      ),
      ...own(
        (environment) => `${environment}/us-1/web`,
        () => '../../../base/web',
        ['web'],
      ),
    },
    templates: ['{environment}/eu-1/{app}', '{environment}/us-1/{app}'],
    carrier: (environment) => `${environment}/eu-1/web/kustomization.yaml`,
    built: (environment) => [`${environment}/eu-1/web`, `${environment}/eu-1/api`, `${environment}/us-1/web`],
  },
  {
    name: '<env>/<region>/<app>, gathered by kustomizations',
    files: {
      ...base('base/web', 'web'),
      ...base('base/api', 'api'),
      ...inBoth((environment) => ({
        [`${environment}/kustomization.yaml`]: 'resources:\n- eu-1\n',
        [`${environment}/eu-1/kustomization.yaml`]: 'resources:\n- web\n- api\n',
      })),
      ...own(
        (environment, app) => `${environment}/eu-1/${app}`,
        (app) => `../../../base/${app}`,
      ),
    },
    templates: ['{environment}/eu-1/{app}'],
    carrier: (environment) => `${environment}/eu-1/web/kustomization.yaml`,
    built: (environment) => [environment],
  },
  {
    name: 'apps/<env> with folders of apps, and patches of the environment over them',
    files: {
      ...base('apps/base/web', 'web'),
      ...inBoth((environment, { web }) => ({
        [`apps/${environment}/kustomization.yaml`]:
          'resources:\n- web\nimages:\n- name: ghcr.io/acme/web\n  newTag: 1.0.1\n'.replace('1.0.1', web),
        [`apps/${environment}/web/kustomization.yaml`]: 'resources:\n- ../../base/web\n',
      })),
    },
    templates: ['apps/{environment}'],
    carrier: (environment) => `apps/${environment}/kustomization.yaml`,
    apps: ['web'],
    built: (environment) => [`apps/${environment}`],
  },
  {
    name: 'apps/<env>/<region>/<app>',
    files: own(
      (environment, app) => `apps/${environment}/eu-west-1/${app}`,
      (app) => `https://github.com/acme/apps//${app}/deploy`,
    ),
    templates: ['apps/{environment}/eu-west-1/{app}'],
    requests: 3,
    carrier: (environment) => `apps/${environment}/eu-west-1/web/kustomization.yaml`,
  },
  {
    name: 'clusters/<env>/<app>',
    files: inBoth((environment, { web, api }) => ({
      [`clusters/${environment}/flux-system/gotk-sync.yaml`]: 'kind: GitRepository\n',
      [`clusters/${environment}/web/release.yaml`]: release('web', web),
      [`clusters/${environment}/api/release.yaml`]: release('api', api),
    })),
    templates: ['clusters/{environment}/{app}'],
    requests: 3,
    carrier: (environment) => `clusters/${environment}/web/release.yaml`,
  },
];
