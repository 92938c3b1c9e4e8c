import { base, entry, inBoth } from './files.js';

/** Where the clusters of an environment are, and where the bases. */
export const CLUSTER_PATTERNS: [pattern: string, bases: string][] = [
  ['envs/{environment}/clusters/{cluster}/{app}', 'base'],
  ['overlays/{environment}/{cluster}/{app}', 'bases'],
  ['overlays/{environment}/{app}/{cluster}', 'bases'],
];

const PATCH = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 3 }\n';

/** A repository with one folder for each app in each cluster, `{app}` being in the pattern, and a patch that all of web share. */
export function filesInClusters(pattern: string, bases: string) {
  return {
    ...base(`${bases}/web`, 'web'),
    ...base(`${bases}/api`, 'api'),
    ...inBoth((environment, versions) =>
      Object.fromEntries(
        ['alpha', 'blue-whale'].flatMap((cluster) =>
          (['web', 'api'] as const).flatMap((app) => {
            const folder = [environment, cluster, app].reduce(
              (path, value, index) => path.replace(['{environment}', '{cluster}', '{app}'][index] ?? '', value),
              pattern,
            );
            const start = `resources: [${'../'.repeat(folder.split('/').length)}${bases}/${app}]\nimages:\n${entry(app, versions[app])}`;
            return app === 'web'
              ? [
                  [`${folder}/kustomization.yaml`, `${start}patches: [{ path: replicas.yaml }]\n`],
                  [`${folder}/replicas.yaml`, PATCH],
                ]
              : [[`${folder}/kustomization.yaml`, start]];
          }),
        ),
      ),
    ),
  };
}
