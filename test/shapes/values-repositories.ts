import { inBoth, release, values } from './files.js';
import type { Repository } from './repository.js';

/** Shapes in which Helm values carry the versions. */
export const VALUES: readonly Repository[] = [
  {
    name: '<env>/<app>-values.yaml with base',
    files: {
      'base/web/release.yaml': release('web', '0.0.0'),
      'base/api/release.yaml': release('api', '0.0.0'),
      ...inBoth((environment, { web, api }) => ({
        [`${environment}/web-values.yaml`]: values('web', web),
        [`${environment}/api-values.yaml`]: values('api', api),
      })),
    },
    templates: ['{environment}/{app}-values.yaml'],
    carrier: (environment) => `${environment}/web-values.yaml`,
  },
  {
    name: 'values-<env>.yaml of a chart that deploys all applications (Argo CD)',
    files: {
      'apps/Chart.yaml': 'name: apps\n',
      'apps/values.yaml': 'spec: {}\n',
      'apps/templates/applications.yaml': '{{- range .Values.applications }}\n{{- end }}\n',
      ...inBoth((environment, { web, api }) => ({
        [`apps/values-${environment}.yaml`]: `applications:\n  web:\n${values('web', web, '    ')}  api:\n${values('api', api, '    ')}`,
      })),
    },
    templates: ['apps/values-{environment}.yaml'],
    carrier: (environment) => `apps/values-${environment}.yaml`,
  },
  {
    name: 'values-<env>.yaml of a chart in a folder of its own',
    files: {
      'root-app/Chart.yaml': 'name: root-app\n',
      ...inBoth((environment, { web, api }) => ({
        [`root-app/values-${environment}.yaml`]: `web:\n${values('web', web, '  ')}api:\n${values('api', api, '  ')}`,
      })),
    },
    templates: ['root-app/values-{environment}.yaml'],
    requests: 3,
    carrier: (environment) => `root-app/values-${environment}.yaml`,
  },
  {
    name: 'values-<env>.yaml at the root',
    files: {
      'Chart.yaml': 'name: all\n',
      'templates/a.yaml': '{{ .Values.a }}\n',
      ...inBoth((environment, { web, api }) => ({
        [`values-${environment}.yaml`]: `web:\n${values('web', web, '  ')}api:\n${values('api', api, '  ')}`,
      })),
    },
    templates: ['values-{environment}.yaml'],
    carrier: (environment) => `values-${environment}.yaml`,
  },
  {
    name: 'environments/<env>.yaml of helmfile',
    files: {
      'helmfile.yaml': 'environments:\n  staging: { values: [environments/staging.yaml] }\n',
      'charts/web/values-test.yaml': values('web', '0.0.1'),
      ...inBoth((environment, { web, api }) => ({
        [`environments/${environment}.yaml`]: `web:\n${values('web', web, '  ')}api:\n${values('api', api, '  ')}`,
      })),
    },
    templates: ['environments/{environment}.yaml'],
    carrier: (environment) => `environments/${environment}.yaml`,
  },
  {
    name: 'environments/<env>/… of helmfile, with files for all apps',
    group: 'images.yaml',
    files: {
      'helmfile.d/10-apps.yaml': 'releases:\n- name: web\n',
      ...inBoth((environment, { web, api }) => ({
        [`environments/${environment}/images.yaml`]: `web:\n${values('web', web, '  ')}api:\n${values('api', api, '  ')}`,
        [`environments/${environment}/limits.yaml`]: 'memory: 1Gi\n',
        [`environments/${environment}/secrets.yaml`]: 'a: ENC[]\n',
      })),
    },
    templates: ['environments/{environment}/images.yaml', 'environments/{environment}/limits.yaml'],
    carrier: (environment) => `environments/${environment}/images.yaml`,
  },
  {
    name: 'k8s/argocd/<env>/<app>.values.yaml',
    files: inBoth((environment, { web, api }) => ({
      [`k8s/argocd/${environment}/web.values.yaml`]: values('web', web),
      [`k8s/argocd/${environment}/api.values.yaml`]: values('api', api),
    })),
    templates: ['k8s/argocd/{environment}/{app}.values.yaml'],
    requests: 4,
    carrier: (environment) => `k8s/argocd/${environment}/web.values.yaml`,
  },
  {
    name: 'applications/<app>/values-<env>.yaml, with a chart of all applications in environments/',
    group: 'applications',
    files: {
      'environments/Chart.yaml': 'name: environments\n',
      'environments/values.yaml': 'applications: {}\n',
      'environments/templates/web.yaml': '{{- if .Values.applications.web }}\n{{- end }}\n',
      'applications/web/Chart.yaml': 'name: web\n',
      'applications/web/values.yaml': 'replicas: 1\n',
      'applications/api/Chart.yaml': 'name: api\n',
      ...inBoth((environment, { web, api }) => ({
        [`environments/values-${environment}.yaml`]: `name: ${environment}\napplications:\n  web: true\n  api: true\n`,
        [`applications/web/values-${environment}.yaml`]: values('web', web),
        [`applications/api/values-${environment}.yaml`]: values('api', api),
      })),
    },
    templates: ['applications/{app}/values-{environment}.yaml', 'environments/values-{environment}.yaml'],
    requests: 3,
    carrier: (environment) => `applications/web/values-${environment}.yaml`,
  },
  {
    name: 'config/<env>/<app>.yaml of helmfile, with a folder of settings beside them',
    files: {
      ...inBoth((environment, { web, api }) => ({
        [`clusters/${environment}.yaml`]: 'releases:\n- name: web\n',
        [`config/${environment}/web.yaml`]: values('web', web),
        [`config/${environment}/api.yaml`]: values('api', api),
      })),
      'config/common.yaml': 'a: 1\n',
      'config/production/checks/http.yaml': 'init_config:\ninstances:\n- url: https://acme.dev\n',
      'config/production/checks/http.py': 'print(1)\n',
    },
    templates: ['config/{environment}/{app}.yaml'],
    requests: 4,
    carrier: (environment) => `config/${environment}/web.yaml`,
  },
  {
    name: '<app>/<env>-values.yaml',
    files: inBoth((environment, { web, api }) => ({
      'web/Chart.yaml': 'name: web\n',
      [`web/${environment}-values.yaml`]: values('web', web),
      [`api/${environment}-values.yaml`]: values('api', api),
      'api/common-values.yaml': 'a: 1\n',
    })),
    templates: ['{app}/{environment}-values.yaml'],
    carrier: (environment) => `web/${environment}-values.yaml`,
  },
];
