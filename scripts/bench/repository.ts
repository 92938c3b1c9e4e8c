/** Names of the environments, most common first: a bench of n environments takes the first n. */
export const ENVIRONMENTS = ['staging', 'production', 'canary', 'demo'] as const;

/** Image of an app. */
export function imageOf(app: string): string {
  return `ghcr.io/acme/${app}`;
}

/**
 * Files of an ops repository in the usual layout: for each app a base of two files and an overlay in each environment.
 *
 * @param apps how many apps, named `app-0`, `app-1` …
 * @param versions what an environment holds, by its name; 1.0.0 by default
 */
export function opsFiles(apps: number, versions: Record<string, string> = {}): Record<string, string> {
  const files: Record<string, string> = {
    'ostack.yaml': 'environments:\n  staging: {}\n  production: { after: staging }\n  canary: {}\n  demo: {}\n',
  };
  for (let index = 0; index < apps; index++) {
    const app = `app-${index}`;
    files[`bases/${app}/kustomization.yaml`] = 'resources:\n- deployment.yaml\n';
    files[`bases/${app}/deployment.yaml`] = deployment(app);
    for (const environment of ENVIRONMENTS) {
      files[`overlays/${environment}/${app}/kustomization.yaml`] = overlay(app, versions[environment] ?? '1.0.0');
    }
  }
  return files;
}

/** Shapes that the tree alone tells, without a file: what an app has in an environment. */
export const SHAPES = {
  'apps/<env>/<app>': (app: string, environment: string) => ({
    [`apps/${environment}/${app}/kustomization.yaml`]: alone(app),
  }),
  'apps/<app>/overlays/<env>': (app: string, environment: string) => ({
    [`apps/${app}/overlays/${environment}/kustomization.yaml`]: alone(app),
  }),
  'charts/<app>/values-<env>.yaml': (app: string, environment: string) => ({
    [`charts/${app}/Chart.yaml`]: `apiVersion: v2\nname: ${app}\nversion: 0.1.0\n`,
    [`charts/${app}/values-${environment}.yaml`]: `image:\n  repository: ${imageOf(app)}\n  tag: 1.0.0\n`,
  }),
} as const;

/** Files of an ops repository of a shape, with apps in the first two environments and no `ostack.yaml`. */
export function shapedFiles(shape: keyof typeof SHAPES, apps: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let index = 0; index < apps; index++) {
    for (const environment of ENVIRONMENTS.slice(0, 2)) {
      Object.assign(files, SHAPES[shape](`app-${index}`, environment));
    }
  }
  return files;
}

/** A kustomization that has no base. */
function alone(app: string): string {
  return `resources:\n- deployment.yaml\nimages:\n- name: ${imageOf(app)}\n  newTag: 1.0.0\n`;
}

function overlay(app: string, version: string): string {
  return `resources:\n- ../../../bases/${app}\nnamespace: ${app}\nimages:\n- name: ${imageOf(app)}\n  newTag: ${version}\n`;
}

function deployment(app: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}
spec:
  replicas: 2
  selector:
    matchLabels: { app: ${app} }
  template:
    metadata:
      labels: { app: ${app} }
    spec:
      containers:
      - name: ${app}
        image: ${imageOf(app)}
        ports:
        - containerPort: 8080
`;
}
