import { base, entry, own, release, values } from './files.js';

/**
 * Ops repositories whose reconcilers' objects say where apps run. In each of them staging runs web 1.1.0 and production
 * web 1.0.0; where there is an app api beside it, it is 5.1.0 and 5.0.0.
 */
export interface ToldRepository {
  name: string;
  files: Readonly<Record<string, string>>;
  /** The file that carries the version of web in an environment. */
  carrier(environment: string): string;
  /** Apps of each environment; api and web where it is missing. */
  apps?: readonly string[];
  /** Staging and production where it is missing. */
  environments?: readonly string[];
  /** Requests beyond the one for the root; 4 where it is missing. */
  requests?: number;
}

const VERSIONS: Readonly<Record<string, { web: string; api: string }>> = {
  staging: { web: '1.1.0', api: '5.1.0' },
  production: { web: '1.0.0', api: '5.0.0' },
};
const OWN = 'https://github.com/acme/ops.git';

export function both(files: (environment: string, versions: { web: string; api: string }) => Record<string, string>) {
  return Object.assign({}, ...Object.entries(VERSIONS).map(([environment, versions]) => files(environment, versions)));
}

export const kustomization = (name: string, path: string, source = 'flux-system', more = '') =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: ${name}\n  namespace: flux-system\nspec:\n  interval: 10m\n  path: ${path}\n  prune: true\n  sourceRef:\n    kind: GitRepository\n    name: ${source}\n${more}`;

export const application = (
  name: string,
  path: string,
  { url = OWN, more = '', destination = 'server: https://kubernetes.default.svc' } = {},
) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\n  namespace: argocd\nspec:\n  project: default\n  source:\n    repoURL: ${url}\n    targetRevision: HEAD\n    path: ${path}\n${more}  destination:\n    ${destination}\n    namespace: acme\n`;

const setOf = (elements: string, path: string, name = '{{app}}-{{env}}') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: all\nspec:\n  generators:\n${elements}\n  template:\n    metadata:\n      name: '${name}'\n    spec:\n      source:\n        repoURL: ${OWN}\n        targetRevision: HEAD\n        path: '${path}'\n      destination:\n        server: https://kubernetes.default.svc\n        namespace: acme\n`;

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
