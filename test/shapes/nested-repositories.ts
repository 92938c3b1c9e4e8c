import { base, own } from './files.js';
import type { Repository } from './repository.js';

/** Shapes with one more level of folders: in apps, or above them. */
export const NESTED: readonly Repository[] = [
  ...['envs', 'environments'].map((child) => ({
    name: `apps/<app>/${child}/<env>`,
    files: {
      ...base('apps/web/base', 'web'),
      ...base('apps/api/base', 'api'),
      ...own(
        (environment, app) => `apps/${app}/${child}/${environment}`,
        () => '../../base',
      ),
    },
    templates: [`apps/{app}/${child}/{environment}`],
    carrier: (environment: string) => `apps/web/${child}/${environment}/kustomization.yaml`,
    built: (environment: string) => [`apps/web/${child}/${environment}`, `apps/api/${child}/${environment}`],
  })),
  {
    name: '<app>/envs/<env>',
    files: {
      ...base('web/base', 'web'),
      ...base('api/base', 'api'),
      ...own(
        (environment, app) => `${app}/envs/${environment}`,
        () => '../../base',
      ),
    },
    templates: ['{app}/envs/{environment}'],
    carrier: (environment) => `web/envs/${environment}/kustomization.yaml`,
    built: (environment) => [`web/envs/${environment}`, `api/envs/${environment}`],
  },
  {
    name: 'k8s/apps/<app>/overlays/<env>, in a folder of a tool',
    files: {
      ...base('k8s/apps/web/base', 'web'),
      ...base('k8s/apps/api/base', 'api'),
      ...own(
        (environment, app) => `k8s/apps/${app}/overlays/${environment}`,
        () => '../../base',
      ),
      'src/test/a.yaml': '',
    },
    templates: ['k8s/apps/{app}/overlays/{environment}'],
    requests: 3,
    carrier: (environment) => `k8s/apps/web/overlays/${environment}/kustomization.yaml`,
    built: (environment) => [`k8s/apps/web/overlays/${environment}`, `k8s/apps/api/overlays/${environment}`],
  },
  {
    name: 'apps/<team>/<app>/overlays/<env>',
    files: {
      ...base('apps/shop/web/base', 'web'),
      ...base('apps/shop/api/base', 'api'),
      ...own(
        (environment, app) => `apps/shop/${app}/overlays/${environment}`,
        () => '../../base',
      ),
    },
    templates: ['apps/shop/{app}/overlays/{environment}'],
    requests: 3,
    carrier: (environment) => `apps/shop/web/overlays/${environment}/kustomization.yaml`,
    built: (environment) => [`apps/shop/web/overlays/${environment}`, `apps/shop/api/overlays/${environment}`],
  },
];
