import { base, entry, own, release, values } from './files.js';
import { application, both, kustomization, OWN, setOf } from './reconciler-objects.js';

/**
 * Ops repositories whose reconcilers' objects say where apps run. In each of them staging runs web 1.1.0 and production
 * web 1.0.0; where there is an app api beside it, it is 5.1.0 and 5.0.0.
 */
export interface ToldRepository {
  name: string;
  files: Readonly<Record<string, string>>;
  /** The file that carries the version of web in an environment, or all of them. */
  carrier(environment: string): string | string[];
  /** Apps of each environment; api and web where it is missing. */
  apps?: readonly string[];
  /** Staging and production where it is missing. */
  environments?: readonly string[];
  /** Requests beyond the one for the root; 4 where it is missing. */
  requests?: number;
}

const bases = { ...base('base/web', 'web'), ...base('base/api', 'api') };
const shared = (folder: (environment: string) => string, below = '../../base') =>
  both((environment, { web, api }) => ({
    [`${folder(environment)}/kustomization.yaml`]: `resources:\n- ${below}/web\n- ${below}/api\nimages:\n${entry('web', web)}${entry('api', api)}`,
  }));
const odd: Readonly<Record<string, string>> = { staging: 'staging-eu', production: 'prod-eu' };
const colour: Readonly<Record<string, string>> = { staging: 'green', production: 'blue' };
const short: Readonly<Record<string, string>> = { staging: 'stg', production: 'prod' };

export const TOLD: readonly ToldRepository[] = [
  {
    name: "Flux's monorepo, with infrastructure that all clusters share",
    files: {
      ...base('apps/base/web', 'web'),
      ...base('apps/base/api', 'api'),
      ...shared((environment) => `apps/${environment}`, '../base'),
      'infrastructure/controllers/kustomization.yaml': 'resources: [a.yaml]\n',
      'infrastructure/controllers/a.yaml': release('api', '9.9.9'),
      ...both((environment) => ({
        [`clusters/${environment}/apps.yaml`]: kustomization('apps', `./apps/${environment}`),
        [`clusters/${environment}/infrastructure.yaml`]: kustomization('infra', './infrastructure/controllers'),
        [`clusters/${environment}/flux-system/gotk-sync.yaml`]: kustomization(
          'flux-system',
          `./clusters/${environment}`,
        ),
      })),
    },
    carrier: (environment) => `apps/${environment}/kustomization.yaml`,
    requests: 2,
  },
  {
    name: 'clusters whose folders of apps have other names',
    files: {
      ...bases,
      ...shared((environment) => `deploy/${odd[environment]}`),
      ...both((environment) => ({
        [`clusters/${environment}/apps.yaml`]: kustomization('apps', `./deploy/${odd[environment]}`),
      })),
    },
    carrier: (environment) => `deploy/${odd[environment]}/kustomization.yaml`,
  },
  {
    name: 'clusters whose folders of apps have names that say nothing',
    files: {
      ...bases,
      ...shared((environment) => `deploy/${colour[environment]}`),
      ...both((environment) => ({
        [`clusters/${environment}/apps.yaml`]: kustomization('apps', `./deploy/${colour[environment]}`),
      })),
    },
    carrier: (environment) => `deploy/${colour[environment]}/kustomization.yaml`,
  },
  {
    name: 'clusters whose folders have a folder for each app, by other names',
    files: {
      ...bases,
      ...own(
        (environment, app) => `workloads/${short[environment]}/${app}`,
        (app) => `../../../base/${app}`,
      ),
      ...both((environment) => ({
        [`clusters/${environment}/apps.yaml`]: kustomization('workloads', `workloads/${short[environment]}/`),
      })),
    },
    carrier: (environment) => `workloads/${short[environment]}/web/kustomization.yaml`,
  },
  {
    name: 'one cluster, whose apps are not told apart by environments',
    files: {
      ...base('base/web', 'web'),
      'apps/web/kustomization.yaml': `resources:\n- ../../base/web\nimages:\n${entry('web', '1.0.0')}`,
      'apps/api/release.yaml': release('api', '5.0.0'),
      'clusters/home/apps.yaml': kustomization('apps', './apps'),
    },
    environments: ['home'],
    carrier: () => 'apps/web/kustomization.yaml',
  },
  {
    name: 'one Flux Kustomization for each app and environment',
    files: {
      ...bases,
      ...own(
        (environment, app) => `services/${app}/k8s/${short[environment]}`,
        (app) => `../../../../base/${app}`,
      ),
      ...both((environment) => ({
        [`clusters/${environment}/web.yaml`]: kustomization('web', `./services/web/k8s/${short[environment]}`),
        [`clusters/${environment}/api.yaml`]: kustomization('api', `./services/api/k8s/${short[environment]}`),
      })),
    },
    carrier: (environment) => `services/web/k8s/${short[environment]}/kustomization.yaml`,
  },
  {
    name: 'regions of clusters above the environments of the apps',
    files: {
      ...bases,
      ...shared((environment) => `deploy/${short[environment]}`),
      ...both((environment) => ({
        [`clusters/eu-1/${environment}/apps.yaml`]: kustomization('apps', `./deploy/${short[environment]}`),
      })),
    },
    carrier: (environment) => `deploy/${short[environment]}/kustomization.yaml`,
  },
  {
    name: 'several clusters of each environment',
    files: {
      ...base('apps/base/web', 'web'),
      ...base('apps/base/api', 'api'),
      ...shared((environment) => `apps/${environment}`, '../base'),
      ...both((environment) =>
        Object.fromEntries(
          ['eu-1', 'us-1'].map((region) => [
            `clusters/${environment}-${region}/apps.yaml`,
            kustomization('apps', `./apps/${environment}`),
          ]),
        ),
      ),
    },
    carrier: (environment) => `apps/${environment}/kustomization.yaml`,
    requests: 3,
  },
  {
    name: 'one Application for each app and environment, in one folder',
    files: {
      ...bases,
      ...own(
        (environment, app) => `services/${app}/k8s/${odd[environment]}`,
        (app) => `../../../../base/${app}`,
      ),
      ...both((environment) => ({
        [`argocd/web-${environment}.yaml`]: application(`web-${environment}`, `services/web/k8s/${odd[environment]}`),
        [`argocd/api-${environment}.yaml`]: application(`api-${environment}`, `services/api/k8s/${odd[environment]}`),
      })),
    },
    carrier: (environment) => `services/web/k8s/${odd[environment]}/kustomization.yaml`,
  },
  {
    name: 'Applications whose environment only their destination names',
    files: {
      ...bases,
      ...own(
        (environment, app) => `services/${app}/k8s/${colour[environment]}`,
        (app) => `../../../../base/${app}`,
      ),
      ...both((environment) =>
        Object.fromEntries(
          ['web', 'api'].map((app) => [
            `argocd/${app}-${colour[environment]}.yaml`,
            application(app, `services/${app}/k8s/${colour[environment]}`, { destination: `name: ${environment}` }),
          ]),
        ),
      ),
    },
    carrier: (environment) => `services/web/k8s/${colour[environment]}/kustomization.yaml`,
  },
  {
    name: 'an app of apps for each environment',
    files: {
      ...bases,
      ...own(
        (environment, app) => `services/${app}/${odd[environment]}/deploy`,
        (app) => `../../../../base/${app}`,
      ),
      ...both((environment) => ({
        [`bootstrap/${environment}.yaml`]: application(environment, `argocd/apps/${environment}`),
        [`argocd/apps/${environment}/web.yaml`]: application('web', `services/web/${odd[environment]}/deploy`),
        [`argocd/apps/${environment}/api.yaml`]: application('api', `services/api/${odd[environment]}/deploy`),
      })),
    },
    carrier: (environment) => `services/web/${odd[environment]}/deploy/kustomization.yaml`,
    // The shape of this tree takes four by itself.
    requests: 5,
  },
  {
    name: 'an ApplicationSet whose list names app, environment and path',
    files: {
      ...bases,
      ...own(
        (environment, app) => `services/${app}/k8s/${colour[environment]}`,
        (app) => `../../../../base/${app}`,
      ),
      'argocd/all.yaml': setOf(
        `  - list:\n      elements:\n${['staging', 'production']
          .flatMap((environment) =>
            ['web', 'api'].map(
              (app) =>
                `      - { app: ${app}, env: ${environment}, path: services/${app}/k8s/${colour[environment]} }\n`,
            ),
          )
          .join('')}`,
        '{{path}}',
      ),
    },
    carrier: (environment) => `services/web/k8s/${colour[environment]}/kustomization.yaml`,
  },
  {
    name: 'an ApplicationSet with a matrix of folders and environments',
    files: {
      ...bases,
      ...own(
        (environment, app) => `services/${app}/k8s/${environment}`,
        (app) => `../../../../base/${app}`,
      ),
      'applicationset.yaml': setOf(
        '  - matrix:\n      generators:\n      - git:\n          directories:\n          - path: services/*\n      - list:\n          elements:\n          - env: staging\n          - env: production\n',
        '{{ .path.path }}/k8s/{{ .env }}',
        '{{ .path.basename }}-{{ .env }}',
      ),
    },
    carrier: (environment) => `services/web/k8s/${environment}/kustomization.yaml`,
  },
  {
    name: 'an ApplicationSet whose parameters are in files',
    files: {
      ...bases,
      ...own(
        (environment, app) => `services/${app}/k8s/${colour[environment]}`,
        (app) => `../../../../base/${app}`,
      ),
      'argocd/all.yaml': setOf(
        `  - git:\n      repoURL: ${OWN}\n      revision: HEAD\n      files:\n      - path: releases/*.json`,
        '{{at.folder}}/{{at.slot}}',
      ),
      ...both((environment) =>
        Object.fromEntries(
          ['web', 'api'].map((app) => [
            `releases/${app}-${colour[environment]}.json`,
            JSON.stringify({ app, env: environment, at: { folder: `services/${app}/k8s`, slot: colour[environment] } }),
          ]),
        ),
      ),
    },
    carrier: (environment) => `services/web/k8s/${colour[environment]}/kustomization.yaml`,
    requests: 5,
  },
  {
    name: 'an ApplicationSet that takes values by the phase that a file of each cluster says',
    files: {
      'argocd/web.yaml': setOf(
        `  - git:\n      repoURL: ${OWN}\n      files:\n      - path: env/one.yaml\n      - path: env/two.yaml`,
        'charts/web',
        'web-{{cluster}}',
      ).replace(
        "path: 'charts/web'",
        "path: charts/web\n        helm:\n          valueFiles: [values.yaml, 'values-{{phase}}.yaml', '{{env}}/values-{{cluster}}.yaml']",
      ),
      'env/one.yaml': 'cluster: one\nenv: demo\nphase: staging\n',
      'env/two.yaml': 'cluster: two\nenv: demo\nphase: production\n',
      'charts/web/Chart.yaml': 'name: web\n',
      'charts/web/values.yaml': 'replicas: 1\n',
      'charts/web/demo/values-one.yaml': 'hosts: [one.acme.dev]\n',
      'charts/web/demo/values-two.yaml': 'hosts: [two.acme.dev]\n',
      ...both((environment, { web }) => ({ [`charts/web/values-${environment}.yaml`]: values('web', web) })),
    },
    apps: ['web'],
    carrier: (environment) => `charts/web/values-${environment}.yaml`,
  },
  {
    name: 'Applications that take the values of their environment',
    files: {
      ...both((environment, { web, api }) => ({
        [`argocd/${environment}/web.yaml`]: application('web', 'helm/web', {
          more: `    helm:\n      valueFiles:\n      - values.yaml\n      - ../../settings/web/${short[environment]}.yaml\n`,
        }),
        [`argocd/${environment}/api.yaml`]: application('api', 'helm/api', {
          more: `    helm:\n      valueFiles:\n      - values.yaml\n      - ../../settings/api/${short[environment]}.yaml\n`,
        }),
        [`settings/web/${short[environment]}.yaml`]: values('web', web),
        [`settings/api/${short[environment]}.yaml`]: values('api', api),
      })),
      'helm/web/Chart.yaml': 'name: web\n',
      'helm/web/values.yaml': values('web', '0.0.0'),
      'helm/api/Chart.yaml': 'name: api\n',
    },
    carrier: (environment) => `settings/web/${short[environment]}.yaml`,
  },
  {
    name: 'what other repositories have at the same paths',
    files: {
      ...base('apps/base/web', 'web'),
      ...base('apps/base/api', 'api'),
      ...shared((environment) => `apps/${environment}`, '../base'),
      'deploy/blue/kustomization.yaml': `images:\n${entry('web', '7.0.0')}`,
      ...both((environment) => ({
        [`clusters/${environment}/apps.yaml`]: kustomization('apps', `./apps/${environment}`),
        [`clusters/${environment}/web.yaml`]: kustomization('web', './deploy/blue', 'web'),
        [`clusters/${environment}/argo.yaml`]: application('other', 'deploy/blue', {
          url: 'https://github.com/acme/other',
        }),
      })),
    },
    carrier: (environment) => `apps/${environment}/kustomization.yaml`,
  },
  {
    name: 'two regions of each environment, whose folders have both in their names',
    files: {
      ...bases,
      ...both((environment, { web, api }) =>
        Object.assign(
          {},
          ...['eu', 'us'].map((region) => ({
            [`clusters/${environment}/${region}/apps.yaml`]: kustomization('apps', `./deploy/${environment}-${region}`),
            [`deploy/${environment}-${region}/kustomization.yaml`]: `resources:\n- ../../base/web\n- ../../base/api\nimages:\n${entry('web', web)}${entry('api', api)}`,
          })),
        ),
      ),
    },
    carrier: (environment) => [
      `deploy/${environment}-eu/kustomization.yaml`,
      `deploy/${environment}-us/kustomization.yaml`,
    ],
  },
  {
    name: 'Applications whose values are in another source, which is this repository',
    files: both((environment, versions) =>
      Object.assign(
        {},
        ...Object.entries(versions).map(([app, version]) => ({
          [`argocd/${app}-${environment}.yaml`]: `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${app}-${environment} }\nspec:\n  sources:\n  - repoURL: https://charts.acme.dev\n    chart: any\n    targetRevision: "*"\n    helm:\n      valueFiles: [$values/settings/${app}/${environment}.yaml]\n  - repoURL: ${OWN}\n    ref: values\n    targetRevision: HEAD\n`,
          [`settings/${app}/${environment}.yaml`]: values(app === 'web' ? 'web' : 'api', version),
        })),
      ),
    ),
    carrier: (environment) => `settings/web/${environment}.yaml`,
  },
  {
    name: 'folders of an app whose files are called as what they hold',
    files: both((environment, { web }) => ({
      [`argocd/web-${environment}.yaml`]: application(`web-${environment}`, `deploy/${environment}`),
      [`deploy/${environment}/deployment.yaml`]: base('a', 'web', `:${web}`)['a/deployment.yaml'] ?? '',
      [`deploy/${environment}/service.yaml`]: 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\n',
    })),
    apps: ['web'],
    carrier: (environment) => `deploy/${environment}/deployment.yaml`,
  },
];
