/** Files that the small repositories are made of. */

const VERSIONS: Readonly<Record<string, { web: string; api: string }>> = {
  staging: { web: '1.1.0', api: '5.1.0' },
  production: { web: '1.0.0', api: '5.0.0' },
};
export type App = 'web' | 'api';

export const deployment = (app: App, tag: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${app}\nspec:\n  template:\n    spec:\n      containers:\n      - name: ${app}\n        image: ghcr.io/acme/${app}${tag}\n`;
export const base = (folder: string, app: App, tag = '') => ({
  [`${folder}/kustomization.yaml`]: 'resources:\n- deployment.yaml\n',
  [`${folder}/deployment.yaml`]: deployment(app, tag),
});
export const entry = (app: App, version: string) => `- name: ghcr.io/acme/${app}\n  newTag: ${version}\n`;
export const values = (app: App, version: string, indent = '') =>
  `${indent}image:\n${indent}  repository: ghcr.io/acme/${app} # of ${app}\n${indent}  tag: ${version}\n`;
export const release = (app: App, version: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${app}\nspec:\n  values:\n${values(app, version, '    ')}`;

export const application = (app: App, version: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${app}\nspec:\n  source:\n    repoURL: https://charts.acme.dev\n    chart: ${app}\n    targetRevision: 3.0.0\n    helm:\n      valuesObject:\n${values(app, version, '        ')}`;

/** The files of both environments. */
export function inBoth(files: (environment: string, versions: { web: string; api: string }) => Record<string, string>) {
  return Object.assign({}, ...Object.entries(VERSIONS).map(([environment, versions]) => files(environment, versions)));
}

/** A kustomization for each app, with its version. */
export function own(
  folder: (environment: string, app: App) => string,
  bases: (app: App) => string,
  apps: App[] = ['web', 'api'],
) {
  return inBoth((environment, versions) =>
    Object.fromEntries(
      apps.map((app) => [
        `${folder(environment, app)}/kustomization.yaml`,
        `resources:\n- ${bases(app)}\nimages:\n${entry(app, versions[app])}`,
      ]),
    ),
  );
}

/** One kustomization for both apps. */
export function shared(folder: (environment: string) => string, bases: string) {
  return inBoth((environment, { web, api }) => ({
    [`${folder(environment)}/kustomization.yaml`]: `resources:\n- ${bases}/web\n- ${bases}/api\nimages:\n${entry('web', web)}${entry('api', api)}`,
  }));
}

export const clusters = inBoth((environment) => ({
  [`clusters/${environment}/flux-system/kustomization.yaml`]: 'resources: [gotk-sync.yaml]\n',
  [`clusters/${environment}/flux-system/gotk-sync.yaml`]: 'kind: GitRepository\n',
  [`clusters/${environment}/apps.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps }\nspec: { path: ./apps/${environment} }\n`,
}));
