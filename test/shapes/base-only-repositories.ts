import { base, inBoth } from './files.js';
import type { Repository } from './repository.js';

/** Repositories in which only the base names the image of web, at 1.0.0, and the environments say nothing of it. */
export const BASE_ONLY: readonly Repository[] = [
  {
    name: 'overlays/<env>/<app>',
    files: {
      ...base('bases/web', 'web', ':1.0.0'),
      ...base('bases/api', 'api', ':5.0.0'),
      ...inBoth((environment) => ({
        [`overlays/${environment}/web/kustomization.yaml`]: 'resources:\n- ../../../bases/web # the base\n',
        [`overlays/${environment}/api/kustomization.yaml`]: 'resources:\n- ../../../bases/api\n',
      })),
    },
    templates: ['overlays/{environment}/{app}'],
    carrier: (environment) => `overlays/${environment}/web/kustomization.yaml`,
    built: (environment) => [`overlays/${environment}/web`, `overlays/${environment}/api`],
  },
  {
    name: 'apps/<env> for all apps',
    files: {
      ...base('apps/base/web', 'web', ':1.0.0'),
      ...base('apps/base/api', 'api', ':5.0.0'),
      ...inBoth((environment) => ({
        [`apps/${environment}/kustomization.yaml`]: 'resources:\n- ../base/web\n- ../base/api\n',
      })),
    },
    templates: ['apps/{environment}'],
    carrier: (environment) => `apps/${environment}/kustomization.yaml`,
    built: (environment) => [`apps/${environment}`],
  },
  {
    name: 'overlays/<env>/<app> over a base that sets images itself',
    files: {
      ...base('bases/web', 'web'),
      'bases/web/kustomization.yaml':
        'resources:\n- deployment.yaml\nimages:\n- name: ghcr.io/acme/web\n  newName: ghcr.io/acme/web\n  newTag: 1.0.0\n',
      ...base('bases/api', 'api', ':5.0.0'),
      ...inBoth((environment) => ({
        [`overlays/${environment}/web/kustomization.yaml`]: 'resources:\n- ../../../bases/web\n',
        [`overlays/${environment}/api/kustomization.yaml`]: 'resources:\n- ../../../bases/api\n',
      })),
    },
    templates: ['overlays/{environment}/{app}'],
    carrier: (environment) => `overlays/${environment}/web/kustomization.yaml`,
    built: (environment) => [`overlays/${environment}/web`, `overlays/${environment}/api`],
  },
];
